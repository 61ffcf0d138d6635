"""What people would do if they were paying full attention, written down before the session begins.

An *urge* is a moment at which a person would do something. It becomes a signal if the person is there, if
their attention exceeds what the urge needs, and if what it answers really happened. So the same crowd,
seen with and without an intervention, has the same urges; a higher level only ever adds signals. That
makes twins comparable (common random numbers, thinning after Lewis & Shedler 1979).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from conductor.domain.sessions import Phase, SessionProfile
from conductor.domain.signals import Detail, HeartbeatDetail, Kind, PhaseDetail, PollDetail, StartDetail
from conductor.sim.people import NORMAL_LEVEL, CrowdParams, Floats, Ints, People, choose_people
from conductor.sim.stage import Scenario

HOST = -1
AGENT = -2
SYSTEM = -3
"""Stand in for a row number where nobody of the audience acts."""

ALWAYS = -1.0
"""Needs no attention at all."""

PRESENT_RATIO = 0.85
"""Share of all who come that is there at a usual moment (late arrivals, leavers); only sets the mean
rates."""

ACTIVE_LEVEL = NORMAL_LEVEL * PRESENT_RATIO

MOST_REPLIES = 0.95
"""Replies a message draws at full attention: below 1 whoever came, or a cascade need never end."""

REACTION_DELAY_S = (9.0, 0.8)
"""Median and spread (log scale) of a reaction's delay; in three recorded calls the median after the last
message was 8-10 s."""

REACTION_BURST = 0.8
"""Shape of the gamma-mixed Poisson number of reactions to a message: most draw none, some a dozen
(measured, docs)."""

SPONTANEOUS_RATIO = 0.25
MOMENT_BURST = 3.0
"""Stated guess: a quarter of all reactions answer the speaker, about three at a time in a room of sixty."""

UPVOTE_DELAY_S = (40.0, 1.0)
ANSWER_DELAY_S = 180.0
ANSWERED_RATIO = 0.6
"""Stated guesses: upvotes come within a minute or two, and the host answers six in ten questions after
some minutes."""

SPEECH_S = 15.0
POLL_S = 60.0
OPTIONS = ("a", "b", "c", "d")

INATTENTIVE_VOTES = 0.15
"""Share of willing people who vote without attending at all: stated guess, the poll covers what they look
at."""

VOTE_DELAY_S = (9.0, 0.6)
"""Stated guess: half have read the question and clicked after 9 s, nearly all after 30 s."""


@dataclass(slots=True)
class Urges:
    """A table of urges, one row an urge.

    Attributes:
        at: When, in seconds from the start.
        person: Whose row it is, or `HOST`, `AGENT`, `SYSTEM`.
        kind: A `Kind` as a number.
        need: It happens only with more attention than this.
        parent: Row number of what it answers, or -1.
        amount: As in `Signal.amount`.
        ref: Row number in `details`, or -1.
        details: What signals carry.
    """

    at: Floats
    person: Ints
    kind: Ints
    need: Floats
    parent: Ints
    amount: Ints
    ref: Ints
    details: list[Detail] = field(default_factory=list)


class Draft:
    """Collects urges in any order and gives them out sorted by time, parents first."""

    def __init__(self) -> None:
        self._columns: list[tuple[Floats, Ints, Ints, Floats, Ints, Ints, Ints]] = []
        self._details: list[Detail] = []
        self._rows = 0

    def note(self, detail: Detail) -> int:
        """Keep a detail and say its row number."""
        self._details.append(detail)
        return len(self._details) - 1

    def add(
        self,
        at: Floats,
        kind: Kind,
        person: Ints | int,
        *,
        need: Floats | float = ALWAYS,
        parent: Ints | int = -1,
        amount: Ints | int = 1,
        ref: Ints | int = -1,
    ) -> Ints:
        """Add a row for every entry of `at` (the other columns are broadcast) and say the row numbers."""
        n = len(at)

        def ints(values: Ints | int) -> Ints:
            return np.broadcast_to(np.asarray(values, dtype=np.int64), (n,))

        needs = np.broadcast_to(np.asarray(need, dtype=np.float64), (n,))
        self._columns.append((at, ints(person), ints(kind), needs, ints(parent), ints(amount), ints(ref)))
        rows = np.arange(self._rows, self._rows + n, dtype=np.int64)
        self._rows += n
        return rows

    def sorted(self, until_s: float) -> Urges:
        """All rows before this moment, oldest first."""
        at, person, kind, need, parent, amount, ref = (np.concatenate(c) for c in zip(*self._columns, strict=True))
        order = np.argsort(at, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        parent = np.where(parent >= 0, place[parent], -1)
        order = order[: int(np.searchsorted(at[order], until_s, side="left"))]
        return Urges(
            at[order],
            person[order],
            kind[order],
            need[order],
            parent[order],
            amount[order],
            ref[order],
            self._details,
        )


def draw_urges(
    rng: np.random.Generator,
    people: People,
    params: CrowdParams,
    scenario: Scenario,
    session_id: str,
    profile: SessionProfile,
) -> Urges:
    """Everything that anybody would do in this session, the host and the platform included."""
    draft = Draft()
    draft.add(np.zeros(1), Kind.STARTED, SYSTEM, ref=draft.note(StartDetail(profile)))
    draft.add(people.joins_s, Kind.JOIN, np.arange(params.size))
    _add_chat(rng, draft, people, params)
    _add_moments(rng, draft, people, params)
    _add_questions(rng, draft, people, params)
    _add_programme(rng, draft, params, scenario)
    if params.heartbeat_s is not None:
        alive = draft.note(HeartbeatDetail("crowd", (session_id,)))
        draft.add(np.arange(0.0, params.duration_s, params.heartbeat_s), Kind.SOURCE_HEARTBEAT, SYSTEM, ref=alive)
    for number, at_s in enumerate(scenario.host_polls_s):
        _add_host_poll(rng, draft, people, at_s, f"{session_id}:host-poll-{number}")
    for lull in scenario.lulls:
        # Drawn for every lull, so that the draws do not depend on how many walk out.
        walks_out, delay_s = rng.random(params.size) < lull.exit_ratio, rng.exponential(8.0, params.size)
        who = np.flatnonzero(walks_out)
        draft.add(lull.at_s + np.minimum(delay_s[who], 30.0), Kind.LEAVE, who)
    return draft.sorted(params.duration_s)


def add_messages(
    rng: np.random.Generator,
    draft: Draft,
    people: People,
    params: CrowdParams,
    at: Floats,
    who: Ints,
    need: Floats | float,
) -> None:
    """Add chat messages with all the replies and reactions that they would draw.

    A message draws Poisson(reply_ratio / 0.64, at most 0.95) replies at full attention, each after an exponential
    delay, and replies draw replies: a Hawkes process, written as a branching process (Hawkes & Oakes 1974).
    """
    rows = draft.add(at, Kind.CHAT, who, need=need)
    full_ratio = min(params.reply_ratio / ACTIVE_LEVEL * float(people.talk.mean()), MOST_REPLIES)
    while len(at):
        _add_reactions(rng, draft, people, params, at, rows)
        counts = rng.poisson(full_ratio, len(at))
        parent = np.repeat(rows, counts)
        at = np.repeat(at, counts) + rng.exponential(params.reply_delay_s, len(parent))
        inside = at < params.duration_s
        at, parent = at[inside], parent[inside]
        who = choose_people(rng, people.talk, len(at))
        rows = draft.add(at, Kind.CHAT, who, need=rng.random(len(at)), parent=parent)


def votes_need(rng: np.random.Generator, willing: Floats) -> Floats:
    """The attention that each person would need to vote in one particular poll.

    Chosen so that P(vote) = willing * (0.15 + 0.85 * attention).
    """
    return (rng.random(len(willing)) / willing - INATTENTIVE_VOTES) / (1.0 - INATTENTIVE_VOTES)


def delays(rng: np.random.Generator, median_and_sigma: tuple[float, float], count: int) -> Floats:
    """Log-normal delays in seconds."""
    median_s, sigma = median_and_sigma
    return rng.lognormal(np.log(median_s), sigma, count)


def _starts(rng: np.random.Generator, per_min: float, duration_s: float) -> Floats:
    return rng.random(rng.poisson(per_min * duration_s / 60.0)) * duration_s


def _add_chat(rng: np.random.Generator, draft: Draft, people: People, params: CrowdParams) -> None:
    # Of the messages, 1 - reply_ratio start something new.
    fresh = float(people.talk.sum()) * params.chat_per_min * (1.0 - params.reply_ratio) / NORMAL_LEVEL
    at = _starts(rng, fresh, params.duration_s)
    add_messages(rng, draft, people, params, at, choose_people(rng, people.talk, len(at)), rng.random(len(at)))


def _add_reactions(
    rng: np.random.Generator, draft: Draft, people: People, params: CrowdParams, at: Floats, rows: Ints
) -> None:
    if params.chat_per_min <= 0.0:
        return
    mean = params.reactions_per_min * (1.0 - SPONTANEOUS_RATIO) / params.chat_per_min / ACTIVE_LEVEL
    mean *= float(people.react.mean())
    _burst(rng, draft, people, at, rows, mean)


def _add_moments(rng: np.random.Generator, draft: Draft, people: People, params: CrowdParams) -> None:
    per_moment = MOMENT_BURST * params.size / 60.0
    total = float(people.react.sum()) * params.reactions_per_min * SPONTANEOUS_RATIO / NORMAL_LEVEL
    at = _starts(rng, total / per_moment, params.duration_s)
    _burst(rng, draft, people, at, np.full(len(at), -1), per_moment)


def _burst(rng: np.random.Generator, draft: Draft, people: People, at: Floats, rows: Ints, mean: float) -> None:
    counts = rng.poisson(rng.gamma(REACTION_BURST, mean / REACTION_BURST, len(at)))
    parent = np.repeat(rows, counts)
    when = np.repeat(at, counts) + delays(rng, REACTION_DELAY_S, len(parent))
    who = choose_people(rng, people.react, len(parent))
    draft.add(when, Kind.REACTION, who, need=rng.random(len(parent)), parent=parent)


def _add_questions(rng: np.random.Generator, draft: Draft, people: People, params: CrowdParams) -> None:
    if params.questions_per_min <= 0.0:
        return
    at = _starts(rng, float(people.ask.sum()) * params.questions_per_min / NORMAL_LEVEL, params.duration_s)
    rows = draft.add(at, Kind.QUESTION, choose_people(rng, people.ask, len(at)), need=rng.random(len(at)))
    mean = params.upvotes_per_min / params.questions_per_min / ACTIVE_LEVEL * float(people.react.mean())
    counts = rng.poisson(mean, len(at))
    parent, asked = np.repeat(rows, counts), np.repeat(at, counts)
    when = asked + delays(rng, UPVOTE_DELAY_S, len(asked))
    who = choose_people(rng, people.react, len(asked))
    draft.add(when, Kind.UPVOTE, who, need=rng.random(len(asked)), parent=parent)
    taken = rng.random(len(at)) < ANSWERED_RATIO
    after = at[taken] + 20.0 + rng.exponential(ANSWER_DELAY_S, int(taken.sum()))
    draft.add(after, Kind.ANSWERED, HOST, parent=rows[taken])


def _add_programme(rng: np.random.Generator, draft: Draft, params: CrowdParams, scenario: Scenario) -> None:
    slots = np.arange(SPEECH_S, params.duration_s, SPEECH_S)
    words = rng.poisson(params.words_per_min * SPEECH_S / 60.0, len(slots))
    draft.add(slots, Kind.SPEECH, HOST, amount=words)
    draft.add(np.sort(_starts(rng, params.slides_per_min, params.duration_s)), Kind.SLIDE, HOST)
    if scenario.qa_from_s is not None:
        ref = draft.note(PhaseDetail(Phase.QA))
        draft.add(np.array([scenario.qa_from_s]), Kind.PHASE, HOST, ref=ref)


def _add_host_poll(rng: np.random.Generator, draft: Draft, people: People, at_s: float, poll_id: str) -> None:
    n = len(people.willing)
    opened = draft.note(PollDetail(poll_id, options=OPTIONS))
    choices = np.array([draft.note(PollDetail(poll_id, option_id=option)) for option in OPTIONS])
    row = draft.add(np.array([at_s]), Kind.POLL_OPENED, HOST, ref=opened)[0]
    picked, need, delay_s = (
        rng.integers(len(OPTIONS), size=n),
        votes_need(rng, people.willing),
        delays(rng, VOTE_DELAY_S, n),
    )
    votes = np.flatnonzero(delay_s < POLL_S)
    draft.add(at_s + delay_s[votes], Kind.VOTE, votes, need=need[votes], parent=int(row), ref=choices[picked[votes]])
    draft.add(np.array([at_s + POLL_S]), Kind.POLL_CLOSED, HOST, parent=int(row), ref=opened)
