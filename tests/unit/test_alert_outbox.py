import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.duty_examples import end

from conductor.alerting.outbox import Outbox
from conductor.alerting.params import AlertingParams
from conductor.domain.alerts import Alert, AlertLevel
from conductor.testing import FakeClock, ToldAlerts, settle

FALL = Alert("decision:d1", AlertLevel.CRITICAL, "A room falls", "Go and look.")
OVER = replace(FALL, is_over=True, level=AlertLevel.INFO)


class Post:
    """An outbox in fake time."""

    def __init__(self, refusals=0, **params):
        self.alerts, self.clock = ToldAlerts(refusals), FakeClock(1000.0)
        self.became: Counter[str] = Counter()
        self.outbox = Outbox(
            self.alerts, self.clock, AlertingParams(**params), lambda outcome: self.became.update([outcome])
        )

    @asynccontextmanager
    async def open(self):
        sending = asyncio.create_task(self.outbox.run())
        yield self
        await end(sending)


async def test_the_same_thing_is_told_once_and_again_only_after_a_while():
    async with Post(repeat_s=3600.0).open() as post:
        assert post.outbox.put(FALL)
        assert not post.outbox.put(FALL)
        await settle()
        assert post.alerts.told == [FALL]
        await post.clock.advance_to(1000.0 + 3600.0)
        assert post.outbox.put(FALL)
        await settle()
        assert post.became == {"sent": 2, "repeated": 1}


async def test_that_something_is_over_is_told_once_and_only_of_what_was_told():
    async with Post().open() as post:
        assert not post.outbox.put(OVER)
        post.outbox.put(FALL)
        assert post.outbox.put(OVER)
        assert not post.outbox.put(OVER)
        await settle()
        assert post.alerts.told == [FALL, OVER]


async def test_what_comes_back_after_it_was_over_is_told_again():
    async with Post().open() as post:
        for alert in (FALL, OVER, FALL):
            assert post.outbox.put(alert)
        await settle()
        assert post.alerts.told == [FALL, OVER, FALL]


async def test_in_a_minute_no_more_is_told_than_somebody_can_read():
    async with Post(most_per_minute=3).open() as post:
        for number in range(10):
            post.outbox.put(replace(FALL, key=str(number)))
        await settle()
        assert [alert.key for alert in post.alerts.told] == ["0", "1", "2"]
        assert post.became["too_many"] == 7
        await post.clock.advance_to(1060.0)
        assert post.outbox.put(replace(FALL, key="9"))


async def test_who_puts_an_alert_never_waits_for_it_to_be_sent():
    post = Post()
    assert post.outbox.put(FALL)
    assert post.alerts.told == []


async def test_what_could_not_be_told_is_tried_again():
    async with Post(refusals=2, again_s=5.0).open() as post:
        post.outbox.put(FALL)
        await settle()
        await post.clock.advance_to(1005.0)
        assert post.alerts.told == []
        await post.clock.advance_to(1015.0)
        assert post.alerts.told == [FALL]
        assert post.became == {"sent": 1}


async def test_what_never_can_be_told_is_given_up_and_the_next_goes_out():
    async with Post(refusals=2, tries=2).open() as post:
        post.outbox.put(FALL)
        post.outbox.put(replace(FALL, key="another"))
        await settle()
        await post.clock.advance_to(1100.0)
        assert [alert.key for alert in post.alerts.told] == ["another"]
        assert post.became == {"failed": 1, "sent": 1}
