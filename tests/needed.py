"""Programs that tests need and that may not be there."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

REQUIRED = os.environ.get("CONDUCTOR_TESTS_REQUIRED", "") not in ("", "0")
"""Whether tests fail where there is nothing to run them with; elsewhere they are left out."""

UNPACKED = ROOT / "build" / "tools" / "usr" / "bin"
"""Where `make test` puts what no package of Python holds."""


def program(name):
    """Where a program is; where there is none, the test is left out, or fails if nothing may be."""
    found = shutil.which(name) or shutil.which(name, path=UNPACKED)
    if found is None:
        (pytest.fail if REQUIRED else pytest.skip)(f"there is no {name} here; `make test` gets it on Debian")
    return found
