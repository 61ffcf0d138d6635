"""What is told while something else is being told is said once, and in order."""

import asyncio
import json

from conductor.adapters.bus_memory import MemoryBus
from conductor.domain.events import DecisionLapsed
from conductor.duty.outlet import Outlet


class SlowBus(MemoryBus):
    """One that takes what it is given only after others have had their turn."""

    async def append(self, entries):
        """Keep these, later."""
        for _ in range(3):
            await asyncio.sleep(0)
        await super().append(entries)


async def test_several_who_tell_at_once_say_everything_once_and_in_order():
    bus = SlowBus()
    outlet = Outlet(bus)
    happened = [DecisionLapsed(f"d-{n}", "s", "e", float(n), "nobody answered in time") for n in range(4)]
    async with bus.subscribe("session:*:events") as heard:
        await asyncio.gather(*(outlet.tell([event]) for event in happened))
        said = [json.loads((await anext(heard)).body)["data"]["decision_id"] for _ in happened]
        assert outlet.backlog == 0
        await bus.close()
        assert [message async for message in heard] == []
    assert said == [event.decision_id for event in happened]
