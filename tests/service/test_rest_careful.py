"""What keeps browsers and links from being turned against people."""

import pytest
from tests.service.conftest import House

from conductor.access.rights import Role
from conductor.bootstrap.exposed import mounted
from conductor.domain.events import SessionOpened
from conductor.domain.sessions import SessionProfile
from conductor.service.parts import ServiceParams
from conductor.telemetry.metrics import Metrics
from conductor.wire.events import event_message

NEEDED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
PATHS = [
    "/",
    "/docs",
    "/openapi.json",
    "/health",
    "/metrics",
    "/nowhere",
    "/sign-in",
    "/api/v1/me",
    "/api/v1/agent/state",
]


def lacking(answer) -> list[str]:
    """Headers that an answer should have."""
    lacks = [name for name, value in NEEDED.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("content-security-policy", "")
    fits = "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    return lacks if fits else [*lacks, "content-security-policy"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_tells_browsers_to_be_careful(organiser, path):
    assert lacking(await organiser.get(path)) == []


async def test_an_answer_that_nobody_meant_to_give_does_too(house):
    async def fail():
        raise ZeroDivisionError

    house.checks = {"database": fail}
    async with house.client() as client:
        answer = await client.get("/health/ready")
    assert (answer.status_code, lacking(answer)) == (500, [])


async def test_what_answers_beside_the_service_does_too():
    async def bare(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    said = []

    async def send(message):
        said.append(message)

    async def receive():
        return {}

    await mounted(bare, None, Metrics("1"))({"type": "http", "path": "/socket.io/"}, receive, send)
    assert {name.decode() for name, _ in said[0]["headers"]} >= {*NEEDED, "content-security-policy"}


def knows(house: House) -> House:
    """A session of which the service has heard."""
    opened = SessionOpened("s1", "e1", 1_800_000_000.0, SessionProfile())
    house.overview.take(event_message(opened))
    return house


@pytest.mark.parametrize("host", ["evil.example", "here.evil.example", "8.8.8.8", "localhost.evil.example"])
async def test_no_link_leads_where_only_the_asker_says_that_this_is(house, host):
    async with knows(house).client(Role.ORGANISER) as client:
        answer = await client.post("/api/v1/sessions/s1/invitations", json={"role": "attendee"}, headers={"Host": host})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "host_unknown")


@pytest.mark.parametrize("host", ["localhost:8003", "127.0.0.1:8003", "[::1]:8003", "here"])
async def test_a_link_leads_where_this_machine_is_reached(house, host):
    async with knows(house).client(Role.ORGANISER) as client:
        answer = await client.post("/api/v1/sessions/s1/invitations", json={"role": "attendee"}, headers={"Host": host})
    assert answer.json()["url"].startswith(f"http://{host}/room/s1#")


async def test_a_public_address_is_where_links_lead_whatever_the_asker_says(house):
    house.params = ServiceParams(public_url="https://events.example")
    async with knows(house).client(Role.ORGANISER) as client:
        answer = await client.post(
            "/api/v1/sessions/s1/invitations", json={"role": "attendee"}, headers={"Host": "evil.example"}
        )
    assert answer.json()["url"].startswith("https://events.example/room/s1#")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/agent/sessions/register", {"session_id": "s1", "event_id": "*"}),
        ("POST", "/api/v1/events/settings", {"event_id": "*"}),
        ("PATCH", "/api/v1/events/*/settings", {"enabled": False}),
    ],
)
async def test_no_event_is_called_as_all_of_them_are(organiser, method, path, body):
    answer = await organiser.request(method, path, json=body)
    assert answer.status_code == 422
    assert "stands for all" in answer.json()["error"]["message"]


async def test_a_signal_of_no_event_is_refused_too(service):
    said = {"channel": "chat:message:new", "data": {"sessionId": "s1", "eventId": "*", "userId": "u", "content": "?"}}
    answer = (await service.post("/api/v1/signals", json=said)).json()
    assert (answer["accepted"], answer["rejected"]) == (0, 1)


@pytest.mark.parametrize(("url", "told"), [("https://events.example", "max-age=31536000"), ("http://here", None)])
async def test_where_people_come_over_tls_they_are_told_to_stay_with_it(house, url, told):
    house.params = ServiceParams(public_url=url)
    async with house.client() as client:
        answer = await client.get("/health")
        signed_in = await client.get("/sign-in", params={"token": house.token(Role.ORGANISER)})
    assert answer.headers.get("strict-transport-security") == told
    assert ("Secure" in signed_in.headers["set-cookie"]) == (told is not None)
