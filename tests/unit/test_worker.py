from collections import defaultdict

import pytest
from tests.live_examples import AUTO, make_loop, of, room
from tests.rooms import START, even, signal
from tests.workflow_examples import make_workflow

from conductor.decide.room import DecisionParams
from conductor.domain.events import (
    AnomalyDetected,
    DecisionLapsed,
    DecisionMade,
    EngagementUpdated,
    InterventionExecuted,
    OutcomeMeasured,
    SessionClosed,
    SessionOpened,
    StatusChanged,
)
from conductor.domain.interventions import Mode
from conductor.domain.signals import Kind
from conductor.errors import StoreUnavailable
from conductor.testing import MemoryStore
from conductor.worker import Worker
from conductor.worker.keeping import METRICS_AT_ONCE


class Audience:
    """Everybody sees what is delivered."""

    async def deliver(self, intervention):
        return 60


class Ledger(MemoryStore):
    """A store that remembers how it was written to, and can fail."""

    def __init__(self, failures=0):
        super().__init__()
        self.batches = []
        self.failures = failures

    async def record(self, events, learned=None):
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("the disk is full")
        self.batches.append(list(events))
        await super().record(events, learned)


def make_worker(store, decide=AUTO):
    return Worker(make_loop(decide=decide), make_workflow(Audience()), store)


async def run(worker, signals, until, begin=0.0):
    events = []
    ticks = defaultdict(list)
    for each in signals:
        ticks[each.at // 5.0].append(each)
    for tick in range(int(begin // 5), int(until // 5)):
        now = START + 5.0 * tick
        worker.receive(ticks[now // 5.0])
        events += await worker.advance(now + 5.0)
    return events


def scored(events):
    return [event for event in events if isinstance(event, EngagementUpdated)]


async def test_everything_that_happened_is_kept_in_the_order_in_which_it_happened():
    store = Ledger()
    worker = make_worker(store)
    events = await run(worker, [*room(), signal("a", 1199.0, Kind.ENDED, None)], 1200.0)
    await worker.close()

    assert list(store.events) == events
    kinds = {type(event) for event in events}
    assert kinds >= {SessionOpened, AnomalyDetected, DecisionMade, InterventionExecuted, OutcomeMeasured, SessionClosed}


async def test_scores_wait_for_company_but_no_longer_than_a_batch():
    store = Ledger()
    steady = even("a", 30, 0.0, 610.0, 5)
    await run(make_worker(store), steady, 5.0 * (METRICS_AT_ONCE + 1))
    opening, scores = store.batches

    assert [type(event) for event in opening] == [SessionOpened, StatusChanged, EngagementUpdated]
    assert len(scores) == METRICS_AT_ONCE
    assert scored(scores) == scores


async def test_a_decision_is_kept_at_once_with_all_that_came_before_it():
    store = Ledger()
    events = await run(make_worker(store), room(), 605.0)

    assert of(DecisionMade, store.batches[-1])
    assert of(InterventionExecuted, store.batches[-1])
    assert list(store.events) == events


async def test_scores_that_still_wait_are_written_when_the_worker_closes():
    store = Ledger()
    worker = make_worker(store)
    await run(worker, [signal("a", 1.0)], 50.0)
    assert len(scored(store.events)) == 1

    await worker.close()
    assert len(scored(store.events)) == 10


async def test_closing_keeps_what_was_learned():
    store = MemoryStore()
    worker = make_worker(store)
    await run(worker, [*room(), signal("a", 1199.0, Kind.ENDED, None)], 1200.0)
    assert (await store.load_learned()).tallies == ()

    await worker.close()
    learned = await store.load_learned()
    assert sum(tally.failures for tally in learned.tallies) >= 1.0
    assert learned.norms


async def test_what_the_store_could_not_take_is_offered_again():
    store = Ledger()
    worker = make_worker(store)
    await run(worker, room(), 600.0)
    store.failures = 1
    with pytest.raises(StoreUnavailable):
        await run(worker, room(), 605.0, begin=600.0)
    await run(worker, room(), 610.0, begin=605.0)
    await worker.close()

    assert len(of(DecisionMade, store.events)) == 1
    assert [event.at - START for event in scored(store.events)] == [5.0 * n for n in range(1, 123)]


async def test_what_can_never_be_kept_holds_up_nothing_else():
    store = MemoryStore()
    worker = make_worker(store)
    await run(worker, [signal("a", 1.0), signal("half a \0 name", 1.5), signal("b", 2.0)], 10.0)
    await worker.close()

    assert {event.session_id for event in scored(store.events)} == {"a", "b"}
    assert len(of(SessionOpened, store.events)) == 2


async def test_many_ticks_at_once_are_carried_out_one_after_the_other():
    step_by_step, at_once = MemoryStore(), MemoryStore()
    slow = make_worker(step_by_step)
    signals = room(falls_at=595.0)
    events = await run(slow, signals, 605.0)
    fast = make_worker(at_once)
    await run(fast, signals, 590.0)
    fast.receive([s for s in signals if START + 590.0 <= s.at < START + 600.0])
    late = await fast.advance(START + 600.0)
    fast.receive([s for s in signals if START + 600.0 <= s.at < START + 605.0])
    late += await fast.advance(START + 605.0)

    assert late == [event for event in events if event in late]
    assert of(InterventionExecuted, late) == of(InterventionExecuted, events)


@pytest.mark.parametrize("waited_s", [60.0, 65.0])
async def test_in_manual_mode_a_decision_that_nobody_answers_lapses_after_a_minute(waited_s):
    events = await run(make_worker(MemoryStore(), DecisionParams(mode=Mode.MANUAL)), room(), 605.0 + waited_s)

    [made] = of(DecisionMade, events)
    assert made.decision.expires_at == made.decision.at + 60.0
    assert [event.at for event in of(DecisionLapsed, events)] == [made.decision.expires_at]
    assert of(InterventionExecuted, events) == []


async def test_an_organiser_who_is_there_is_asked_where_the_agent_is_not_sure():
    loop = make_loop(decide=DecisionParams(mode=Mode.SEMI_AUTO))
    loop.welcome("a", 1)
    worker = Worker(loop, make_workflow(Audience()), MemoryStore())
    events = await run(worker, room(), 640.0)

    [made] = of(DecisionMade, events)
    assert made.decision.expires_at is not None
    assert of(DecisionLapsed, events) == []
