"""What is kept while things are away, and what of it was learned."""

from dataclasses import replace

import pytest

from conductor.adapters.journal_memory import MemoryJournal
from conductor.domain.events import EngagementUpdated, FollowedUp, OutcomeMeasured
from conductor.domain.interventions import Arm, Autonomy
from conductor.domain.learned import Learned, Tally
from conductor.domain.sessions import SizeBucket
from conductor.domain.trials import FollowUp
from conductor.errors import StoreUnavailable
from conductor.testing import MemoryStore
from conductor.worker.keeping import Keeping


class Failing(MemoryStore):
    """A store that fails so many times."""

    def __init__(self, failures=0):
        super().__init__()
        self.failures = failures

    async def record(self, events, learned=None):
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("the database is away")
        await super().record(events, learned)


class Counted(MemoryStore):
    """A store that takes down how many scores and other events it was given together, and whether with a lesson."""

    def __init__(self):
        super().__init__()
        self.given = []

    async def record(self, events, learned=None):
        scores = len(scored(events))
        self.given.append((scores, len(events) - scores, learned is not None))
        await super().record(events, learned)


def scored(events):
    return [event for event in events if isinstance(event, EngagementUpdated)]


class FullJournal(MemoryJournal):
    """A journal on a disk that is full."""

    def append(self, events, learned=None):
        raise StoreUnavailable("the disk is full")


async def test_where_neither_store_nor_journal_takes_anything_scores_go_first_and_are_counted(story):
    others = [event for event in story() if not isinstance(event, EngagementUpdated)]
    [score, *_] = scored(story())
    store = Failing(failures=1_000)
    keeping = Keeping(store, Learned, FullJournal(), most_unwritten=40)
    for event in [*others, *(replace(score, at=score.at + 5.0 * n) for n in range(100))]:
        with pytest.raises(StoreUnavailable):
            await keeping.keep([event])
    store.failures = 0
    await keeping.close()

    kept = scored(store.events)
    assert [event for event in store.events if not isinstance(event, EngagementUpdated)] == others
    assert [event.at for event in kept] == [score.at + 5.0 * n for n in range(100 - len(kept), 100)]
    assert (keeping.dropped_scores, keeping.dropped_others) == (100 - len(kept), 0)
    assert 0 < len(kept) <= 40


@pytest.mark.parametrize("is_away", [False, True])
async def test_what_is_imported_stays_but_where_the_worker_learned_itself(story, context, is_away):
    elsewhere = replace(context, session_size_bucket=next(s for s in SizeBucket if s != context.session_size_bucket))
    store = Failing()
    before = Learned((Tally(context, Arm.POLL, 1.0, 1.0), Tally(elsewhere, Arm.POLL, 1.0, 1.0)))
    await store.save_learned(before)
    knows = [before]
    keeping = Keeping(store, lambda: knows[-1], MemoryJournal())
    keeping.at_once = True
    await store.save_learned(Learned((Tally(context, Arm.POLL, 7.0, 7.0), Tally(elsewhere, Arm.POLL, 7.0, 7.0))))
    store.failures = 1 if is_away else 0
    lesson = [event for event in story() if isinstance(event, OutcomeMeasured)]
    knows.append(Learned((Tally(context, Arm.POLL, 2.0, 1.0), before.tallies[1])))
    await keeping.keep(lesson)
    knows.append(Learned((*knows[-1].tallies, Tally(elsewhere, Arm.CHAT_PROMPT, 1.0, 0.0))))
    await keeping.replay()
    await keeping.close()

    assert {(t.context, t.arm, t.successes) for t in (await store.load_learned()).tallies} == {
        (context, Arm.POLL, 2.0),
        (elsewhere, Arm.POLL, 7.0),
        (elsewhere, Arm.CHAT_PROMPT, 1.0),
    }


async def test_what_was_learned_is_kept_together_with_all_that_taught_it(story, context):
    """Else a process that is killed in between learns some of it again in its next life."""
    [score, *_] = scored(story())
    scores = [replace(score, at=score.at + 5.0 * n) for n in range(1_500)]
    first, *others, last = (
        FollowedUp(FollowUp(f"d{n}", "s", "e", 130.0, 10.0, None, context, Autonomy.ACT, 0.8, 0.1, False, 0.3, 0.3))
        for n in range(1_200)
    )
    store, knows = Counted(), [Learned()]
    keeping = Keeping(store, lambda: knows[-1], MemoryJournal())
    keeping.at_once = True
    knows.append(Learned((Tally(context, None, 0.0, 1_200.0),)))
    await keeping.keep([first, *scores[:700], *others, *scores[700:], last])

    assert store.given == [(1_000, 0, False), (500, 0, False), (0, 1_200, True)]
    assert await store.load_learned() == knows[-1]
