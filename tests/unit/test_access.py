import base64
import json

import jwt
import pytest

from conductor.access.invitations import Invitation
from conductor.access.rights import EVERYWHERE, RIGHTS, Principal, Right, Role, check, covers
from conductor.access.tokens import LONGEST_LIFETIME_S, LONGEST_TOKEN, Access, bearer, sign_in_link
from conductor.errors import Forbidden, InvalidInput, Unauthenticated

OLD, NEW = "o" * 32, "n" * 32
NOW = 1_700_000_000.0
ANA = Principal("ana", Role.ORGANISER, "e1", frozenset({"s1", "s2"}), "Ana")
OURS = {"iss": "engagement-conductor", "aud": "engagement-conductor"}
CLAIMS = {**OURS, "sub": "u", "role": "ATTENDEE", "event": "e1", "iat": int(NOW), "exp": int(NOW) + 60}
ORGANISERS_ONLY = {Right.WATCH_AGENT, Right.ANSWER, Right.SET_MODE, Right.INTERVENE, Right.CHANGE_SETTINGS}


def access(*secrets, now=NOW):
    return Access(secrets or (NEW,), lambda: now)


def signed(claims, *, secret=NEW, algorithm="HS256"):
    return jwt.encode(claims, secret, algorithm=algorithm)


def why_unread(token, *, now=NOW):
    with pytest.raises(Unauthenticated) as refused:
        access(now=now).read(token)
    return refused.value.code


def part(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def test_a_token_says_who_it_was_issued_for():
    assert access().read(access().issue(ANA, 60.0)) == ANA


def test_a_token_runs_out_but_not_for_clocks_that_differ_a_little():
    token = access().issue(ANA, 60.0)

    assert access(now=NOW + 69.0).read(token) == ANA
    assert why_unread(token, now=NOW + 70.0) == "token_expired"


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_one_is_asked_for(token):
    assert why_unread(token) == "token_missing"


def test_the_first_secret_signs_and_all_are_read():
    token = access(OLD).issue(ANA, 60.0)

    assert access(NEW, OLD).read(token) == ANA
    assert access(NEW).read(access(NEW, OLD).issue(ANA, 60.0)) == ANA
    assert why_unread(token) == "token_invalid"


@pytest.mark.parametrize("secrets", [(), ("short",), (NEW, "n" * 31)])
def test_a_secret_that_could_be_guessed_is_refused_and_a_way_to_make_one_is_given(secrets):
    with pytest.raises(InvalidInput, match=r"32 bytes.*token_urlsafe"):
        Access(secrets, lambda: NOW)


@pytest.mark.parametrize("missing", [*CLAIMS])
def test_a_token_without_one_of_its_claims_is_refused(missing):
    assert why_unread(signed({name: value for name, value in CLAIMS.items() if name != missing})) == "token_invalid"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "somebody"},
        {"aud": "another"},
        {"sub": ""},
        {"sub": 7},
        {"sub": "u" * 201},
        {"role": "ADMIN"},
        {"role": ["ORGANISER"]},
        {"event": ""},
        {"event": None},
        {"sessions": "s1"},
        {"sessions": [1]},
        {"name": 1},
        {"exp": "soon"},
        {"exp": True},
        {"exp": float("inf")},
        {"iat": NOW + 11.0},
        {"nbf": NOW + 11.0},
    ],
)
def test_a_signed_token_with_a_wrong_claim_is_refused(wrong):
    assert why_unread(signed(CLAIMS | wrong)) == "token_invalid"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_no_other_algorithm_is_read(algorithm):
    assert why_unread(signed(CLAIMS, secret="n" * 64, algorithm=algorithm)) == "token_invalid"


def test_an_unsigned_token_is_refused():
    assert why_unread(jwt.encode(CLAIMS, None, algorithm="none")) == "token_invalid"


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "é.é.é", "..", part(b"[" * 2500) + ".e30.x", "x" * (LONGEST_TOKEN + 1), "\ud800.a.b"]
)
def test_what_is_no_token_is_refused_and_breaks_nothing(token):
    assert why_unread(token) == "token_invalid"


def test_a_changed_token_is_refused():
    head, _, signature = signed(CLAIMS).split(".")
    claims = json.dumps(CLAIMS | {"role": "ORGANISER"}).encode()
    assert why_unread(f"{head}.{part(claims)}.{signature}") == "token_invalid"


@pytest.mark.parametrize("lifetime_s", [0.0, -1.0, float("nan"), float("inf"), LONGEST_LIFETIME_S + 1.0])
def test_no_token_lasts_for_ever_or_not_at_all(lifetime_s):
    with pytest.raises(InvalidInput, match="cannot last"):
        access().issue(ANA, lifetime_s)


@pytest.mark.parametrize("ids", [("", "e1"), ("u", ""), ("u" * 201, "e1")])
def test_nobody_is_issued_a_token_that_would_not_be_read(ids):
    with pytest.raises(InvalidInput, match="1 to 200 characters"):
        access().issue(Principal(ids[0], Role.SPEAKER, ids[1]), 60.0)


def test_a_token_of_too_many_sessions_is_not_issued():
    many = frozenset(f"session-{i}" for i in range(500))
    with pytest.raises(InvalidInput, match="too many sessions"):
        access().issue(Principal("u", Role.SPEAKER, "e1", many), 60.0)


@pytest.mark.parametrize("header", ["Bearer abc", "bearer  abc ", " BEARER abc"])
def test_a_token_is_found_in_its_header(header):
    assert bearer(header) == "abc"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_a_header_without_a_token_is_refused(header):
    with pytest.raises(Unauthenticated, match="missing"):
        bearer(header)


def test_a_link_keeps_its_token_out_of_what_servers_see():
    assert sign_in_link("http://127.0.0.1:8000", "abc") == "http://127.0.0.1:8000/#token=abc"
    assert sign_in_link("https://a.example/room/?s=1#x", "abc") == "https://a.example/room/?s=1#token=abc"


@pytest.mark.parametrize("url", ["", "a.example", "javascript:alert(1)", "https://"])
def test_a_link_leads_to_a_page(url):
    with pytest.raises(InvalidInput, match="no address"):
        sign_in_link(url, "abc")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANISER])
def test_only_organisers_direct_the_agent(role):
    assert RIGHTS[role] & (ORGANISERS_ONLY | EVERYWHERE) == set()


def test_people_cannot_make_signals_up():
    assert [role for role in Role if Right.SEND_SIGNALS in RIGHTS[role]] == [Role.SERVICE]


def test_whoever_lacks_a_right_hears_which_role_has_it():
    with pytest.raises(Forbidden, match="SET_MODE is not for the role ATTENDEE; it takes ORGANISER"):
        check(Principal("u", Role.ATTENDEE), Right.SET_MODE)


def test_whoever_is_elsewhere_hears_where_the_token_is_for():
    with pytest.raises(
        Forbidden, match=r"the session 's9' of the event 'e1'; this one is for 2 session.* of the event"
    ):
        check(ANA, Right.ANSWER, session_id="s9", event_id="e1")
    with pytest.raises(Forbidden, match="all of the event 'e2'; this one is for the event 'e1'"):
        check(Principal("u", Role.ORGANISER, "e1"), Right.READ_HISTORY, event_id="e2")


def test_what_concerns_all_events_takes_a_token_of_all():
    check(Principal("admin", Role.ORGANISER), Right.READ_AUDIT)
    for narrow in (Principal("u", Role.ORGANISER, "e1"), Principal("u", Role.ORGANISER, "*", frozenset({"s1"}))):
        with pytest.raises(Forbidden, match="token of every event"):
            check(narrow, Right.READ_AUDIT)


def test_a_session_of_an_unknown_event_is_not_taken_for_one_of_ours():
    assert not covers(Principal("u", Role.ORGANISER, "e1"), session_id="s1")
    assert covers(Principal("u", Role.ORGANISER), session_id="s1")
    assert covers(ANA, session_id="s1")


def test_a_token_of_some_sessions_is_not_one_of_the_whole_event():
    assert not covers(ANA, event_id="e1")
    assert covers(ANA, session_id="s2", event_id="e1")


def test_whoever_accepts_an_invitation_is_that_there_and_nowhere_else_until_it_runs_out():
    invitation = Invitation.new(Role.ATTENDEE, "e1", "s1")
    token, guest, until = access(now=NOW + 40.0).accept(access().invite(invitation, 60.0), "Ana")

    assert until == NOW + 60.0
    assert access(now=NOW + 69.0).read(token) == guest
    assert why_unread(token, now=NOW + 70.0) == "token_expired"
    assert (guest.role, guest.event_id, guest.session_ids, guest.name) == (Role.ATTENDEE, "e1", {"s1"}, "Ana")


def test_attendees_are_told_apart_and_a_speaker_is_the_same_on_every_device():
    for role, people in ((Role.ATTENDEE, 2), (Role.SPEAKER, 1)):
        invitation = access().invite(Invitation.new(role, "e1", "s1"), 60.0)
        assert len({access().accept(invitation)[1].user_id for _ in range(2)}) == people


def test_an_invitation_is_no_token_and_a_token_no_invitation():
    invitation = access().invite(Invitation.new(Role.SPEAKER, "e1", "s1"), 60.0)
    assert why_unread(invitation) == "token_invalid"
    with pytest.raises(Unauthenticated):
        access().accept(access().issue(ANA, 60.0))


def test_an_invitation_runs_out():
    invitation = access().invite(Invitation.new(Role.SPEAKER, "e1", "s1"), 60.0)
    with pytest.raises(Unauthenticated) as refused:
        access(now=NOW + 70.0).accept(invitation)
    assert refused.value.code == "token_expired"


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.SERVICE])
def test_nobody_is_invited_to_be_more_than_a_guest(role):
    with pytest.raises(InvalidInput):
        Invitation.new(role, "e1", "s1")


def test_everybody_may_ask_who_they_are():
    assert all(Right.KNOW_ONESELF in rights for rights in RIGHTS.values())
    assert [role for role in Role if Right.INVITE in RIGHTS[role]] == [Role.ORGANISER]


@pytest.mark.parametrize("text", ["half \udcff a character", "a\nb", "a\x00b", "a\x1b[31m", "\x9b"])
@pytest.mark.parametrize("claim", ["sub", "event", "name"])
def test_no_token_holds_what_cannot_be_shown(claim, text):
    assert why_unread(signed(CLAIMS | {claim: text})) == "token_invalid"
    with pytest.raises(InvalidInput, match="can be shown"):
        access().issue(Principal("ana", Role.ORGANISER, name=text), 60.0)


def test_names_may_be_written_in_any_script():
    for name in ["Zoë", "محمد", "王小明", "👩‍💻 Ada", "नमस्ते"]:
        assert access().read(signed(CLAIMS | {"name": name})).name == name
