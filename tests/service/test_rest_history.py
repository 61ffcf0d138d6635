"""Interventions, analytics, settings, state and health over HTTP."""

import asyncio
import csv
from dataclasses import replace

import pytest
from scipy.stats import beta
from tests.service.conftest import NOW
from tests.service.test_rest_sessions import CONTEXT, DECISION, POLL, watch
from tests.wire_examples import detected, update

from conductor.access.rights import Role
from conductor.decide.bandit import Bandit
from conductor.domain.events import DecisionHeld, DecisionLapsed, DecisionMade, InterventionExecuted, OutcomeMeasured
from conductor.domain.holds import Hold, HoldReason
from conductor.domain.interventions import Arm, Generation, GenerationMethod, Intervention, Outcome, PromptContent
from conductor.domain.learned import Learned, Tally
from conductor.domain.strategies import Dealt
from conductor.errors import StoreUnavailable
from conductor.service.export import safe
from conductor.service.posterior import beta_quantile

LIST = "/api/v1/interventions"
WORDED = Generation(GenerationMethod.TEMPLATE, "prompt-1")


def done(n):
    ids = (f"i{n}", f"d{n}", "s1", "e1", NOW - n, Arm.CHAT_PROMPT)
    return InterventionExecuted(Intervention(*ids, PromptContent("What do you think?"), WORDED, 10, "=1+1"))


def measured(n, *, success):
    ids = (f"i{n}", f"d{n}", "s1", "e1", NOW - n, Arm.POLL, CONTEXT)
    return OutcomeMeasured(Outcome(*ids, 0.4, 0.6 if success else 0.4, 0.2 if success else 0.0, success))


async def test_a_request_is_kept_until_due_and_told(house, organiser):
    watch(house)
    async with house.bus.subscribe("session:*:requests") as listening:
        asked = {"session_id": "s1", "type": "POLL", "content": POLL, "at": NOW - 99.0}
        answer = await organiser.post(f"{LIST}/manual", json=asked)
        message = await asyncio.wait_for(anext(listening), 5)
    [due] = await house.store.desk.due(NOW)
    assert (answer.status_code, answer.json()["at"], message.channel) == (202, NOW, "session:s1:requests")
    assert (due.request_id, due.by) == (answer.json()["request_id"], "a-organiser")


async def test_interventions_are_listed_page_by_page_and_filtered(house, organiser):
    watch(house)
    await house.store.record([done(n) for n in range(3)])
    page = (await organiser.get(LIST, params={"session_id": "s1", "limit": 2})).json()
    rest = (await organiser.get(LIST, params={"cursor": page["next_cursor"], "limit": 2})).json()
    polls = (await organiser.get(LIST, params={"type": "POLL"})).json()
    assert [each["intervention_id"] for some in (page, rest) for each in some["interventions"]] == ["i0", "i1", "i2"]
    assert (rest["next_cursor"], polls["interventions"]) == (None, [])


async def test_an_export_holds_everything_and_no_formula(house, organiser):
    await house.store.record([done(n) for n in range(600)])
    as_csv = await organiser.get(f"{LIST}/export")
    as_json = await organiser.get(f"{LIST}/export", params={"format": "json"})
    assert (len(as_csv.text.splitlines()), len(as_json.json())) == (601, 600)
    assert ",'=1+1," in as_csv.text
    assert "attachment" in as_csv.headers["Content-Disposition"]


async def test_an_export_says_under_which_variant_of_a_test_each_thing_was_decided(house, organiser):
    dealt = Dealt("tones-1", "=game")
    made = replace(DECISION, session_id="s1", decision_id="d0", variant=dealt)
    await house.store.record([DecisionMade(made), done(0), done(1)])
    rows = [*csv.DictReader((await organiser.get(f"{LIST}/export")).text.splitlines())]
    told = (await organiser.get(f"{LIST}/export", params={"format": "json"})).json()
    assert [(row["strategy_test"], row["variant"]) for row in rows] == [("tones-1", "'=game"), ("", "")]
    assert [each["variant"] for each in told] == [{"test_id": "tones-1", "name": "=game"}, None]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_becomes_text(cell):
    assert safe(cell) == f"'{cell}"
    assert safe("plain = text") == "plain = text"


async def test_performance_counts_by_type_and_context(house, organiser):
    await house.store.record([measured(1, success=True), measured(2, success=False)])
    told = (await organiser.get("/api/v1/analytics/agent/performance")).json()
    metrics = (await organiser.get("/metrics")).json()
    assert (told["success_rate"], told["rows"][0]["attempts"], metrics["success_rate"]) == (0.5, 2, 0.5)


async def test_posteriors_say_what_is_known(house, organiser):
    known = (Tally(CONTEXT, Arm.POLL, 3.0, 1.0), Tally(CONTEXT, None, 1.0, 3.0))
    await house.store.save_learned(Learned(known))
    poll, nothing = (await organiser.get("/api/v1/analytics/agent/posteriors")).json()["posteriors"]
    chosen_by = Bandit(tallies=known).posterior(Arm.POLL, CONTEXT)
    assert (poll["attempts"], poll["mean"]) == (4.0, pytest.approx(chosen_by.mean))
    assert poll["low"] < poll["mean"] < poll["high"]
    assert poll["adds"] > 0.0
    assert (nothing["type"], nothing["attempts"], nothing["adds"]) == (None, 4.0, None)


@pytest.mark.parametrize(("successes", "failures"), [(0.0, 0.0), (3.0, 1.0), (0.5, 40.0), (9_000.0, 1_000.0)])
def test_quantiles_agree_with_scipy(successes, failures):
    parameters = (successes + 1.0, failures + 1.0)
    for share in (0.025, 0.5, 0.975):
        assert beta_quantile(share, *parameters) == pytest.approx(beta.ppf(share, *parameters), abs=1e-9)


async def test_a_patch_changes_what_it_names_and_leaves_the_rest(house, organiser):
    await organiser.post("/api/v1/events/settings", json={"event_id": "e1", "agent_mode": "AUTO", "label": "Robo"})
    patched = await organiser.patch("/api/v1/events/e1/settings", json={"auto_approve_threshold": 0.9})
    wrong = await organiser.patch("/api/v1/events/e1/settings", json={"label": "\n"})
    told = (await organiser.get("/api/v1/events/e1/settings")).json()
    assert patched.json() == told
    assert (told["agent_mode"], told["label"], told["auto_approve_threshold"]) == ("AUTO", "Robo", 0.9)
    assert wrong.status_code == 422


async def test_what_was_learned_goes_out_and_comes_in_again(house, organiser):
    learned = Learned((Tally(CONTEXT, Arm.POLL, 3.0, 1.0),))
    await house.store.save_learned(learned)
    state = (await organiser.get("/api/v1/agent/state")).json()
    state["tallies"][0]["successes"] = 5.0
    await organiser.post("/api/v1/agent/state", json=state)
    newer = await organiser.post("/api/v1/agent/state", json=state | {"schema_version": 2})
    assert (await house.store.load_learned()).tallies[0].successes == 5.0
    assert newer.status_code == 422


async def test_a_session_has_a_curve_and_falls_even_if_nothing_happened_yet(house, organiser):
    watch(house)
    curve = (await organiser.get("/api/v1/analytics/sessions/s1/engagement")).json()
    falls = (await organiser.get("/api/v1/analytics/sessions/s1/anomalies")).json()
    assert (curve["points"], curve["until"], falls["anomalies"]) == ([], NOW, [])


async def test_a_long_curve_comes_by_the_minute_and_a_short_one_tick_by_tick(house, organiser):
    watch(house)
    begin = NOW // 60 * 60
    await house.store.record([update(begin - 300 + 20.0 * n, n / 16) for n in range(6)])
    asked = "/api/v1/analytics/sessions/s1/engagement"
    ticks = (await organiser.get(asked)).json()
    sums = (await organiser.get(asked, params={"resolution": "minute"})).json()
    days = (await organiser.get(asked, params={"from": NOW - 3 * 86_400})).json()
    of_a_day = (await organiser.get(asked, params={"from": NOW - 3 * 86_400, "resolution": "raw"})).json()
    assert (ticks["resolution"], len(ticks["points"]), ticks["points"][0]["lowest"]) == ("raw", 6, None)
    assert (sums["resolution"], sums["since"], days["since"]) == ("minute", NOW - 86_400, NOW - 3 * 86_400)
    assert sums["points"] == days["points"]
    assert [[each[name] for name in ("at", "score", "lowest", "highest")] for each in days["points"]] == [
        [begin - 300, 1 / 16, 0.0, 2 / 16],
        [begin - 240, 4 / 16, 3 / 16, 5 / 16],
    ]
    assert (of_a_day["since"], len(of_a_day["points"])) == (NOW - 86_400, 6)


async def test_a_fall_is_told_with_the_times_it_was_let_pass_and_what_became_of_each_decision(house, organiser):
    watch(house)
    ids = ("s1-a1", "s1", "e1")
    decided = [replace(DECISION, decision_id=f"d{n}", anomaly_id="s1-a1", at=NOW + n) for n in range(3)]
    events = [
        detected(at=NOW - 1.0),
        DecisionHeld(Hold(*ids, NOW, HoldReason.SCORE_STILL_FINE, "It is still fine.", Arm.NUDGE)),
        *map(DecisionMade, decided),
        DecisionLapsed("d0", "s1", "e1", NOW + 9.0, "nobody answered in time"),
        done(1),
        detected(anomaly_id="s1-a2", at=NOW + 100.0),
    ]
    await house.store.record(events)
    fall, other = (await organiser.get("/api/v1/analytics/sessions/s1/anomalies")).json()["anomalies"]

    assert (other["holds"], other["decisions"]) == ([], [])
    assert [(hold["reason"], hold["foreseen"]) for hold in fall["holds"]] == [("SCORE_STILL_FINE", "NUDGE")]
    assert [(each["decision_id"], each["intervention_id"], each["lapsed"]) for each in fall["decisions"]] == [
        ("d0", None, "nobody answered in time"),
        ("d1", "i1", None),
        ("d2", None, None),
    ]


@pytest.mark.parametrize(
    ("gone", "status", "said"), [("database", 200, "degraded"), ("bus", 200, "degraded"), ("worker", 503, "unhealthy")]
)
async def test_readiness_says_what_is_gone_and_refuses_only_where_nobody_can_be_served(house, gone, status, said):
    async def away():
        raise StoreUnavailable("away")

    house.checks = dict.fromkeys(("database", "bus", "worker"), house.store.archive.ping) | {gone: away}
    async with house.client(Role.ORGANISER) as client:
        ready, detailed = await client.get("/health/ready"), await client.get("/health/detailed")
        alive = [await client.get(f"/health{end}") for end in ("", "/live", "/ping")]
    assert (ready.status_code, detailed.status_code) == (status, 200)
    assert ready.json()["status"] == detailed.json()["status"] == said
    states = {name: each["status"] for name, each in detailed.json()["components"].items()}
    assert states == {name: "unavailable" if name == gone else "connected" for name in states}
    assert all(each.status_code == 200 for each in alive)
