"""`/metrics`: JSON for people and programs, Prometheus's own form for Prometheus; of rooms alone as well."""

from dataclasses import replace

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from conductor.access.rights import Role
from conductor.access.tokens import Access
from conductor.adapters.budget_memory import MemoryBudget
from conductor.adapters.bus_memory import MemoryBus
from conductor.bootstrap.exposed import mounted
from conductor.bootstrap.observing import watch_rooms
from conductor.live.service import ServiceParams, create_live_app
from conductor.telemetry.metrics import Metrics
from conductor.telemetry.requests import MeasuredApp

PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
"""What Prometheus 2.42 sends."""

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def metrics():
    return Metrics("1.0")


def client_of(app):
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here")


@pytest.fixture
async def client(house, metrics):
    app = house.app()
    app.state.parts = replace(app.state.parts, exposition=metrics.exposition)
    async with client_of(MeasuredApp(app, metrics)) as opened:
        opened.headers["Authorization"] = f"Bearer {house.token(Role.ORGANISER)}"
        yield opened


def samples(answer):
    return {
        (each.name, *sorted(each.labels.items())): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


@pytest.mark.parametrize(
    ("accept", "kind"), [(PROMETHEUS, "application/openmetrics-text"), ("text/plain", "text/plain")]
)
async def test_prometheus_gets_what_it_asks_for(client, accept, kind):
    answer = await client.get("/metrics", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(kind)
    assert "conductor_build_info" in answer.text


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", BROWSER])
async def test_everybody_else_gets_the_agent_in_figures(client, accept):
    answer = await client.get("/metrics", headers={"Accept": accept})
    assert answer.json()["active_sessions"] == 0


async def test_what_models_cost_is_told_where_somebody_counts_it(client, house):
    assert (await client.get("/metrics")).json()["llm_costs"] is None
    app = house.app()
    budget = MemoryBudget(20.0, 100.0)
    await budget.reserve(2.5, app.state.parts.clock())
    app.state.parts = replace(app.state.parts, spending=budget.spending)
    async with client_of(app) as other:
        told = (await other.get("/metrics")).json()["llm_costs"]
    assert told == {"hourly": 2.5, "daily": 2.5, "hourly_limit": 20.0, "daily_limit": 100.0}


async def test_requests_are_counted_by_route_and_never_by_address(client):
    await client.get("/api/v1/agent/sessions")
    await client.get("/api/v1/analytics/sessions/another/one/engagement")
    for n in range(20):
        await client.get(f"/invented/{n}")
        await client.request(f"ODD{n}", "/health")
    found = samples(await client.get("/metrics", headers={"Accept": "text/plain"}))
    routes = {dict(key[1:])["route"] for key in found if key[0] == "conductor_http_requests_total"}
    assert routes == {
        "(none)",
        "/health",
        "/api/v1/agent/sessions",
        "/api/v1/analytics/sessions/{session_id:path}/engagement",
    }
    counted = ("conductor_http_requests_total", ("method", "GET"), ("route", "(none)"), ("status", "404"))
    assert found[counted] == 20
    assert {dict(key[1:])["method"] for key in found if key[0] == "conductor_http_requests_total"} == {"GET", "OTHER"}


async def test_rooms_alone_tell_their_metrics_and_whether_they_can_serve(house, metrics):
    live = create_live_app(MemoryBus(lambda: 0.0), Access(["s" * 40], lambda: 0.0), ServiceParams(), lambda: 0.0)
    watch_rooms(metrics, live)
    async with client_of(mounted(None, live, metrics)) as client:
        assert (await client.get("/health")).json() == {"status": "ok"}
        assert (await client.get("/health/ready")).status_code == 503
        live.ready.set()
        assert (await client.get("/health/ready")).status_code == 200
        answer = await client.get("/metrics", headers={"Accept": PROMETHEUS})
        assert answer.headers["content-type"].startswith("application/openmetrics-text")
        assert "conductor_sockets_connected 0.0" in (await client.get("/metrics")).text
        assert (await client.get("/elsewhere")).status_code == 404
