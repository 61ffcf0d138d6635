import pytest
from redis.exceptions import BusyLoadingError, ResponseError, WatchError

from conductor.adapters.redis_link import Link
from conductor.errors import BusUnavailable

NOWHERE = "redis://127.0.0.1:1"


@pytest.mark.parametrize("why", [BusyLoadingError("loading"), WatchError("A BusyLoadingError occurred while watching")])
async def test_a_server_that_is_still_loading_is_asked_again_within_a_transaction_too(why):
    link, tries = Link(NOWHERE, 5.0), []

    async def work(_client, failures):
        tries.append(failures)
        if len(tries) == 1:
            raise why
        return "done"

    assert await link.call(work) == "done"
    assert tries == [0, 1]
    await link.close()


async def test_a_server_that_refuses_is_not_asked_again():
    link, tries = Link(NOWHERE, 5.0), []

    async def work(_client, failures):
        tries.append(failures)
        raise ResponseError("no such command")

    with pytest.raises(BusUnavailable, match="refused: no such command"):
        await link.call(work)
    assert tries == [0]
    await link.close()
