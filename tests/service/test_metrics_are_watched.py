"""What Prometheus, Alertmanager and Grafana are given, held against what a process really tells."""

import asyncio
import json
import re
import subprocess

import httpx
import pytest
import pytest_asyncio
from deploy.grafana.dashboard import HERE, dashboard, queries, written
from tests.needed import ROOT, program

from conductor.bootstrap.services import Serving, services
from conductor.duty.clock import SystemClock
from conductor.settings import Settings

PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = (PROMETHEUS / "rules.yml").read_text(encoding="utf-8")
TESTS = (PROMETHEUS / "rules.test.yml").read_text(encoding="utf-8")
ALERTS = re.findall(r"^ +- alert: (\w+)$", RULES, re.MULTILINE)
NAME = re.compile(r"\b(?:conductor|process)_\w+")
OF_A_HISTOGRAM = re.compile(r"_(bucket|sum|count)$")
AS_PROMETHEUS = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"}


def run(name, *words, given=None):
    command = [program(name), *words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def exposition(tmp_path_factory):
    """What a fresh process tells that is everything at once."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    async with services(settings, Serving.ALL, SystemClock(), 0) as running:
        transport = httpx.ASGITransport(running.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            await client.get("/health")
            yield (await client.get("/metrics", headers={"Accept": "text/plain"})).text


@pytest.fixture
def names(exposition):
    """The names of all metrics, as queries use them."""
    return set(re.findall(r"^# TYPE (\w+) ", exposition, re.MULTILINE))


def names_in(query):
    return {OF_A_HISTOGRAM.sub("", name) for name in NAME.findall(re.sub(r'"[^"]*"', "", query))}


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_told_is_what_prometheus_reads(exposition):
    assert await asyncio.to_thread(run, "promtool", "check", "metrics", given=exposition) == (0, "")


@pytest.mark.asyncio(loop_scope="module")
async def test_every_metric_of_an_alert_is_told(names):
    expressions = re.findall(r"expr: >-\n((?: {10}.*\n)+)", RULES)
    assert len(expressions) == len(ALERTS)
    assert {name for each in expressions for name in names_in(each)} - names == set()


@pytest.mark.asyncio(loop_scope="module")
async def test_every_metric_of_the_dashboard_is_told_and_every_one_of_ours_is_on_it(names):
    shown = {name for query in queries() for name in names_in(query)}
    assert shown - names == set()
    ours = {name for name in names if name.startswith("conductor_") and not name.endswith("_created")}
    assert ours - shown == set()


def test_the_dashboard_is_the_one_that_the_code_builds():
    assert HERE.read_text(encoding="utf-8") == written(), "run python -m deploy.grafana.dashboard"


def test_panels_have_ids_and_places_of_their_own():
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def test_prometheus_understands_every_query_of_the_dashboard(tmp_path):
    rules = [{"record": f"panel:{n}", "expr": query} for n, query in enumerate(queries())]
    path = tmp_path / "panels.yml"
    path.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")
    code, said = run("promtool", "check", "rules", str(path))
    assert code == 0, said


def test_a_query_that_prometheus_does_not_understand_would_be_noticed(tmp_path):
    path = tmp_path / "wrong.yml"
    rule = {"record": "panel:0", "expr": "sum by le (rate(x[1m]))"}
    path.write_text(json.dumps({"groups": [{"name": "panels", "rules": [rule]}]}), encoding="utf-8")
    assert run("promtool", "check", "rules", str(path))[0] != 0


def test_each_alert_fires_where_it_has_to_and_keeps_still_where_it_must():
    code, said = run("promtool", "test", "rules", str(PROMETHEUS / "rules.test.yml"))
    assert code == 0, said
    for alert in ALERTS:
        assert f"- name: {alert} fires" in TESTS
        assert f"- name: {alert} keeps still" in TESTS


@pytest.mark.parametrize("alert", ALERTS)
def test_each_alert_says_what_it_is_and_where_to_read_what_to_do(alert):
    rule = RULES[RULES.index(f"- alert: {alert}\n") :].split("\n      - alert:")[0] + "\n"
    assert re.search(r"^ +severity: (critical|warning|info)$", rule, re.MULTILINE)
    assert "summary: " in rule
    assert "description: >-" in rule
    assert f"runbook_url: docs/operations.md#{alert.lower()}\n" in rule


def test_the_configurations_of_prometheus_and_alertmanager_are_sound():
    for name, *words in (
        ("promtool", "check", "config", str(PROMETHEUS / "prometheus.yml")),
        ("amtool", "check-config", str(ROOT / "deploy" / "alertmanager" / "alertmanager.yml")),
    ):
        code, said = run(name, *words)
        assert code == 0, said


@pytest.mark.asyncio(loop_scope="module")
async def test_no_label_is_an_id_or_an_address(exposition):
    labels = set(re.findall(r"[{,](\w+)=\"", exposition))
    assert labels & {"session_id", "session", "event_id", "event", "user_id", "user", "path", "url"} == set()
    assert 'route="/health"' in exposition
