"""Laws of signals that do not fit, or come twice, late or in disorder: counted, answered, and nothing else changes.

Over HTTP each that is refused is named with what is wrong; on the bus each is counted. What the agent makes of a room
is in both cases what it makes of the same room without them.
"""

import asyncio
import json
from functools import cache
from random import Random

import msgspec
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.duty_examples import World, entry_of
from tests.live_examples import in_order
from tests.rooms import START, chatter, heart, joins
from tests.service.conftest import NOW, House

from conductor.access.rights import Role
from conductor.domain.bus import SIGNALS, SIGNALS_KEPT, Entry, Message
from conductor.domain.signals import ChatDetail, Kind
from conductor.testing import SettlingLoop
from conductor.wire import parse_signal
from conductor.wire.entries import one_by_one

DAY_S = 86_400.0
FEW = settings(max_examples=settings().max_examples // 6, suppress_health_check=[HealthCheck.too_slow])
"""Each example is two minutes of a worker on duty, or a service of its own."""


def run(told):
    """What comes of it, in a loop in which fake time passes as fast as it can."""
    with asyncio.Runner(loop_factory=SettlingLoop) as runner:
        return runner.run(told)


def _chat(**changes):
    return "chat:message:new", {"sessionId": "a", "eventId": "event", "userId": "u1", "content": "Hi"} | changes


def unfit(now, spread_s=0.0):
    """Signals that do not fit, also if they come within so many seconds, each with what its refusal has to name."""
    return [
        (("nowhere", {}), "no channel"),
        (_chat(sessionId=None), "field sessionId"),
        (_chat(eventId=""), "field eventId"),
        (_chat(userId="u" * 201), "field userId"),
        (_chat(userId="u\x00"), "field userId"),
        (_chat(messageId="m\x85"), "field messageId"),
        (_chat(content=7), "field content"),
        (_chat(author="nobody"), "field author"),
        (_chat(timestamp=1), "field timestamp"),
        (_chat(timestamp=now - DAY_S - 0.01 - spread_s), "field timestamp"),
        (_chat(timestamp=now + 600.01 + spread_s), "field timestamp"),
        (_chat(timestamp=99_999_999_999), "field timestamp"),
        (_chat(timestamp=now * 1000), "milliseconds"),
        (_chat(timestamp="yesterday"), "field timestamp"),
        (("reaction:new", _chat()[1] | {"emoji": "x", "count": 10_001}), "field count"),
        (("reaction:new", _chat()[1] | {"emoji": "x" * 201}), "field emoji"),
        (("poll:vote:new", _chat()[1] | {"pollId": "p"}), "field optionId"),
        (("poll:vote:new", _chat()[1] | {"pollId": "p", "optionId": "\x1b[2J"}), "field optionId"),
        (("qna:question:new", _chat()[1] | {"questionId": "q\n"}), "field questionId"),
        (("content:speech", _chat()[1] | {"words": -1}), "field words"),
        (("session:a\n:presence", {"eventId": "event", "userId": "u1", "type": "join"}), "control characters"),
        (("session:a:presence", {"eventId": "event", "type": "join"}), "field userId"),
        (("source:heartbeat", {"source": "zoom\t", "sessionIds": ["a"]}), "field source"),
        (("source:heartbeat", {"source": "zoom", "sessionIds": ["a", "b\x7f"]}), "field sessionIds"),
    ]


UNFIT = unfit(NOW)
FIT = [
    _chat(),
    _chat(sessionId="b", timestamp=NOW - DAY_S),
    _chat(timestamp=NOW + 600),
    _chat(userId="Zoë \u200d 🙂", content="NUL \x00 may stand in what people write"),
    ("session:b:presence", {"eventId": "event", "userId": "u1", "type": "join"}),
]
items = st.lists(st.sampled_from([(each, None) for each in FIT] + UNFIT), min_size=1, max_size=25)


async def _posted(bodies):
    """The answer to each of these requests, and what lies in the streams afterwards."""
    house = House()
    async with house.client(Role.SERVICE) as client:
        answers = [await client.post("/api/v1/signals", content=json.dumps(body)) for body in bodies]
    lying = [said for kept in await anext(house.bus.follow(SIGNALS, 0.0)) for said in one_by_one(kept)]
    return [answer.json() for answer in answers], [parse_signal(*said) for said in lying]


def _body(item):
    return {"channel": item[0], "data": item[1]}


def _heard(sent):
    """What should be kept of these items: those that fit, session by session."""
    fit = [parse_signal(*item, at=NOW) for item, wrong in sent if wrong is None]
    return sorted(fit, key=lambda each: each.session_id)


@FEW
@given(items)
def test_of_a_batch_each_that_does_not_fit_is_named_and_the_others_are_kept(sent):
    [answer], kept = run(_posted([[_body(item) for item, _ in sent]]))
    wrong = [(index, said) for index, (_, said) in enumerate(sent) if said is not None]

    assert answer["accepted"] + answer["rejected"] == len(sent)
    assert [reason["index"] for reason in answer["reasons"]] == [index for index, _ in wrong]
    assert [
        said for (_, said), reason in zip(wrong, answer["reasons"], strict=True) if said not in reason["reason"]
    ] == []
    assert all(reason["reason"].isprintable() for reason in answer["reasons"])
    assert sorted(kept, key=lambda each: each.session_id) == _heard(sent)


@FEW
@given(items)
def test_signals_that_are_sent_one_by_one_fare_as_in_a_batch(sent):
    answers, kept = run(_posted([_body(item) for item, _ in sent]))

    assert [answer["accepted"] for answer in answers] == [int(wrong is None) for _, wrong in sent]
    assert [answer["rejected"] for answer in answers] == [int(wrong is not None) for _, wrong in sent]
    assert sorted(kept, key=lambda each: each.session_id) == _heard(sent)


UNTIL_S = 120.0


def _room():
    """A panel whose messages have ids, so that one that comes twice can be told."""
    rng = np.random.default_rng(7)
    said = chatter("a", 60.0, 2.0, UNTIL_S, 20, rng)
    said = [each._replace(detail=ChatDetail(f"m{n}", "Hi")) for n, each in enumerate(said)]
    return in_order([*joins("a", 20, spread_s=1.0), *heart("a", 0.0, UNTIL_S), *said])


ROOM = _room()
CHATS = [each for each in ROOM if each.kind is Kind.CHAT]
seconds = st.integers(1, int(UNTIL_S) - 20).map(float)
# On a channel that nobody listens to, nobody hears it.
misfits = st.tuples(
    seconds,
    st.sampled_from(["stream", "channel"]),
    st.sampled_from([(channel, msgspec.json.encode(body)) for (channel, body), _ in unfit(START, UNTIL_S)[1:]])
    | st.tuples(st.just("chat:message:new"), st.binary(max_size=20).filter(lambda body: b"{" not in body))
    | st.just(("chat:message:new", b'{"content": "' + b"x" * 1_000_001 + b'"}')),
)
twice = st.tuples(st.integers(0, len(CHATS) // 2), st.floats(0.0, 40.0))


async def _played(wrong=(), again=(), disorder=None, late=()):
    """What a worker on duty tells of the room, and its sieve, if these things happen beside it."""
    world, due = World(), dict(late)
    happenings = [(each.at - START + due.get(n, 0.0), "good", each) for n, each in enumerate(ROOM)]
    happenings += [(at, where, what) for at, where, what in wrong]
    happenings += [(CHATS[n].at - START + more, "good", CHATS[n]) for n, more in again]
    async with world.surroundings(), world.worker() as duty:
        for second in range(int(UNTIL_S)):
            await world.clock.advance_to(START + second + 0.999)
            now = [each for each in happenings if second <= each[0] < second + 1]
            if disorder is not None and second > 0:
                disorder.shuffle(now)
            for _, where, what in now:
                await _happen(world, where, what)
        await world.clock.advance_to(START + UNTIL_S + 1.0)
    updates = [each["data"] for each in world.of("engagement.update")]
    others = [each for each in world.told if each["type"] != "engagement.update"]
    return updates, others, duty.sieve


async def _happen(world, where, what):
    if where == "good":
        await world.bus.append([entry_of(what)])
    elif where == "stream":
        await world.bus.append([Entry(f"{SIGNALS}a", (what,), SIGNALS_KEPT)])
    else:
        await world.bus.publish([Message(*what)])


@cache
def _calm():
    """What is told of the room where nothing is beside it."""
    return run(_played())[:2]


@FEW
@given(st.lists(misfits, max_size=12))
def test_what_does_not_fit_is_counted_on_the_bus_and_changes_nothing(wrong):
    updates, others, sieve = run(_played(wrong))

    assert sieve.rejected == len(wrong)
    assert (updates, others) == _calm()


@FEW
@given(st.lists(twice, max_size=20))
def test_what_comes_twice_changes_nothing(again):
    updates, others, sieve = run(_played(again=again))

    assert (sieve.accepted, sieve.rejected) == (len(ROOM) + len(again), 0)
    assert (updates, others) == _calm()


@FEW
@given(st.integers(0, 1000))
def test_disorder_within_a_second_changes_nothing(seed):
    updates, others, sieve = run(_played(disorder=Random(seed)))

    assert (sieve.accepted, sieve.rejected) == (len(ROOM), 0)
    assert (updates, others) == _calm()


@FEW
@given(st.dictionaries(st.sampled_from([n for n, each in enumerate(ROOM) if each in CHATS[:60]]), st.floats(0.0, 40.0)))
def test_what_comes_late_counts_in_the_tick_that_it_belongs_to(late):
    updates, _, sieve = run(_played(late=late.items()))
    calm, _ = _calm()

    assert (sieve.accepted, sieve.rejected) == (len(ROOM), 0)
    assert updates[-1]["signals"] == calm[-1]["signals"]
