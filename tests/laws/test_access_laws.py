"""What holds of every token, right and bucket, whoever asks and whatever is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.access.rights import EVERY_EVENT, RIGHTS, Principal, Right, Role, check, covers
from conductor.access.tokens import Access
from conductor.access.webhooks import verify_webhook
from conductor.errors import Forbidden, Unauthenticated
from conductor.limits import Bucket

NOW = 1_700_000_000.0
OURS = Access(["n" * 32], lambda: NOW)
THEIRS = Access(["o" * 32], lambda: NOW)

ids = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
few = st.sampled_from(["a", "b"])
events = st.one_of(few, st.just(EVERY_EVENT))
principals = st.builds(Principal, ids, st.sampled_from(Role), ids, st.frozensets(ids, max_size=5), ids)
near = st.builds(Principal, st.just("u"), st.sampled_from(Role), events, st.frozensets(few), st.just(""))
places = st.fixed_dictionaries({"session_id": st.none() | few, "event_id": st.none() | few})


def may(principal, right, place):
    try:
        check(principal, right, **place)
    except Forbidden:
        return False
    return True


def reading(token):
    try:
        return OURS.read(token)
    except Unauthenticated as refused:
        return refused.code


@given(principals, st.floats(1.0, 86_400.0))
def test_a_token_is_read_as_it_was_issued(principal, lifetime_s):
    assert OURS.read(OURS.issue(principal, lifetime_s)) == principal


@given(principals)
def test_nobody_elses_token_is_read(principal):
    with pytest.raises(Unauthenticated, match="not signed with a secret of ours"):
        OURS.read(THEIRS.issue(principal, 60.0))


@given(principals, st.data())
def test_a_token_with_one_character_changed_is_not_read_as_another(principal, data):
    token = OURS.issue(principal, 60.0)
    at = data.draw(st.integers(0, len(token) - 1))
    changed = token[:at] + data.draw(st.characters(codec="ascii")) + token[at + 1 :]
    assert reading(changed) in {reading(token), "token_invalid"}


@given(st.text(max_size=200))
def test_any_text_is_refused_as_a_token(text):
    with pytest.raises(Unauthenticated):
        OURS.read(text)


@given(
    st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()), st.binary()
)
def test_any_message_that_we_did_not_sign_is_refused(headers, body):
    with pytest.raises(Unauthenticated):
        verify_webhook(["a2V5" * 8], headers, body, NOW)


@given(near, st.sampled_from(Right), places)
def test_nobody_has_a_right_that_the_role_lacks_or_outside_the_token(principal, right, place):
    if may(principal, right, place):
        assert right in RIGHTS[principal.role]
        assert covers(principal, **place)


@given(near, st.sampled_from(Right), places)
def test_a_narrower_token_never_opens_more(principal, right, place):
    wide = Principal("u", principal.role)
    assert may(wide, right, place) or not may(principal, right, place)


@given(near, st.sampled_from(Right), few, few)
def test_whoever_may_in_a_whole_event_may_in_each_of_its_sessions(principal, right, session_id, event_id):
    if may(principal, right, {"event_id": event_id}):
        assert may(principal, right, {"event_id": event_id, "session_id": session_id})


@given(st.floats(0.1, 100.0), st.integers(1, 50), st.lists(st.floats(0.0, 5.0), max_size=200))
def test_a_bucket_never_gives_more_than_it_held_and_gained(rate_per_s, burst, pauses_s):
    bucket, now, taken = Bucket(rate_per_s, burst), 0.0, 0
    for pause_s in pauses_s:
        now += pause_s
        taken += bucket.take(now) == 0.0
    since_s = sum(pauses_s[1:])
    assert taken <= burst + since_s * rate_per_s + 0.001


@given(st.floats(0.1, 100.0), st.integers(1, 50), st.floats(0.0, 2e9))
def test_whoever_waits_as_long_as_told_is_let_through(rate_per_s, burst, now):
    bucket = Bucket(rate_per_s, burst)
    while not (wait_s := bucket.take(now)):
        pass
    assert bucket.take(now + wait_s) == 0.0


@given(st.floats(0.1, 100.0), st.integers(1, 50), st.lists(st.floats(0.0, 100.0), max_size=50))
def test_a_clock_that_goes_back_fills_nothing(rate_per_s, burst, backwards):
    bucket = Bucket(rate_per_s, burst)
    while bucket.take(100.0) == 0.0:
        pass
    assert all(bucket.take(now) > 0.0 for now in backwards)
