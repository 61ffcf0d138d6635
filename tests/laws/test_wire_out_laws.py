"""Laws of the edge where content, actions and organisers' words go out and come back."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.wire_examples import CONTENTS, contents, ids, intervention

from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import AgentSettings, Answer, Request, SessionMode, Verdict
from conductor.domain.shown import label_fault
from conductor.domain.strategies import ContentStyle
from conductor.errors import InvalidInput
from conductor.wire.actions import action_fields, actions_of, read_action
from conductor.wire.content import arm_of, content_fields, read_content
from conductor.wire.desk import (
    answer_fields,
    read_answer,
    read_request,
    read_settings,
    request_fields,
    settings_fields,
)

moments = st.floats(0, 4e9)
unit = st.floats(0, 1)
settings = st.builds(
    AgentSettings,
    ids,
    st.booleans(),
    st.sampled_from(Mode),
    unit,
    st.integers(0, 60),
    st.lists(st.sampled_from(Arm), unique=True).map(tuple),
    st.text(max_size=60).map(str.strip).filter(lambda label: label_fault(label) is None),
    st.booleans(),
    st.floats(0, 3600),
    st.dictionaries(ids, st.sampled_from(Mode), max_size=3).map(
        lambda modes: tuple(SessionMode(*own) for own in modes.items())
    ),
    style=st.sampled_from(ContentStyle),
)
answers = st.builds(
    Answer,
    ids,
    ids,
    moments,
    st.sampled_from(Verdict),
    ids,
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.none() | contents,
    st.none() | unit,
)


@st.composite
def requests(draw):
    arm = draw(st.sampled_from(Arm))
    about = (draw(ids), draw(ids), draw(ids))
    return Request(*about, arm, draw(moments), draw(ids), draw(st.none() | CONTENTS[arm]))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    *("question", "options", "timing", "display_duration_s", "show_results", "message", "pinned", "highlighted"),
    *("target_users", "call_to_action", "segment", "expires_after_s", "strategy", "question_ids"),
]


@given(contents)
def test_content_comes_back_from_json_as_it_was(content):
    fields = content_fields(content)
    assert read_content(arm_of(content), fields) == content
    assert read_content(arm_of(content), msgspec.json.encode(fields)) == content


@given(st.sampled_from(Arm), st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=6))
def test_any_body_is_content_or_refused_in_printable_words(arm, data):
    try:
        content = read_content(arm, data)
    except InvalidInput as error:
        refused = error.message
    else:
        refused = ""
        assert arm_of(content) is arm
    assert refused.isprintable()


@given(contents, st.none() | st.lists(ids, max_size=3))
def test_an_action_comes_back_from_json_as_it_was(content, people):
    for action in actions_of(intervention(content), people):
        assert read_action(msgspec.json.encode(action_fields(action))) == action


@given(settings)
def test_settings_come_back_from_json_as_they_were(given_settings):
    assert read_settings(msgspec.json.encode(settings_fields(given_settings))) == given_settings


@given(answers)
def test_an_answer_comes_back_from_json_as_it_was(answer):
    assert read_answer(msgspec.json.encode(answer_fields(answer))) == answer


@given(requests())
def test_a_request_comes_back_from_json_as_it_was(request):
    assert read_request(msgspec.json.encode(request_fields(request))) == request
