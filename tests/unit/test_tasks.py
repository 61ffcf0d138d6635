import asyncio

import pytest

from conductor.bootstrap.tasks import refuse_if, tasks_until_end, unless
from conductor.errors import NotWorking


async def fail():
    raise ValueError("a fault of ours")


async def test_a_task_that_fails_is_known_and_nobody_waits_for_what_it_would_have_done():
    broken, never = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(5.0), tasks_until_end(broken) as start:
        start(fail())
        with pytest.raises(NotWorking, match="its log says why"):
            await unless(broken, never)


async def test_tasks_that_go_on_are_ended_with_the_context_and_break_nothing():
    broken, ready = asyncio.Event(), asyncio.Event()

    async def go_on():
        ready.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(5.0), tasks_until_end(broken) as start:
        task = start(go_on())
        await unless(broken, ready)

    assert task.cancelled()
    refuse_if(broken)
