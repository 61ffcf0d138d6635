"""REST and the desk take the same: what one lets in, the other must not refuse later."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from conductor.act.label import checked_label
from conductor.domain.interventions import Arm, Content
from conductor.domain.shown import LABEL_MAX
from conductor.domain.signals import ChatDetail, StartDetail
from conductor.domain.strategies import ContentStyle
from conductor.errors import InvalidInput
from conductor.wire import parse_signal
from conductor.wire.content import read_content
from conductor.wire.desk import (
    MAX_REASON_CHARS,
    AnswerShape,
    RequestShape,
    SettingsShape,
    read_answer,
    read_request,
    read_settings,
    settings_fields,
)
from conductor.wire.rest import ApproveBody, ManualBody, RejectBody, SettingsBody, SettingsPatch

IDS = ["", "e", " ", "x" * 200, "x" * 201, "a\n", "\x00", "a\x1fb", "\x7f", "a\x85", "ä\u200d🙂", "\u2028"]
UNIT = [-0.001, 0.0, 0.5, 1.0, 1.001]
SETTINGS: dict[str, list[Any]] = {
    "event_id": IDS,
    "agent_enabled": [True, False],
    "agent_mode": ["MANUAL", "SEMI_AUTO", "AUTO", "auto", ""],
    "auto_approve_threshold": UNIT,
    "max_interventions_per_hour": [-1, 0, 60, 61],
    "allowed_interventions": [[], ["POLL"], [*Arm], [*Arm, "POLL"], ["DANCE"]],
    "label": [
        *(
            "",
            " ",
            "A",
            " A ",
            "12",
            "🤖",
            "\u3164",
            "\u200b",
            "A\nB",
            "A\u2028B",
            "A\x00",
            "A\x1f",
            "\u202eA",
            "ن\u200cA",
        ),
        *("x" * LABEL_MAX, f" {'x' * LABEL_MAX} ", "x" * (LABEL_MAX + 1)),
    ],
    "share_chat": [True, False],
    "quiet_end_s": [-0.001, 0.0, 3600.0, 3600.001],
    "style": [*ContentStyle, "rude", ""],
    "holdout_share": [-0.001, 0.0, 0.5, 0.501],
}
ANSWERS: dict[tuple[Any, str], list[Any]] = {
    (RejectBody, "reason"): ["", "x" * MAX_REASON_CHARS, "x" * (MAX_REASON_CHARS + 1), "a\x00", "a\n", "\x85"],
    (ApproveBody, "seen_score"): UNIT,
}
REQUESTS = {
    "session_id": IDS,
    "type": [*Arm, "DANCE"],
    "at": [-1.0, 0.0, 1e11, 1e11 + 1.0, "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "-1", "9999-12-31T23:59:59Z"],
}
ANSWER = {"decision_id": "d", "session_id": "s", "timestamp": 1.0, "verdict": "REJECTED"}
REQUEST = {"request_id": "r", "session_id": "s", "event_id": "e", "type": "POLL", "at": 1.0, "by": "u"}


def taken(body: type[BaseModel], **fields: object) -> dict[str, object] | None:
    """What REST makes of a body; None if it refuses it."""
    try:
        return body(**fields).model_dump(mode="json", exclude_none=True)
    except ValidationError:
        return None


def kept(read, fields):
    """What the desk makes of a body; None if it refuses it."""
    try:
        return read(fields)
    except InvalidInput:
        return None


def test_every_setting_has_its_bounds_walked():
    own_routes = {"session_modes", "strategy_test"}
    assert {*SettingsBody.model_fields} == {*SETTINGS} == {*SettingsShape.__struct_fields__} - own_routes
    assert {*REQUESTS} < {*ManualBody.model_fields} & {*RequestShape.__struct_fields__}
    assert {name for _, name in ANSWERS} < {*AnswerShape.__struct_fields__}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in SETTINGS.items() for value in values])
def test_a_setting_is_taken_by_both_edges_or_by_none(name, value):
    said = taken(SettingsBody, **{"event_id": "e"} | {name: value})
    settings = kept(read_settings, {"event_id": "e"} | {name: value})

    assert (said is None) is (settings is None)
    if said is not None:
        assert read_settings(said) == settings
        assert settings_fields(settings)[name] == (
            said[name] if name != "allowed_interventions" else [*dict.fromkeys(value)]
        )


@pytest.mark.parametrize(
    ("body", "name", "value"), [(*place, value) for place, values in ANSWERS.items() for value in values]
)
def test_an_answer_is_taken_by_both_edges_or_by_none(body, name, value):
    said = taken(body, **{name: value})
    assert (said is None) is (kept(read_answer, ANSWER | {name: value}) is None)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REQUESTS.items() for value in values])
def test_a_request_is_taken_by_both_edges_or_by_none(name, value):
    said = taken(ManualBody, **{"session_id": "s", "type": "POLL"} | {name: value})
    assert (said is None) is (kept(read_request, REQUEST | {name: value}) is None)


@given(st.text(max_size=70) | st.text("A \u3164\u115f\u200b\u2800\n\t\x85\u202e", max_size=5))
def test_a_label_is_taken_at_the_edge_exactly_if_it_may_be_shown(label):
    said = taken(SettingsPatch, label=label)
    assert (None if said is None else said["label"]) == kept(checked_label, label)
    assert getattr(kept(read_settings, {"event_id": "e", "label": label}), "label", None) == kept(checked_label, label)


def poll(**changes):
    return Arm.POLL, {"question": "What next?", "options": ["Costs", "Scale"]} | changes


def nudge(**changes):
    return Arm.NUDGE, {"message": "Well?", "call_to_action": "", "segment": "LURKERS"} | changes


def prompt(message):
    return Arm.CHAT_PROMPT, {"message": message}


def seed(message):
    return Arm.QNA_PROMOTE, {"strategy": "SEED_QUESTION", "message": message}


@pytest.mark.parametrize(
    ("arm", "fields"),
    [
        poll(),
        poll(question="x" * 200, options=[f"{n}" + "x" * 79 for n in range(6)]),
        poll(options=["👍", "C++"]),
        nudge(call_to_action="x" * 80),
        prompt("Two\nlines, and half a joiner\u200d."),
        seed("x" * 500),
    ],
)
def test_what_a_room_can_show_is_taken(arm, fields):
    assert isinstance(read_content(arm, fields), Content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (poll(question=""), "field question"),
        (poll(question="\u200b"), "field question: it must not be blank"),
        (poll(question="x" * 201), "field question"),
        (poll(question="a\x00"), "field question: it holds control characters"),
        (poll(options=["One"]), "field options"),
        (poll(options=[f"{n}" for n in range(7)]), "field options"),
        (poll(options=["One", "\u3164"]), r"field options\[1\]: it must not be blank"),
        (poll(options=["One", "x" * 81]), r"field options"),
        (poll(options=["One", " one "]), "field options: two options are the same"),
        (nudge(message="\u2800"), "field message: it must not be blank"),
        (nudge(call_to_action="x" * 81), "field call_to_action"),
        (nudge(call_to_action="\u2060"), "field call_to_action: it must not be blank"),
        (prompt("\u115f\u1160"), "field message: it must not be blank"),
        (prompt("x" * 501), "field message"),
        (prompt("\x1b[2J"), "field message: it holds control characters"),
        (seed("\u200b"), "field message: it must not be blank"),
        (seed(" "), "field message"),
    ],
)
def test_content_that_no_room_could_show_is_refused_by_its_field(content, said):
    with pytest.raises(InvalidInput, match=said):
        read_content(*content)


@pytest.mark.parametrize("name", ["sessionId", "eventId", "userId", "messageId"])
@pytest.mark.parametrize("unfit", ["\\u0000", "\\n", "\\u001b", "\x7f", "\x85", "\\u009f"])
def test_an_id_with_a_control_character_is_refused_by_its_field(name, unfit):
    fields = {"sessionId": "s", "eventId": "e", "userId": "u", "messageId": "m"} | {name: f"a{unfit}"}
    body = "{" + ", ".join(f'"{field}": "{value}"' for field, value in fields.items()) + "}"
    for data in (body, body.encode()):
        with pytest.raises(InvalidInput, match=f"field {name}: control characters cannot stand in an id"):
            parse_signal("chat:message:new", data, at=1.0)


def test_what_people_write_may_hold_anything_but_a_profile_no_nul():
    about: dict[str, object] = {"sessionId": "s", "eventId": "e"}
    chat = parse_signal("chat:message:new", about | {"content": "a\x00b"}, at=1.0)
    started = parse_signal("session:started", about | {"title": "a\x00b", "topics": ["\x00"]}, at=1.0)

    assert isinstance(chat.detail, ChatDetail)
    assert isinstance(started.detail, StartDetail)
    assert chat.detail.content == "a\x00b"
    assert (started.detail.profile.title, started.detail.profile.topics) == ("ab", ("",))
