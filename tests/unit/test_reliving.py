"""What an earlier life did is counted once, however often the store has to be asked for it."""

import pytest
from tests.decide_examples import NOW, decision
from tests.live_examples import delivered, make_loop

from conductor.domain.events import InterventionExecuted
from conductor.errors import StoreUnavailable
from conductor.testing import MemoryStore
from conductor.worker.reliving import Reliving
from conductor.workflow import Unfinished, Wait


class Moody(MemoryStore):
    """A store that has one session's history only when it is asked again."""

    def __init__(self, session_id):
        super().__init__()
        self._unasked = {session_id}

    async def history(self, session_id):
        if session_id in self._unasked:
            self._unasked.remove(session_id)
            raise StoreUnavailable("away")
        return await super().history(session_id)


def shown_in(session_id):
    made = decision(decision_id=f"{session_id}-d1", session_id=session_id)
    return Unfinished(made, Wait.OUTCOME, delivered(made))


async def test_what_was_shown_is_told_once_also_where_a_later_history_cannot_be_had_at_first():
    loop = make_loop(begin=NOW)
    reliving = Reliving(loop, Moody("s2"))
    left = [shown_in("s1"), shown_in("s2")]
    with pytest.raises(StoreUnavailable):
        await reliving.rejoin(left)
    await reliving.rejoin(left)

    told = [event.intervention.session_id for event in loop.advance(0.0) if isinstance(event, InterventionExecuted)]
    assert told == ["s1", "s2"]
