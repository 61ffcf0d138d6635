"""Property tests draw the same examples on every machine and in every run; fake time passes as fast as it can."""

from hypothesis import settings

from conductor.testing import SettlingLoop

settings.register_profile("same-everywhere", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("same-everywhere")


def pytest_asyncio_loop_factories():
    """Every test in a loop that knows when nobody has anything left to do."""
    return {"settling": SettlingLoop}
