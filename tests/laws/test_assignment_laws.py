"""Which variant of a test a session or a block of time is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.domain.strategies import Design, PolicyName, StrategyTest, Variant

VARIANTS = (Variant("usual"), Variant("by rules", policy=PolicyName.RULES))
ids = st.text(min_size=1, max_size=12)
moments = st.floats(0.0, 2e9)


def trying(**changes):
    return StrategyTest(**{"test_id": "t1", "design": Design.SESSIONS, "variants": VARIANTS} | changes)


@given(ids, ids, ids, moments, moments)
def test_a_session_keeps_its_variant(test_id, session, event, at, later):
    test = trying(test_id=test_id)
    assert test.variant_at(session, event, at) is test.variant_at(session, event, later)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("design", Design)
def test_variants_are_dealt_as_often_as_they_should(design, share):
    test = trying(design=design, share=share)
    units = {test.unit(f"s{n}", f"e{n}", n * 60.0) for n in range(4000)}
    assert len(units) == 4000
    second = sum(test.number_of(unit) for unit in units) / 4000
    assert second == pytest.approx(share, abs=4 * (share * (1 - share) / 4000) ** 0.5)


def test_another_test_deals_anew():
    ours, theirs = trying(), trying(test_id="t2")
    same = sum(ours.number_of(f"s{n}") == theirs.number_of(f"s{n}") for n in range(4000))
    assert same == pytest.approx(2000, abs=150)


def test_blocks_of_a_session_are_dealt_one_by_one_and_those_of_an_event_to_all_its_sessions():
    within, whole = trying(design=Design.SESSION_BLOCKS), trying(design=Design.EVENT_BLOCKS)
    hours = [hour * 1800.0 for hour in range(200)]
    ours, theirs = ([within.variant_at(name, "e1", at) for at in hours] for name in ("s1", "s2"))
    assert len({each.name for each in ours}) == 2
    assert ours != theirs
    assert [whole.variant_at("s1", "e1", at) for at in hours] == [whole.variant_at("s2", "e1", at) for at in hours]
    assert within.variant_at("s1", "e1", 3600.0) is within.variant_at("s1", "e1", 5399.0)


def test_the_beginning_of_a_block_does_not_count():
    test = trying(design=Design.SESSION_BLOCKS, block_s=1800.0, burn_in_s=300.0, since=1800.0)
    assert [test.counts_at(at) for at in (0.0, 600.0, 1800.0, 2099.0, 2100.0, 3599.0, 3600.0)] == [
        *(False, False, False, False, True, True, False),
    ]
    assert trying(since=10.0).counts_at(11.0)
    assert not trying(since=10.0).counts_at(9.0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"test_id": ""}, "needs an id"),
        ({"variants": (VARIANTS[0], VARIANTS[0])}, "both variants"),
        ({"share": 0.0}, "share of test"),
        ({"share": 1.0}, "share of test"),
        ({"burn_in_s": 1800.0}, "burn_in_s"),
        ({"block_s": float("nan")}, "burn_in_s"),
    ],
)
def test_a_test_that_cannot_be_is_refused(changes, why):
    with pytest.raises(ValueError, match=why):
        trying(**changes)


def test_a_variant_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="needs a name"):
        Variant("")
    with pytest.raises(ValueError, match=r"threshold of variant 'a' must lie in \[0, 1\]"):
        Variant("a", threshold=1.5)
