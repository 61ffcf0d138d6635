"""Recorded sessions go through the whole agent, in every mode, and are told afterwards."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from tests.recording_examples import panel_that_falls

from conductor.bootstrap import played as bootstrap
from conductor.connectors.recordings import read_recording
from conductor.domain.events import (
    DecisionLapsed,
    DecisionMade,
    InterventionExecuted,
    OutcomeMeasured,
    SessionClosed,
    SessionOpened,
    StatusChanged,
)
from conductor.domain.interventions import Autonomy, Mode
from conductor.settings import Settings
from conductor.telling.report import report
from conductor.telling.story import tell

RECORDINGS = Path(__file__).parents[2] / "recordings"


async def nothing(at_s):
    """Nobody looks at the clock."""


async def played(path, mode=Mode.AUTO, *, seed=0, state=None, on_tick=nothing, settings=None):
    recording = read_recording(path)
    return await bootstrap.replay(recording, settings or Settings(), mode=mode, seed=seed, state=state, on_tick=on_tick)


def of(kind, session):
    return [event for event in session.events if isinstance(event, kind)]


def told(session, width=100):
    out = io.StringIO()
    tell(session, Console(file=out, width=width))
    return out.getvalue()


@pytest.mark.parametrize("name", ["class-with-polls", "research-chat"])
async def test_a_bundled_recording_has_a_beginning_an_end_and_a_story(name):
    session = await played(RECORDINGS / f"{name}.jsonl")

    assert len(of(SessionOpened, session)) == 1
    assert [type(event) for event in session.events[-2:]] == [SessionClosed, StatusChanged]
    assert session.profile.title in told(session)
    json.dumps(report(session, 0.0), allow_nan=False)


async def test_in_automatic_mode_the_agent_acts_by_itself(tmp_path):
    session = await played(panel_that_falls(tmp_path / "panel.jsonl"), Mode.AUTO)

    assert of(DecisionMade, session)[0].decision.autonomy is Autonomy.ACT
    done = of(InterventionExecuted, session)
    assert done[0].intervention.delivered_to == 60
    assert len(of(OutcomeMeasured, session)) >= 1
    assert "Would post" in told(session)


async def test_in_manual_mode_it_asks_and_lets_it_be_as_nobody_is_there(tmp_path):
    session = await played(panel_that_falls(tmp_path / "panel.jsonl"), Mode.MANUAL)

    assert {event.decision.autonomy for event in of(DecisionMade, session)} == {Autonomy.ASK}
    assert [event.why for event in of(DecisionLapsed, session)] == ["nobody answered in time"]
    assert of(InterventionExecuted, session) == []
    assert "Nobody answered in time." in told(session)


async def test_in_semi_automatic_mode_a_fresh_agent_is_not_sure_enough(tmp_path):
    session = await played(panel_that_falls(tmp_path / "panel.jsonl"), Mode.SEMI_AUTO)

    assert {event.decision.autonomy for event in of(DecisionMade, session)} == {Autonomy.SKIP}
    assert [event.why.startswith("the agent was not sure") for event in of(DecisionLapsed, session)] == [True]
    assert of(InterventionExecuted, session) == []


async def test_what_one_replay_learned_the_next_one_begins_with(tmp_path):
    # Silent for so long that every arm that fits is tried once.
    recording, state = panel_that_falls(tmp_path / "panel.jsonl", until=1100.0), tmp_path / "state.db"
    first, second = [of(DecisionMade, await played(recording, state=state)) for _ in range(2)]

    assert [event.decision.past.attempts for event in first] == [0, 0, 0]
    assert [event.decision.past.attempts for event in second] == [1, 1, 1]
    assert all("did not pick up after the only" in event.decision.reasoning for event in second)


async def test_without_a_state_file_nothing_is_carried_over(tmp_path):
    recording = panel_that_falls(tmp_path / "panel.jsonl")

    assert (await played(recording)).events == (await played(recording)).events


async def test_a_tick_is_announced_every_five_seconds_up_to_the_end(tmp_path):
    heard = []

    async def listen(at_s):
        heard.append(at_s)

    session = await played(panel_that_falls(tmp_path / "panel.jsonl", falls_at=20.0, until=33.0), on_tick=listen)

    assert heard[:3] == [5.0, 10.0, 15.0]
    assert heard[-1] == session.duration_s == 30.0


async def test_thresholds_are_taken_from_the_settings(tmp_path):
    recording = panel_that_falls(tmp_path / "panel.jsonl")
    strict = await played(recording, settings=Settings(warning_threshold=0.998, critical_threshold=0.999))
    usual = await played(recording)

    assert min(a["evidence"] for a in report(usual, 0.0)["anomalies"]) < 0.998
    assert all(a["evidence"] >= 0.998 for a in report(strict, 0.0)["anomalies"])


async def test_the_label_of_the_settings_is_on_everything(tmp_path):
    session = await played(panel_that_falls(tmp_path / "panel.jsonl"), settings=Settings(label="Robo"))

    assert {event.intervention.label for event in of(InterventionExecuted, session)} == {"Robo"}


async def test_what_could_not_be_read_is_said_as_it_is_written(tmp_path):
    call = tmp_path / "call"
    call.mkdir()
    (call / "chat.txt").write_text("10:00:00\t From Ann to Everyone:\thello\n10:00:05\t From Ben to Everyone:\thi\n")
    (call / "[red]notes[1].vtt").write_bytes(b"\0\1\2 no transcript")
    session = await played(call)

    assert len(session.losses) == 1
    assert "[red]notes[1].vtt" in told(session, width=400)
