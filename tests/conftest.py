"""Property tests draw the same examples on every machine and in every run; fake time passes as fast as it can."""

import os

from hypothesis import settings

from conductor.testing import SettlingLoop

settings.register_profile("same-everywhere", derandomize=True, deadline=None, max_examples=60, database=None)
# Ten times as many, and others in each run: CONDUCTOR_LAWS=thorough pytest tests/laws
settings.register_profile("thorough", deadline=None, max_examples=600, database=None)
settings.load_profile(os.environ.get("CONDUCTOR_LAWS", "same-everywhere"))


def pytest_asyncio_loop_factories():
    """Every test in a loop that knows when nobody has anything left to do."""
    return {"settling": SettlingLoop}
