"""Strategy tests as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.domain.organisers import AgentSettings
from conductor.domain.strategies import ContentStyle, Design, PolicyName, StrategyTest, Variant
from conductor.errors import InvalidInput
from conductor.wire.desk import read_settings, settings_fields
from conductor.wire.strategies import read_strategy_test, strategy_test_fields

shares = st.floats(0.0, 1.0)
printable = st.characters(exclude_categories=["C"])
names = st.text(printable, min_size=1, max_size=20)
policies, styles = st.sampled_from(PolicyName), st.sampled_from(ContentStyle)
maybe = st.none() | shares
variants = st.builds(Variant, names, st.none() | policies, maybe, maybe, st.none() | styles)
tests = st.builds(
    StrategyTest,
    names,
    st.sampled_from(Design),
    st.tuples(variants, variants).filter(lambda both: both[0].name != both[1].name),
    st.floats(0.01, 0.99),
    st.floats(300.0, 86400.0),
    st.floats(0.0, 299.0),
    st.floats(0.0, 2e9),
)


@given(tests)
def test_what_was_written_is_read_again(test):
    assert read_strategy_test(json.dumps(strategy_test_fields(test))) == test
    settings = AgentSettings("e1", strategy_test=test)
    assert read_settings(json.dumps(settings_fields(settings))) == settings


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"design": "dance"}, "design"),
        ({"share": 0}, "share"),
        ({"variants": [{"name": "a"}]}, "variants"),
        ({"variants": [{"name": "a"}, {"name": "a"}]}, "both variants"),
        ({"variants": [{"name": "a"}, {"name": "b", "policy": "dance"}]}, "policy"),
        ({"variants": [{"name": "a"}, {"name": "b", "threshold": 2}]}, "threshold"),
        ({"variants": [{"name": "a"}, {"name": "b", "style": "rude"}]}, "style"),
        ({"block_s": 1.0}, "block_s"),
        ({"burn_in_s": 1800.0}, "burn_in_s"),
        ({"test_id": ""}, "test_id"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(changes, why):
    body: dict[str, object] = {"test_id": "t", "design": "sessions", "variants": [{"name": "a"}, {"name": "b"}]}
    assert read_strategy_test(body).share == 0.5
    with pytest.raises(InvalidInput, match=why):
        read_strategy_test(body | changes)
