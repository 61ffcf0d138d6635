"""Rooms that the tests of `perceive` share: seeded streams of signals, and a worker that listens to them."""

import numpy as np

from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.signals import Author, ChatDetail, HeartbeatDetail, Kind, PhaseDetail, PollDetail, Signal
from conductor.perceive.ledger import TICK_S
from conductor.perceive.norms import Norms
from conductor.perceive.perception import PerceiveParams, Perception
from conductor.perceive.reading import STATES

START = 1_700_000_000.0
PANEL = SessionProfile(type=SessionType.PANEL)
WORKSHOP = SessionProfile(type=SessionType.WORKSHOP)


def worker(*names, at=START, params=None, norms=None, profile=PANEL):
    perception = Perception(params or PerceiveParams(), norms or Norms(), at)
    for name in names:
        perception.open(name, "event", at, profile)
    return perception


def signal(name, at, kind=Kind.CHAT, user="u0", author=Author.ATTENDEE, detail=None, amount=1):
    """One signal; `at` counts from the start, as in all of this module."""
    return Signal(name, "event", START + at, kind, user, amount, author, detail=detail)


def poll(name, at, kind, poll_id="p", user=None, *, by_agent=False):
    return signal(name, at, kind, user, detail=PollDetail(poll_id, by_agent=by_agent))


def people(count):
    return [f"u{i}" for i in range(count)]


def joins(name, count, at=0.0, spread_s=60.0):
    return [signal(name, at + spread_s * i / count, Kind.JOIN, user) for i, user in enumerate(people(count))]


def leaves(name, users, at, spread_s=0.9):
    return [signal(name, at + spread_s * i / len(users), Kind.LEAVE, user) for i, user in enumerate(users)]


def chatter(name, per_min, begin, end, count, rng, kind=Kind.CHAT):
    """Events at random moments, by people at random: as many a minute on average as `per_min`."""
    times = rng.uniform(begin, end, rng.poisson(per_min * (end - begin) / 60.0))
    users = rng.integers(count, size=len(times))
    return [signal(name, t, kind, f"u{u}") for t, u in zip(times.tolist(), users.tolist(), strict=True)]


def fading(name, per_min, begin, end, count, rng):
    """Chatter that dies away evenly between two moments."""
    every = chatter(name, per_min, begin, end, count, rng)
    return [s for s in every if rng.random() > (s.at - START - begin) / (end - begin)]


def even(name, per_min, begin, end, count, kind=Kind.CHAT):
    """Events at even distances, by everybody in turn."""
    number = round(per_min * (end - begin) / 60.0)
    return [signal(name, begin + (end - begin) * i / number, kind, f"u{i % count}") for i in range(number)]


def heart(name, begin, end, every_s=5.0, source="rooms"):
    """Heartbeats of a source that speaks for one session."""
    beats = int((end - begin) / every_s)
    detail = HeartbeatDetail(source, (name,))
    return [signal(name, begin + every_s * i, Kind.SOURCE_HEARTBEAT, None, detail=detail) for i in range(beats)]


def play(perception, signals, until, acts=()):
    """Receive signals in the order of their times and end each tick; the readings up to `until`.

    What `acts` holds, pairs of a moment and a function, is done to the worker before the tick of that moment ends.
    """
    waiting = sorted(signals, key=lambda s: s.at)
    doing = sorted(acts, key=lambda act: act[0])
    readings = []
    done = acted = 0
    while (perception.ledger.tick + 1) * TICK_S <= START + until:
        end = (perception.ledger.tick + 1) * TICK_S
        while acted < len(doing) and START + doing[acted][0] < end:
            doing[acted][1](perception)
            acted += 1
        while done < len(waiting) and waiting[done].at < end:
            perception.receive(waiting[done])
            done += 1
        readings.append(perception.advance())
    return readings


def state(perception, reading, name):
    return STATES[int(reading.state[perception.rooms.row(name)])]


def states(perception, readings, name):
    return [state(perception, reading, name) for reading in readings]


def score_of(perception, reading, name):
    return float(reading.scores.value[perception.rooms.row(name)])


def evidence_of(perception, reading, name):
    return float(reading.evidence[perception.rooms.row(name)])


def raised(readings, name=None, *, fresh=True):
    """Anomalies of all readings, each with the seconds from the start at which it was raised."""
    return [
        (reading.at - START, anomaly)
        for reading in readings
        for anomaly in reading.raised
        if anomaly.fresh >= fresh and name in (None, anomaly.session_id)
    ]


def cleared(readings, name):
    return [reading.at - START for reading in readings if name in reading.cleared]


def column(perception, reading, name):
    """Everything that a reading says of one session, to the bit."""
    row = perception.rooms.row(name)
    facts = perception.rooms.facts[row]
    seen = reading.observed
    return (
        reading.at,
        reading.scores.value[row],
        reading.scores.levels[:, row].tolist(),
        reading.scores.weights[:, row].tolist(),
        reading.unprompted[row],
        reading.evidence[row],
        reading.state[row],
        reading.signals()[reading.rooms.index((row, facts))],
        [getattr(seen, field)[row] for field in seen.__slots__],
        [anomaly for anomaly in reading.raised if anomaly.session_id == name],
        name in reading.cleared,
    )


def story(perception, signals, until, name, acts=()):
    """What a worker says of one session, tick by tick."""
    return [column(perception, reading, name) for reading in play(perception, signals, until, acts)]


def wild(name, seed, until, *, depth=0.8):
    """A session in which everything happens that can: all kinds of signals, polls of host and agent, a lull."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(5, 40))
    per_min = float(rng.uniform(5, 60))
    lull = float(rng.uniform(0.4, 0.9)) * until
    room = joins(name, count, spread_s=float(rng.uniform(1, 60)))
    for kind, share in _MIXTURE.items():
        room += chatter(name, share * per_min, 0.0, lull, count, rng, kind)
        room += chatter(name, (1.0 - depth) * share * per_min, lull, until, count, rng, kind)
    asks = ChatDetail(is_question=True)
    room += [s._replace(detail=asks) for s in chatter(name, 1.0, 0.0, until, count, rng)]
    room += [s._replace(author=Author.BOT) for s in chatter(name, 5.0, 0.0, until, count, rng)]
    for poll_id, by_agent in (("host", False), ("agent", True)):
        opened = float(rng.uniform(0.1, 0.7)) * until
        room.append(poll(name, opened, Kind.POLL_OPENED, poll_id, by_agent=by_agent))
        voters = [f"u{i}" for i in np.flatnonzero(rng.random(count) < 0.5)]
        room += [poll(name, opened + float(rng.uniform(0, 60)), Kind.VOTE, poll_id, user) for user in voters]
        room.append(poll(name, opened + 90.0, Kind.POLL_CLOSED, poll_id))
    room.append(signal(name, 0.8 * until, Kind.PHASE, detail=PhaseDetail(Phase.QA)))
    return room + (heart(name, 0.0, until) if rng.random() < 0.5 else [])


_MIXTURE = {
    Kind.CHAT: 1.0,
    Kind.QUESTION: 0.1,
    Kind.UPVOTE: 0.1,
    Kind.REACTION: 0.5,
    Kind.SPEECH: 0.1,
    Kind.SLIDE: 0.02,
    Kind.JOIN: 0.02,
    Kind.LEAVE: 0.02,
    Kind.HEARTBEAT: 0.1,
    Kind.FOCUS: 0.1,
    Kind.BLUR: 0.1,
}
