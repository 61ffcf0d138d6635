"""How code is written here. Each rule holds for the real tree, and is shown to catch code that breaks it."""

import re
from pathlib import Path

import pytest
from tests.house import sizes, words
from tests.house.sources import read, snippet

ROOT = Path(__file__).parents[2]
SOURCES = read(ROOT / "src", ROOT / "src")
TESTS = read(ROOT / "tests", ROOT)
EVERYTHING = [*SOURCES, *TESTS, *read(ROOT / "benchmarks", ROOT), *read(ROOT / "recordings", ROOT)]

FILE_LINES = 300
FUNCTION_LINES = 50
MEDIAN_BODY_LINES = 10
PROTOCOL_METHODS = 5
TEST_NAME_WORDS = 3

# Module → why it has to catch everything. Only the boundary of a task may.
CATCHES_ALL: dict[str, str] = {
    "conductor.bootstrap.demo": "a demo that fails must not take the service down with it",
    "conductor.live.gateway": "one emit of one person must not end the connection of anybody",
    "conductor.live.hall": "one room that fails must not hold up the others, each of which is a task of its own",
    "conductor.workflow.threads": "one decision that fails must not stop the others; the log says what it was",
    "conductor.live.service": "a task of the rooms must not end while the service goes on",
}

DROPS_CANCELLATION = re.compile(r"asyncio\.wait_for(\(…\))?")

SEEDED = {"domain", "perceive", "decide", "act", "learn", "loop"}
PURE = SEEDED - {"act"}
CLOCK_OR_CHANCE = re.compile(
    r"""
    time\..+
    | datetime\.datetime\.(now|utcnow|today).* | datetime\.date\.today.*
    | random\.(?!Random\b).+ | random\.Random\(\)
    | numpy\.random\.(?!(Generator|BitGenerator|SeedSequence|PCG64|Philox|default_rng)\b).+
    | numpy\.random\.\w+\(\)
    | uuid\.uuid[14].* | os\.urandom.* | secrets\..+
    | hash\(…\) | id\(…\)
    """,
    re.VERBOSE,
)
PATCHED_OR_SLEPT = re.compile(
    r"unittest\.mock\b.* | time\.sleep.* | (monkeypatch|mocker)\.(setattr|setitem|patch).*", re.VERBOSE
)


def test_every_file_is_short():
    assert sizes.long_files(EVERYTHING, FILE_LINES) == []


def test_a_long_file_is_found():
    assert sizes.long_files(snippet("x = 1\n" * 299), FILE_LINES) == []
    assert len(sizes.long_files(snippet("x = 1\n" * 300), FILE_LINES)) == 1


def test_every_function_is_short():
    assert sizes.long_functions(EVERYTHING, FUNCTION_LINES) == []


def test_a_long_function_is_found_and_its_docstring_is_not_counted():
    body = "    x = 1\n"
    assert sizes.long_functions(snippet("def f():\n" + body * 48), FUNCTION_LINES) == []
    assert sizes.long_functions(snippet('def f():\n    """A\n\n    b."""\n' + body * 48), FUNCTION_LINES) == []
    assert len(sizes.long_functions(snippet("async def f():\n" + body * 49), FUNCTION_LINES)) == 1


def test_half_of_the_functions_are_very_short():
    assert sizes.median_body(SOURCES) < MEDIAN_BODY_LINES


def test_the_median_counts_lines_with_code_only():
    code = 'def f():\n    """Doc."""\n    # why\n    x = 1\n\n    y = 2\n\ndef g():\n    """Doc."""\n'
    assert sizes.median_body(snippet(code)) == 2


def test_ports_are_narrow():
    ports = [src for src in SOURCES if src.room == "ports"]
    assert sizes.wide_protocols(ports, PROTOCOL_METHODS) == []


def test_a_wide_port_is_found():
    methods = "".join(f"    def m{i}(self): ...\n" for i in range(6))
    assert len(sizes.wide_protocols(snippet(f"class Wide(Protocol):\n{methods}"), PROTOCOL_METHODS)) == 1
    assert sizes.wide_protocols(snippet(f"class Plain:\n{methods}"), PROTOCOL_METHODS) == []


def test_no_checker_is_switched_off():
    assert words.exemptions(EVERYTHING) == []


@pytest.mark.parametrize("comment", ["# noqa", "#noqa: E501", "# type: ignore[arg-type]", "# ruff: noqa", "# mypy: x"])
def test_a_switched_off_checker_is_found(comment):
    assert len(words.exemptions(snippet(f"x = 1  {comment}\n"))) == 1


def test_a_checker_named_in_a_string_is_not_switched_off():
    assert words.exemptions(snippet("x = '# noqa'\n")) == []


def test_nothing_catches_everything_but_at_the_boundary_of_a_task():
    assert words.broad_excepts(EVERYTHING, CATCHES_ALL) == []
    assert all(CATCHES_ALL.values())


@pytest.mark.parametrize(
    "code",
    [
        "try: f()\nexcept Exception: g()",
        "try: f()\nexcept (KeyError, BaseException) as e: g()",
        "try: f()\nexcept: g()",
        "import contextlib\nwith contextlib.suppress(Exception): f()",
    ],
)
def test_a_catch_all_is_found_unless_its_module_has_a_reason(code):
    assert len(words.broad_excepts(snippet(code), {})) == 1
    assert words.broad_excepts(snippet(code), {"conductor.perceive.snippet": "a task's boundary"}) == []


def test_catching_one_kind_of_error_is_fine():
    assert words.broad_excepts(snippet("try: f()\nexcept KeyError: g()"), {}) == []


def test_nothing_that_is_to_end_goes_on_because_what_it_awaited_came_at_that_moment():
    # Up to Python 3.11 `wait_for` drops a cancellation in that case; `asyncio.timeout` never does.
    assert words.uses(SOURCES, DROPS_CANCELLATION) == []


def test_a_wait_that_may_drop_a_cancellation_is_found():
    code = "import asyncio\nasync def f(e): await asyncio.wait_for(e.wait(), 1)"
    assert len(words.uses(snippet(code), DROPS_CANCELLATION)) == 1


def test_the_core_reads_no_clock_and_rolls_no_dice_of_its_own():
    assert words.uses([src for src in SOURCES if src.room in SEEDED], CLOCK_OR_CHANCE) == []


@pytest.mark.parametrize(
    "code",
    [
        "import time\nx = time.time()",
        "from time import monotonic as tick\nx = tick()",
        "from datetime import datetime, UTC\nx = datetime.now(UTC)",
        "import datetime as dt\nx = dt.date.today()",
        "import random\nx = random.choice([1])",
        "import random\nx = random.Random()",
        "from random import shuffle\nshuffle([1])",
        "import numpy as np\nx = np.random.rand(3)",
        "from numpy.random import default_rng\nx = default_rng()",
        "import uuid\nx = uuid.uuid4()",
        "import os\nx = os.urandom(8)",
        "x = hash('room')",
    ],
)
def test_a_clock_or_dice_in_the_core_is_found(code):
    assert len(words.uses(snippet(code), CLOCK_OR_CHANCE)) >= 1


@pytest.mark.parametrize(
    "code",
    [
        "import random\nx = random.Random(7).random()",
        "import numpy as np\nx = np.random.default_rng(7)\ny: np.random.Generator = x",
        "def f(time, rng):\n    return time.seconds + rng.random()",
        "from datetime import UTC, datetime\nx = datetime.fromtimestamp(0, UTC)",
    ],
)
def test_time_and_chance_that_are_handed_in_are_fine(code):
    assert words.uses(snippet(code), CLOCK_OR_CHANCE) == []


def test_the_pure_rooms_never_wait():
    assert words.waiting([src for src in SOURCES if src.room in PURE]) == []


def test_a_function_that_could_wait_is_found():
    assert len(words.waiting(snippet("async def f(): ..."))) == 1


def test_the_words_of_the_domain_never_change_once_said():
    assert words.loose_dataclasses([src for src in SOURCES if src.room == "domain"]) == []


@pytest.mark.parametrize("decorator", ["@dataclass", "@dataclass(frozen=True)", "@dataclasses.dataclass(slots=True)"])
def test_a_dataclass_that_can_change_is_found(decorator):
    assert len(words.loose_dataclasses(snippet(f"{decorator}\nclass Loose:\n    x: int"))) == 1


def test_everything_is_named_after_what_it_does():
    assert words.vague_names(SOURCES) == []


def test_a_vague_name_is_found():
    assert len(words.vague_names(snippet("class SessionManager: ...", "conductor.utils"))) == 2


def test_everything_public_says_what_it_is():
    assert words.undocumented(SOURCES) == []


@pytest.mark.parametrize("code", ["x = 1", '"""Doc."""\ndef f(): ...', '"""Doc."""\nclass C: ...'])
def test_a_missing_docstring_is_found(code):
    assert len(words.undocumented(snippet(code))) == 1


def test_every_test_is_named_with_a_sentence():
    assert words.short_test_names(TESTS, TEST_NAME_WORDS) == []


def test_a_test_without_a_sentence_is_found():
    assert len(words.short_test_names(snippet("def test_score(): ..."), TEST_NAME_WORDS)) == 1


def test_tests_use_fakes_and_never_sleep():
    assert words.uses(TESTS, PATCHED_OR_SLEPT) == []


@pytest.mark.parametrize(
    "code",
    [
        "from unittest.mock import Mock\nx = Mock()",
        "import time\ntime.sleep(1)",
    ],
)
def test_a_mock_or_a_sleep_is_found(code):
    assert len(words.uses(snippet(code), PATCHED_OR_SLEPT)) >= 1
