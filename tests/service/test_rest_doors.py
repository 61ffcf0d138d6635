"""Who gets in, how every error looks, and what every answer carries."""

import re

import pytest
from fastapi import FastAPI

from conductor.access.rights import RIGHTS, Right, Role
from conductor.domain.events import SessionOpened
from conductor.domain.sessions import SessionProfile
from conductor.service.deps import COOKIE
from conductor.service.described import page
from conductor.service.parts import ServiceParams
from conductor.wire.events import event_message

OPEN = {"/health", "/health/live", "/health/ping", "/health/ready", "/health/detailed", "/metrics", "/sign-in"}
OPEN |= {"/api/v1/invitations/accept"}
BODIES = {
    "register_session": {"session_id": "s1", "event_id": "e1"},
    "set_mode": {"mode": "AUTO"},
    "request_intervention": {"session_id": "s1", "type": "POLL"},
    "put_settings": {"event_id": "e1"},
    "put_strategy_test": {"test_id": "t", "design": "sessions", "variants": [{"name": "a"}, {"name": "b"}]},
    "invite": {"role": "attendee"},
    "start_demo": {"mode": "AUTO"},
    "import_state": {"schema_version": 1, "tallies": [], "norms": []},
    "compare_state": {"schema_version": 1, "tallies": [], "norms": []},
}
ABOUT_ALL = {"list_sessions", "list_interventions", "export_interventions", "get_performance"}
ABOUT_ALL |= {"get_posteriors", "get_narrowing", "get_lift", "send_signals", "list_events", "get_me"}
ABOUT_ALL |= {"get_strategies", "get_drift", "get_calibration"}
"""What is narrowed to the token instead of refused, or tells of no event."""


def doors(app: FastAPI):
    """Method, path, name and right of every route that takes a token."""
    for path, methods in app.openapi()["paths"].items():
        for method, told in methods.items():
            if path not in OPEN:
                rights = {scope for way in told.get("security", [{}]) for scopes in way.values() for scope in scopes}
                place = path.format(session_id="s1", decision_id="d1", event_id="e1", user_id="u1", invitation_id="i1")
                yield method.upper(), place, told["operationId"], rights


async def knocked(house, role, event_id="*"):
    """How every door answers somebody."""
    async with house.client(role, event_id) as client:
        for method, path, name, rights in doors(house.app()):
            answer = await client.request(method, path, json=BODIES.get(name, {}) if method != "GET" else None)
            yield name, rights, answer


def hear_of_a_session(house):
    house.overview.take(event_message(SessionOpened("s1", "e1", 1_800_000_000.0, SessionProfile())))


async def test_every_route_names_its_right_and_nobody_gets_in_without_a_token(house):
    async for name, rights, answer in knocked(house, None):
        assert len(rights) == 1, name
        assert (answer.status_code, answer.json()["error"]["category"]) == (401, "AUTHENTICATION"), name
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", [*Role])
async def test_a_role_without_the_right_gets_into_no_route(house, role):
    hear_of_a_session(house)
    async for name, rights, answer in knocked(house, role):
        if not {Right(each) for each in rights} <= RIGHTS[role]:
            assert (answer.status_code, answer.json()["error"]["category"]) == (403, "AUTHORIZATION"), name
        else:
            assert answer.status_code not in {401, 403}, name


async def test_a_token_of_another_event_gets_into_no_route_of_this_one(house):
    hear_of_a_session(house)
    async for name, _, answer in knocked(house, Role.ORGANISER, "e2"):
        if name not in ABOUT_ALL:
            assert answer.status_code == 403, name


async def test_a_token_of_another_event_reads_no_history_by_naming_a_session_or_event(house):
    hear_of_a_session(house)
    async with house.client(Role.ORGANISER, "e2") as client:
        for path in ("/interventions", "/interventions/export"):
            for asked in ({"session_id": "s1"}, {"event_id": "e1"}, {"session_id": "s1", "event_id": "e2"}):
                assert (await client.get(f"/api/v1{path}", params=asked)).status_code == 403


async def test_whoever_asks_too_often_is_told_when_to_come_back(house):
    house.per_minute = 2
    async with house.client(Role.ORGANISER) as client:
        answers = [await client.get("/api/v1/analytics/agent/lift") for _ in range(3)]
        elsewhere = await client.get("/api/v1/agent/sessions")
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert answers[2].json()["error"]["retry_after_s"] > 0.0
    assert elsewhere.status_code == 200


async def test_guessing_tokens_is_slowed_down(house):
    house.per_minute = 2
    async with house.client() as client:
        guesses = [
            await client.get("/api/v1/agent/sessions", headers={"Authorization": f"Bearer {n}"}) for n in range(3)
        ]
    assert [each.status_code for each in guesses] == [401, 401, 429]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "category"),
    [
        ("GET", "/nowhere", None, 404, "NOT_FOUND"),
        ("DELETE", "/api/v1/agent/sessions", None, 405, "VALIDATION"),
        ("POST", "/api/v1/agent/sessions/register", b"{", 422, "VALIDATION"),
        ("POST", "/api/v1/agent/sessions/register", b'{"session_id": 7}', 422, "VALIDATION"),
        ("POST", "/api/v1/agent/sessions/register", b'{"\\ud800": 7}', 422, "VALIDATION"),
        ("POST", "/api/v1/agent/sessions/register", b" " * 1_000_001, 413, "VALIDATION"),
        ("GET", "/api/v1/interventions?cursor=nonsense", None, 422, "VALIDATION"),
    ],
)
async def test_every_error_has_the_one_shape(organiser, method, path, body, status, category):
    answer = await organiser.request(method, path, content=body, headers={"Content-Type": "application/json"})
    error = answer.json()["error"]
    assert (answer.status_code, error["category"]) == (status, category), answer.text
    assert error.keys() == {"category", "code", "message", "details", "retry_after_s", "request_id"}
    assert error["request_id"] == answer.headers["X-Request-Id"]


async def test_an_unexpected_error_tells_nothing_of_what_is_inside(house, caplog):
    async def broken():
        raise KeyError("a secret of ours")

    house.checks = {"database": broken}
    async with house.client() as client:
        answer = await client.get("/health/detailed", headers={"X-Request-Id": "mine-1"})
    assert (answer.status_code, answer.json()["error"]["category"]) == (500, "INTERNAL")
    assert "secret" not in answer.text
    assert answer.headers["X-Request-Id"] == "mine-1"
    assert "mine-1" in caplog.text


async def test_a_store_that_is_away_is_said_to_be_away(house, organiser):
    await house.store.close()
    answer = await organiser.get("/api/v1/analytics/agent/posteriors")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")


async def test_a_sane_request_id_is_taken_and_any_other_replaced(house):
    async with house.client() as client:
        mine = await client.get("/health", headers={"X-Request-Id": "abc-1.2_3"})
        others = [await client.get("/health", headers={"X-Request-Id": bad}) for bad in ("a b", "x" * 65, "<p>", "")]
    assert mine.headers["X-Request-Id"] == "abc-1.2_3"
    assert all(re.fullmatch("[0-9a-f]{32}", each.headers["X-Request-Id"]) for each in others)
    assert mine.headers["X-Content-Type-Options"] == "nosniff"


async def test_signing_in_leaves_a_cookie_that_opens_the_api(house):
    async with house.client() as client:
        answer = await client.get("/sign-in", params={"token": house.token(Role.ORGANISER)})
        inside = await client.get("/api/v1/agent/sessions")
        wrong = await client.get("/sign-in", params={"token": "wrong"})
    cookie = answer.headers["Set-Cookie"].lower()
    assert (answer.status_code, answer.headers["Location"], inside.status_code) == (303, "/docs", 200)
    assert cookie.startswith(COOKIE)
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert wrong.status_code == 401


async def test_the_page_of_the_api_names_every_operation_and_loads_nothing_from_anywhere(house):
    async with house.client() as client:
        answer = await client.get("/docs")
        described = (await client.get("/openapi.json")).json()
        others = [(await client.get(path)).status_code for path in ("/redoc", "/docs/oauth2-redirect")]
    shown = answer.text
    assert (answer.status_code, others) == (200, [404, 404])
    assert all(
        f"<code>{method.upper()} {path}</code>" in shown for path, many in described["paths"].items() for method in many
    )
    assert 'href="/openapi.json"' in shown
    assert not re.search(r"<script|<link|<img|src=|https?:|url\(|@import", shown)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_what_the_api_says_of_itself_is_text_on_its_page():
    told = {"tags": ["<b>"], "summary": "<i>", "description": "<script>"}
    shown = page({"info": {"title": "<u>", "version": "1", "description": "&"}, "paths": {"/<s>": {"get": told}}})
    assert not re.search("<(b|i|script|u|s)>", shown)
    assert "GET /&lt;s&gt;" in shown


async def test_pages_of_other_origins_get_in_only_where_allowed(house):
    house.params = ServiceParams(cors_origins=("https://mine.example",))
    async with house.client() as client:
        mine = await client.get("/health", headers={"Origin": "https://mine.example"})
        other = await client.get("/health", headers={"Origin": "https://other.example"})
    assert mine.headers["Access-Control-Allow-Origin"] == "https://mine.example"
    assert "Access-Control-Allow-Origin" not in other.headers


def test_the_description_names_every_operation_once_and_says_what_it_is_for(house):
    described = house.app().openapi()
    told = [each for methods in described["paths"].values() for each in methods.values()]
    names = [each["operationId"] for each in told]
    assert len(names) == len(set(names))
    assert all(each["summary"] and each["description"] for each in told)
    assert {"bearer", "cookie"} <= described["components"]["securitySchemes"].keys()
    assert "HTTPValidationError" not in described["components"]["schemas"]
