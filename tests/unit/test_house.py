"""Who imports whom. Each rule holds for the real tree, and is shown to catch code that breaks it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house import imports
from tests.house.sources import Source, read, snippet

ROOT = Path(__file__).parents[2]
SOURCES = read(ROOT / "src", ROOT / "src")

# Room → the rooms that it may import. A new room needs a row here, and a good reason for each word in it.
TABLE = {
    "": (),
    "domain": (),
    "errors": (),
    "perceive": ("domain",),
    "decide": ("domain",),
    "learn": ("domain",),
    "ports": ("domain", "errors"),
    "wire": ("domain", "errors"),
    "act": ("domain", "errors", "ports"),
    "course": ("decide", "domain", "learn"),
    "trying": ("decide", "domain", "learn"),
    "horizons": ("course", "domain", "perceive", "decide", "learn"),
    "watching": ("course", "horizons", "domain", "perceive", "decide", "learn"),
    "answering": ("course", "watching", "domain", "perceive", "decide"),
    "loop": ("loop_params", "answering", "course", "watching", "domain", "perceive", "decide", "learn"),
    "workflow": ("domain", "errors", "ports", "act", "wire"),
    "loop_params": ("decide", "learn", "perceive"),
    "worker": ("domain", "errors", "ports", "act", "loop", "workflow"),
    "duty": ("domain", "errors", "ports", "wire", "worker"),
    "overview": ("domain", "wire"),
    "following": ("domain", "errors", "ports", "wire", "overview"),
    "access": ("domain", "errors"),
    "alerting": ("domain", "errors", "ports"),
    "limits": ("domain", "errors"),
    "live": ("domain", "errors", "ports", "wire", "access", "limits", "overview", "following"),
    "service": ("domain", "errors", "ports", "wire", "access", "learn", "limits", "overview"),
    "adapters": ("domain", "errors", "ports", "wire"),
    "connectors": ("domain", "errors", "ports", "wire"),
    "sim": ("domain", "ports"),
    "testing": ("adapters", "domain", "errors", "ports"),
    "settings": ("domain", "errors"),
    "telemetry": ("domain", "errors", "ports"),
    "telling": ("domain", "learn"),
    "replay": ("act", "domain", "perceive", "loop", "worker"),
    "simulate": ("decide", "domain", "perceive", "replay", "sim", "telling", "worker"),
    "cli": ("bootstrap", "connectors", "domain", "errors", "settings", "telling"),
    "__main__": ("cli",),
}
TABLE["bootstrap"] = tuple(room for room in TABLE if room not in {"cli", "__main__"})

# Room → the libraries beyond the standard one that it may import. Rooms without a row may import any.
LIBRARIES = {
    "domain": (),
    "errors": (),
    "ports": (),
    "perceive": ("numpy",),
    "decide": ("numpy",),
    "learn": ("numpy",),
    "loop": ("numpy",),
    "act": (),
    "telemetry": ("opentelemetry", "prometheus_client", "structlog"),
}

AT_THE_EDGE = {"wire", "settings"}
PURE = {"domain", "perceive", "decide", "learn", "loop"}
DOORS = {"asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "select", "shutil", "signal"}
DOORS |= {"socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib"}
HEAVY = {
    "aiosqlite",
    "anthropic",
    "fastapi",
    "langchain",
    "langchain_anthropic",
    "langchain_core",
    "langchain_openai",
    "langgraph",
    "langsmith",
    "numpy",
    "openai",
    "opentelemetry.sdk",
    "prometheus_client",
    "structlog",
    "apprise",
    "river",
    "rich.progress",
    "scipy",
    "socketio",
    "sqlalchemy",
    "uvicorn",
}


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after one statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_rooms_import_only_the_rooms_they_may():
    assert imports.misplaced_imports(SOURCES, TABLE) == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("conductor.domain.snippet", "from conductor.errors import NotFound"),
        ("conductor.perceive.snippet", "import conductor.decide.bandit"),
        ("conductor.perceive.snippet", "from ..decide import bandit"),
        ("conductor.learn.snippet", "def late():\n    from conductor.perceive import score"),
        ("conductor.act.snippet", "if TYPE_CHECKING:\n    import conductor.loop"),
        ("conductor.worker", "import importlib\nimportlib.import_module('conductor.adapters.store_sql')"),
        ("conductor.worker", "from conductor import bootstrap"),
        ("conductor.bootstrap", "from conductor.cli import main"),
        ("conductor.attic.snippet", "import json"),
    ],
)
def test_an_import_across_the_wrong_rooms_is_found(module, code):
    rooms = [empty for room in TABLE for empty in snippet("", f"conductor.{room}")]
    assert len(imports.misplaced_imports([*rooms, *snippet(code, module)], TABLE)) == 1


def test_imports_that_the_table_allows_are_let_through():
    code = "import json\nfrom conductor.domain.signals import Signal\nfrom . import rows\nimport conductor"
    assert imports.misplaced_imports(snippet(code), TABLE) == []


def test_the_written_decision_has_the_same_table():
    decision = next((ROOT / "docs" / "decisions").glob("0001-*.md")).read_text(encoding="utf-8")
    written: dict[str, set[str]] = {}
    for rooms, may, _ in re.findall(r"^\| (`.+?) \| (.+?) \| (.+) \|$", decision, re.MULTILINE):
        named = set(re.findall(r"`(\w+)`", may))
        written |= {
            room: TABLE.keys() - {"", room} - named if may.startswith("all but") else named
            for room in re.findall(r"`(\w+)`", rooms)
        }
    assert written == {room: set(may) - {""} for room, may in TABLE.items() if room}


def test_only_the_command_line_may_import_what_builds():
    assert [room for room, may in TABLE.items() if "bootstrap" in may] == ["cli"]


def test_no_modules_import_each_other_in_a_circle():
    assert imports.cycle(SOURCES) == []


def test_a_circle_is_found_even_if_one_import_hides_in_a_function():
    there = snippet("import conductor.act.b", "conductor.act.a")
    back = snippet("def late():\n    from conductor.act import a", "conductor.act.b")
    assert set(imports.cycle([*there, *back])) == {"conductor.act.a", "conductor.act.b"}


def test_the_core_needs_no_library_but_numpy():
    assert imports.foreign_imports(SOURCES, LIBRARIES) == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("conductor.domain.snippet", "import numpy as np"),
        ("conductor.perceive.snippet", "from scipy import stats"),
    ],
)
def test_a_library_in_the_core_is_found(module, code):
    assert len(imports.foreign_imports(snippet(code, module), LIBRARIES)) == 1


def test_only_the_workflow_and_where_its_threads_are_kept_know_langgraph():
    elsewhere = [src for src in SOURCES if src.room != "workflow" and src.module != "conductor.adapters.checkpoints"]
    assert imports.imports_of(elsewhere, {"langgraph"}) == []


def test_langgraph_elsewhere_is_found():
    assert len(imports.imports_of(snippet("def late():\n    from langgraph.types import Command"), {"langgraph"})) == 1


def test_messages_are_checked_at_the_edge_and_nowhere_else():
    inside = [src for src in SOURCES if src.room not in AT_THE_EDGE]
    assert imports.imports_of(inside, {"msgspec", "pydantic"}) == []


def test_the_pure_rooms_open_no_door_to_the_world():
    assert imports.imports_of([src for src in SOURCES if src.room in PURE], DOORS) == []


@pytest.mark.parametrize("code", ["import os.path", "from time import monotonic", "import asyncio as a"])
def test_an_open_door_is_found(code):
    assert len(imports.imports_of(snippet(code), DOORS)) == 1


@pytest.mark.parametrize("module", ["conductor", "conductor.cli"])
def test_the_command_line_answers_before_anything_heavy_is_loaded(module):
    exists = any(src.module == module for src in SOURCES)
    assert loaded_by(f"import {module}" if exists else "import conductor") & HEAVY == set()


def test_a_heavy_import_is_noticed():
    assert "numpy" in loaded_by("import numpy") & HEAVY


def test_leading_dots_are_counted_from_the_file_or_the_package():
    module = snippet("from .score import x", "conductor.perceive.feed")[0]
    package = Source("conductor.perceive", module.text, module.tree, is_package=True)
    assert [*imports.imported_names(module)] == [*imports.imported_names(package)]
