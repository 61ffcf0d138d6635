"""Of the anomalies raised in simulated rooms, how many are false, and how many lulls are found.

Ordinary rooms of an hour in which nothing is done (`sim/presets.py`), in which people write and react as much as in
recorded meetings, three times and ten times as much. Two lulls in five are over by themselves within five minutes, and
rooms sway, tire and thin out meanwhile. An anomaly is false if no lull has weighed on its room within the last minute.
A lull is found if one that is not false is raised within five minutes of its beginning.

Contract: under a tenth of all anomalies are false, and fewer than one an hour. Beside it, not judged: the same where
warnings and critical anomalies begin at evidence 0.95, as the environment can have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_most
from conductor.perceive.alarm import AlarmParams
from conductor.perceive.norms import Norms
from conductor.perceive.perception import PerceiveParams, Perception
from conductor.sim.crowd import Crowd
from conductor.sim.effects import EffectTable
from conductor.sim.stage import DIP_NOTICED, TICK_S
from conductor.simulate import draw_rooms

ROOMS = 96
HOUR_S = 3600.0
SEED = 20_260_701
BUSIER = (1.0, 3.0, 10.0)
JUST_NOW_S = 60.0
FOUND_S = 300.0
FALSE_SHARE, FALSE_PER_H = 0.1, 1.0
USUAL = AlarmParams()
STRICT = replace(USUAL, warning=0.95, critical=0.95)
"""`ANOMALY_WARNING_THRESHOLD` and `ANOMALY_CRITICAL_THRESHOLD` of who would rather miss lulls than be told of none."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of rooms in which people do so much.

    Attributes:
        per_min: Signals a minute in a room.
        anomalies: How many were raised.
        false: How many of them were false.
        lulls: How many there were.
        found: How many of them were found.
    """

    per_min: float
    anomalies: int
    false: int
    lulls: int
    found: int


def watch(rooms: Sequence[Crowd], params: AlarmParams = USUAL) -> Found:
    """Watch them for an hour, all in one worker."""
    perception = Perception(PerceiveParams(alarm=params), Norms(), 0.0)
    for room in rooms:
        perception.open(room.session_id, room.event_id, 0.0, room.profile)
    by_id = {room.session_id: room for room in rooms}
    right: dict[str, list[float]] = {session_id: [] for session_id in by_id}
    signals = anomalies = 0
    for tick in range(1, int(HOUR_S // TICK_S) + 1):
        for room in rooms:
            for signal in room.step(tick * TICK_S):
                signals += signal.user_id is not None
                perception.receive(signal)
        reading = perception.advance()
        for anomaly in reading.raised:
            if anomaly.fresh:
                anomalies += 1
                if _weighed(by_id[anomaly.session_id], reading.at):
                    right[anomaly.session_id].append(reading.at)
    found = [
        any(0.0 <= at - lull.at_s < FOUND_S for at in right[room.session_id])
        for room in rooms
        for lull in room.scenario.lulls
    ]
    return Found(
        per_min=signals / len(rooms) / (HOUR_S / 60.0),
        anomalies=anomalies,
        false=anomalies - sum(map(len, right.values())),
        lulls=len(found),
        found=sum(found),
    )


def _weighed(room: Crowd, at: float) -> bool:
    """Whether a lull weighed on the room within the minute before."""
    moments = np.arange(max(at - JUST_NOW_S, 0.0), at + TICK_S, TICK_S)
    return any(room.stage.dip(float(moment)) >= DIP_NOTICED for moment in moments)


def run(console: Console) -> list[Figure]:
    """Watch, print, and judge."""
    table = Table(title=f"{ROOMS} simulated rooms of an hour in which nothing is done")
    for column in (
        "warns from",
        "as much",
        "signals/min",
        "anomalies",
        "false",
        "share",
        "false/h",
        "lulls found in 5 min",
    ):
        table.add_column(column, justify="right")
    figures: list[Figure] = []
    for params, busier in product((USUAL, STRICT), BUSIER):
        seen = watch(draw_rooms(np.random.default_rng(SEED), ROOMS, HOUR_S, EffectTable.null(), busier), params)
        share, per_h = seen.false / max(seen.anomalies, 1), seen.false / (ROOMS * HOUR_S / 3600.0)
        table.add_row(
            f"{params.warning:g}",
            f"{busier:g} x",
            f"{seen.per_min:.0f}",
            str(seen.anomalies),
            str(seen.false),
            f"{share:.0%}",
            f"{per_h:.2f}",
            f"{seen.found} of {seen.lulls} ({seen.found / seen.lulls:.0%})",
        )
        if params is USUAL:
            rooms = f"{busier:g} x as much chat and reactions as recorded"
            figures += [
                at_most(f"{rooms}: share of anomalies that are false", share, FALSE_SHARE),
                at_most(f"{rooms}: false alarms an hour", per_h, FALSE_PER_H),
            ]
    console.print(table)
    return figures
