"""What is asked for at the same time is done together, and everybody gets their own answer."""

import asyncio

import pytest

from conductor.adapters.together import Together
from conductor.errors import BudgetSpent, StoreUnavailable


class Desk:
    """Doubles numbers, and says in which turns; it waits to be let go on."""

    def __init__(self):
        self.turns = []
        self.may_go_on = asyncio.Event()
        self.fails = False

    async def do(self, asked):
        self.turns.append(list(asked))
        await self.may_go_on.wait()
        if self.fails:
            raise StoreUnavailable("the file is gone")
        return [BudgetSpent("too much") if number > 100 else 2 * number for number in asked]


async def begun(together, *numbers):
    """Calls that have all asked."""
    tasks = [asyncio.create_task(together.ask(number)) for number in numbers]
    await asyncio.sleep(0)
    return tasks


async def test_a_single_call_waits_for_no_company():
    desk = Desk()
    desk.may_go_on.set()
    assert await Together(desk.do).ask(3) == 6
    assert desk.turns == [[3]]


async def test_what_is_asked_for_meanwhile_is_done_with_the_next_turn_in_order():
    desk = Desk()
    together = Together(desk.do)
    calls = await begun(together, 1)
    await asyncio.sleep(0)
    calls += await begun(together, 2, 3, 4)
    desk.may_go_on.set()
    assert await asyncio.gather(*calls) == [2, 4, 6, 8]
    assert desk.turns == [[1], [2, 3, 4]]


async def test_an_error_that_is_one_callers_answer_is_raised_to_that_one_only():
    desk = Desk()
    together = Together(desk.do)
    calls = await begun(together, 1, 101, 2)
    desk.may_go_on.set()
    first, second, third = await asyncio.gather(*calls, return_exceptions=True)
    assert (first, third) == (2, 4)
    assert isinstance(second, BudgetSpent)


async def test_a_turn_that_fails_is_told_to_all_who_were_in_it_and_the_next_one_is_tried():
    desk = Desk()
    together = Together(desk.do)
    desk.fails = True
    desk.may_go_on.set()
    failed = await asyncio.gather(*await begun(together, 1, 2), return_exceptions=True)
    assert [type(each) for each in failed] == [StoreUnavailable, StoreUnavailable]
    desk.fails = False
    assert await together.ask(3) == 6


async def test_who_stops_waiting_before_their_turn_is_left_out_and_holds_up_nobody():
    desk = Desk()
    together = Together(desk.do)
    calls = await begun(together, 1)
    await asyncio.sleep(0)
    gone, stays = await begun(together, 2, 3)
    gone.cancel()
    await asyncio.sleep(0)
    desk.may_go_on.set()
    assert await asyncio.gather(*calls, stays) == [2, 6]
    assert desk.turns == [[1], [3]]


async def test_who_stops_waiting_in_the_midst_of_it_does_not_stop_it_for_others():
    desk = Desk()
    gone, stays = await begun(together := Together(desk.do), 1, 2)
    await asyncio.sleep(0)
    gone.cancel()
    desk.may_go_on.set()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await together.ask(5) == 10


async def test_a_mistake_in_the_work_leaves_nobody_waiting():
    async def do(_asked):
        raise ZeroDivisionError

    with pytest.raises(StoreUnavailable, match="broken off"):
        await Together(do).ask(1)
