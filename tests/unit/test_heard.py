"""What platforms said waits in order; of too much the oldest goes, and is counted."""

from conductor.domain.bus import Message
from conductor.duty.heard import Heard

SAID = [Message("chat:message:new", b"%d" % number) for number in range(5)]


async def test_what_was_said_is_taken_once_and_in_order():
    heard = Heard()
    for message in SAID:
        heard.add(message)
    await heard.wait()
    assert heard.take() == SAID
    assert heard.take() == []


def test_of_too_much_the_oldest_goes_and_is_counted_and_logged_once(caplog):
    heard = Heard(held=3)
    for message in SAID:
        heard.add(message)
    assert heard.take() == SAID[2:]
    assert heard.take() == []
    assert heard.lost == 2
    assert [record.getMessage() for record in caplog.records] == [
        "2 messages of platforms are lost: the bus was away for too long"
    ]
