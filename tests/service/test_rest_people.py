"""Who somebody is, how people are invited, and what is shown to whoever asks."""

from urllib.parse import urlsplit

import pytest
from tests.service.conftest import NOW

from conductor.access.rights import Role
from conductor.domain.events import SessionOpened
from conductor.domain.sessions import SessionProfile
from conductor.service.parts import GUESTS_PER_MINUTE, ServiceParams
from conductor.wire.events import event_message

ACCEPT = "/api/v1/invitations/accept"


@pytest.fixture
async def known(house):
    """A service that has heard of a session."""
    for session_id in ("s1", "s2"):
        house.overview.take(event_message(SessionOpened(session_id, "e1", NOW - 60.0, SessionProfile())))
    return house


async def invited(house, role, session_id="s1", **more):
    async with house.client(Role.ORGANISER) as client:
        answer = await client.post(f"/api/v1/sessions/{session_id}/invitations", json={"role": role} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def accepted(house, invitation, **more):
    async with house.client() as client:
        return await client.post(ACCEPT, json={"invitation": invitation} | more)


async def test_somebody_is_told_who_they_are_and_what_they_may_do(house):
    async with house.client(Role.ORGANISER, "e1", sessions=frozenset({"s2", "s1"})) as client:
        me = (await client.get("/api/v1/me")).json()

    assert (me["role"], me["user_id"], me["event_id"]) == ("ORGANISER", "a-organiser", "e1")
    assert me["session_ids"] == ["s1", "s2"]
    assert "WATCH_AGENT" in me["rights"]
    assert me["expires_at"] == NOW + 3600.0


async def test_a_token_of_every_event_names_none(organiser):
    me = (await organiser.get("/api/v1/me")).json()
    assert (me["event_id"], me["session_ids"]) == (None, [])


@pytest.mark.parametrize(("role", "page"), [("attendee", "room"), ("speaker", "speak")])
async def test_an_invitation_is_a_link_whose_fragment_makes_somebody_a_guest_of_one_session(known, role, page):
    known.params = ServiceParams(public_url="https://events.example/app")
    invitation = await invited(known, role, ttl_s=600)
    url = urlsplit(invitation["url"])
    guest = (await accepted(known, invitation["token"], display_name=" Ana ")).json()
    principal = known.access.read(guest["token"])

    assert url._replace(fragment="").geturl() == f"https://events.example/app/{page}/s1"
    assert url.fragment == f"invite={invitation['token']}"
    assert invitation["expires_at"] == guest["expires_at"] == NOW + 600.0
    assert (principal.role, principal.event_id, principal.session_ids) == (role.upper(), "e1", {"s1"})
    assert (principal.name, guest["name"], principal.user_id) == ("Ana", "Ana", guest["user_id"])


async def test_everybody_who_accepts_an_attendees_invitation_is_somebody_else_but_a_speaker_stays_one(known):
    for role, people in (("attendee", 2), ("speaker", 1)):
        token = (await invited(known, role))["token"]
        ids = {(await accepted(known, token)).json()["user_id"] for _ in range(2)}
        assert len(ids) == people


async def test_an_invitation_opens_nothing_and_a_token_invites_nobody(known):
    invitation = (await invited(known, "speaker"))["token"]
    async with known.client() as client:
        inside = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {invitation}"})
    as_invitation = await accepted(known, known.token(Role.ORGANISER))

    assert (inside.status_code, inside.json()["error"]["code"]) == (401, "token_invalid")
    assert (as_invitation.status_code, as_invitation.json()["error"]["code"]) == (401, "token_invalid")


async def test_a_guest_gets_into_no_other_session_and_invites_nobody(known):
    guest = (await accepted(known, (await invited(known, "speaker"))["token"])).json()["token"]
    async with known.client() as client:
        client.headers["Authorization"] = f"Bearer {guest}"
        refused = await client.post("/api/v1/sessions/s1/invitations", json={"role": "attendee"})

    assert refused.status_code == 403
    assert known.access.read(guest).session_ids == {"s1"}


async def test_nobody_is_invited_into_a_session_that_nobody_heard_of(organiser):
    assert (await organiser.post("/api/v1/sessions/s9/invitations", json={"role": "attendee"})).status_code == 404


@pytest.mark.parametrize("body", [{"role": "organiser"}, {"role": "service"}, {"role": "attendee", "ttl_s": 59}, {}])
async def test_nobody_is_invited_to_be_more_than_a_guest_or_for_no_time(known, body):
    async with known.client(Role.ORGANISER) as client:
        assert (await client.post("/api/v1/sessions/s1/invitations", json=body)).status_code == 422


async def test_a_hall_behind_one_address_comes_in_however_little_else_it_may_ask_for(known):
    known.per_minute = 2
    token = (await invited(known, "attendee"))["token"]
    async with known.client() as client:
        codes = {(await client.post(ACCEPT, json={"invitation": token})).status_code for _ in range(100)}
    assert codes == {200}
    assert GUESTS_PER_MINUTE > 100


async def test_accepting_too_often_is_slowed_down(known):
    known.guests_per_minute = 2
    token = (await invited(known, "attendee"))["token"]
    async with known.client() as client:
        codes = [(await client.post(ACCEPT, json={"invitation": token})).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


async def test_events_are_listed_with_their_sessions_as_far_as_somebody_may_see_them(known):
    await known.store.record([SessionOpened("s0", "e0", NOW - 9000.0, SessionProfile())])
    async with known.client(Role.ORGANISER) as client:
        all_of_them = (await client.get("/api/v1/events")).json()["events"]
    async with known.client(Role.ORGANISER, "e1", sessions=frozenset({"s1"})) as client:
        own = (await client.get("/api/v1/events")).json()["events"]

    assert [(each["event_id"], each["sessions"], each["open_sessions"]) for each in all_of_them] == [
        ("e1", 2, 2),
        ("e0", 1, 0),
    ]
    assert [each["last_activity_at"] for each in all_of_them] == [NOW - 60.0, NOW - 9000.0]
    assert [(each["event_id"], each["sessions"]) for each in own] == [("e1", 1)]


async def test_a_demo_is_shown_in_a_session_of_its_own_with_the_mode_that_was_asked_for(house, organiser):
    shown = (await organiser.post("/api/v1/demo", json={"mode": "SEMI_AUTO"})).json()
    status = (await organiser.get(f"/api/v1/agent/sessions/{shown['session_id']}/status")).json()
    settings = (await organiser.get("/api/v1/events/demo/settings")).json()

    assert (shown["event_id"], shown["title"], shown["ends_at"]) == ("demo", "A play", NOW + 100.0)
    assert house.demos.modes[shown["session_id"]] == status["mode"] == "SEMI_AUTO"
    assert settings["allowed_interventions"] == ["POLL", "CHAT_PROMPT"]


async def test_a_demo_without_a_body_acts_by_itself(house, organiser):
    shown = await organiser.post("/api/v1/demo")
    assert (shown.status_code, shown.json()["mode"]) == (201, "AUTO")


async def test_settings_of_the_demos_stay_and_old_modes_are_forgotten(house, organiser):
    house.demos.most = 20
    await organiser.patch("/api/v1/events/demo/settings", json={"allowed_interventions": ["POLL"], "label": "Robo"})
    for _ in range(12):
        await organiser.post("/api/v1/demo")
    settings = (await organiser.get("/api/v1/events/demo/settings")).json()

    assert (settings["allowed_interventions"], settings["label"]) == (["POLL"], "Robo")
    assert len(settings["session_modes"]) == 10


async def test_a_demo_can_be_ended_once(organiser):
    session_id = (await organiser.post("/api/v1/demo")).json()["session_id"]
    ended = [(await organiser.delete(f"/api/v1/demo/{session_id}")).status_code for _ in range(2)]
    assert ended == [204, 404]


async def test_more_demos_than_may_run_are_refused_with_a_time_to_come_back(organiser):
    answers = [await organiser.post("/api/v1/demo") for _ in range(4)]
    assert [each.status_code for each in answers] == [201, 201, 201, 429]
    assert answers[3].headers["Retry-After"] == "60"


async def test_where_no_agent_runs_there_are_no_demos(house):
    house.demos = None
    async with house.client(Role.ORGANISER) as client:
        answer = await client.post("/api/v1/demo")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_demos")
