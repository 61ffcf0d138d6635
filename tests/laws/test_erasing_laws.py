"""Whoever is taken out of an entry is named nowhere in it, and everybody else is there as before."""

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.signal_examples import signals

from conductor.wire.columns import COLUMNS, unpack
from conductor.wire.entries import signals_entry
from conductor.wire.erasing import json_without_person, may_name, without_person

STAND_IN = "erased-0011223344556677"
ids = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=7, max_size=30).filter(str.strip)
said = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def of_session(batch, user_id):
    """Signals of one session, every second one of this person."""
    return [
        each._replace(session_id="s1", event_id="e1", user_id=user_id if n % 2 else each.user_id)
        for n, each in enumerate(batch)
    ]


@given(st.lists(signals(), min_size=1, max_size=30), ids)
def test_an_entry_names_nobody_who_was_taken_out(batch, user_id):
    entry = signals_entry("s1", of_session(batch, user_id))
    left = without_person(entry.fields, user_id, STAND_IN)
    assert left is None or user_id not in set(_texts(left))


@given(st.lists(signals(), min_size=2, max_size=30), ids)
def test_as_many_signals_are_left_as_there_were(batch, user_id):
    entry = signals_entry("s1", of_session(batch, user_id))
    left = without_person(entry.fields, user_id, STAND_IN)
    assert left is None or [name for name, _ in left if name != COLUMNS] == [
        name for name, _ in entry.fields if name != COLUMNS
    ]


@given(st.lists(signals(), min_size=1, max_size=12), ids)
def test_an_entry_that_does_not_name_them_stays_as_it_is(batch, user_id):
    entry = signals_entry("s1", [each._replace(session_id="s1", event_id="e1") for each in batch])
    if not any(may_name(value, user_id) for _, value in entry.fields):
        assert without_person(entry.fields, user_id, STAND_IN) is None


@given(said, ids)
def test_json_without_somebody_is_of_the_same_shape_and_does_not_hold_their_id(value, user_id):
    held = {"a": value, "userIds": [user_id, "other"], "by": {"userId": user_id, "content": "mine", "at": 7}}
    left = json_without_person(held, user_id, STAND_IN)
    assert isinstance(left, dict)
    assert left["userIds"] == [STAND_IN, "other"]
    assert left["by"] == {"userId": STAND_IN, "at": 7}
    assert f'"{user_id}"' not in json.dumps(left, ensure_ascii=False)


def test_a_short_id_is_no_word_to_be_looked_for_in_texts():
    assert json_without_person(["a", "a man, a plan"], "a", STAND_IN) == [STAND_IN, "a man, a plan"]


def _texts(fields):
    """Who did what, as a reader finds it."""
    for name, value in fields:
        if name == COLUMNS:
            yield from (each or "" for each in unpack(value).users)
        else:
            yield json.loads(value).get("userId") or ""
