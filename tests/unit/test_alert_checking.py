from conductor.alerting.checking import Checking
from conductor.alerting.params import AlertingParams
from conductor.domain.alerts import Alert
from conductor.errors import BusUnavailable, NotWorking
from conductor.testing import FakeClock


class Surroundings:
    """A worker and a bus, either of which may be away."""

    def __init__(self):
        self.away: set[str] = set()
        self.told: list[Alert] = []
        self.gauges: dict[str, float] = {}
        checks = {"worker": self.worker, "bus": self.bus}
        params = AlertingParams(patience=3)
        self.checking = Checking(checks, self.told.append, FakeClock(0.0), params, self.gauges.__setitem__)

    async def worker(self):
        if "worker" in self.away:
            raise NotWorking("no tick")

    async def bus(self):
        if "bus" in self.away:
            raise BusUnavailable("away")

    async def ask(self, times):
        self.told.clear()
        for _ in range(times):
            await self.checking.ask_all()
        return [alert for alert in self.told if not alert.is_over]


async def test_what_is_gone_for_a_while_is_told():
    there = Surroundings()
    there.away = {"worker"}
    assert await there.ask(2) == []
    (alert,) = await there.ask(1)
    assert alert.key == "dependency:worker"
    assert "does not tick" in alert.title


async def test_a_short_absence_is_no_alarm():
    there = Surroundings()
    for _ in range(5):
        there.away = {"bus"}
        assert await there.ask(2) == []
        there.away = set()
        assert await there.ask(1) == []


async def test_what_works_again_is_told_to_be_over_under_the_same_key():
    there = Surroundings()
    there.away = {"bus"}
    gone = (await there.ask(3))[0]
    there.away = set()
    await there.ask(1)
    assert [alert.key for alert in there.told if alert.is_over and alert.key == gone.key] == [gone.key]


async def test_each_answer_is_noted_at_once():
    there = Surroundings()
    there.away = {"bus"}
    await there.ask(1)
    assert there.gauges == {"worker": True, "bus": False}
