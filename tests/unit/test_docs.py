"""The documents are run: what they quote, name, link and promise is held against the project itself."""

import ast
import dataclasses
import doctest
import importlib
import pkgutil
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Mapping
from enum import Enum
from inspect import getmembers, isclass
from pathlib import Path

import numpy as np
import pytest
import typer
from benchmarks.detection import DEPTHS, RATES
from benchmarks.recorded import best_delay_s
from docs import output

import conductor
from conductor.cli import app
from conductor.connectors.recordings import read_recording
from conductor.decide.bandit import BanditParams
from conductor.decide.room import DecisionParams
from conductor.learn.outcome import OutcomeParams
from conductor.loop import LoopParams
from conductor.perceive.norms import FIRST_GUESS
from conductor.perceive.perception import PerceiveParams
from conductor.settings import Settings
from conductor.sim.effects import BASE

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "recordings").glob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
MATH = (ROOT / "docs" / "math.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(conductor.__path__, "conductor.")
    if not found.name.endswith("__main__")
]
CONSTANT = re.compile(r"^\| `(?P<name>[\w.]+)` \| (?P<value>[^|]+?) \|", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
SECTION = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(text):
    """The anchors that a page offers, as code hosts make them of headings."""
    titles = SECTION.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", title)).strip().lower().replace(" ", "-") for title in titles}


def broken_links(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.finditer(text):
        target = (page.parent / link["path"]).resolve() if link["path"] else page
        anchor = link["anchor"]
        if not target.exists() or (anchor and anchor not in sections(target.read_text(encoding="utf-8"))):
            yield link[0]


def plain(value):
    """A constant as a table can show it."""
    if isinstance(value, np.ndarray):
        return tuple(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): each for key, each in value.items()}
    return value


def values_named(name):
    """What a constant, or a field's default, is in the code; one value for each place that has it."""
    owner, _, field = name.partition(".")
    found = [getattr(module, owner) for module in MODULES if hasattr(module, owner)]
    if not field:
        return [plain(value) for value in found]
    fields = [each for cls in found for each in dataclasses.fields(cls) if each.name == field]
    return [plain(each.default) for each in fields]


def parameters(params):
    """Every field of a dataclass of parameters that holds a number, with those within it."""
    for field in dataclasses.fields(params):
        value = getattr(params, field.name)
        if dataclasses.is_dataclass(value):
            yield from parameters(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{type(params).__name__}.{field.name}"


def domain_enums():
    modules = [module for module in MODULES if module.__name__.startswith("conductor.domain.")]
    found = {cls for module in modules for _, cls in getmembers(module, isclass) if issubclass(cls, Enum)}
    return sorted((cls for cls in found if cls.__module__.startswith("conductor.")), key=lambda cls: cls.__name__)


def rows_after(text, heading):
    """The rows of the first table after these words, as lists of cells."""
    lines = text[text.index(heading) :].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("|---"))
    rows = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda p: p.name)
def test_quoted_output_is_what_the_commands_print(page):
    text = page.read_text(encoding="utf-8")
    assert text == output.renewed(text), "run docs/output.py"


def test_the_readme_quotes_the_demo_and_a_replay():
    assert {found["command"].split()[1] for found in output.BLOCK.finditer(README)} >= {"demo", "replay"}


def test_invented_output_would_be_noticed():
    invented = "```console\n$ conductor --version\nconductor 99\n```\n"
    assert output.renewed(invented) == f"```console\n$ conductor --version\nconductor {conductor.__version__}\n```\n"


def test_only_our_own_commands_are_quoted():
    with pytest.raises(ValueError, match="only conductor commands"):
        output.run("rm --help")


def test_a_quoted_command_has_to_succeed():
    with pytest.raises(ValueError, match="ended with 2"):
        output.run("conductor dance")


def test_of_a_room_told_tick_by_tick_only_what_happens_is_quoted():
    ticks = [f" 0:{n:02}  ███░  7 %" for n in range(5, 60, 5)]
    lines = ["A title", "", *ticks[:6], "       ▼ Critical", *ticks[6:], "", "Rescued"]
    quoted = [ticks[0], "   ⋮", ticks[4], ticks[5], "       ▼ Critical", ticks[6], "   ⋮", ticks[-1], "", "Rescued"]
    assert output.shortened(lines) == quoted


def test_the_page_begins_with_what_it_is_how_to_run_it_and_what_that_prints():
    beginning = "\n".join(README.splitlines()[:30])
    for wanted in ("make demo", "make test", "perceive", "decide", "act", "learn", "$ conductor demo --once", "▼"):
        assert wanted in beginning


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = [span for page in PAGES for span in re.findall(r"`([^`]+)`", page.read_text(encoding="utf-8"))]
    named = {found for span in code for found in re.findall(r"(?:^|\n)make ([a-z]+)", span)}
    assert named >= {"setup", "demo", "test", "bench"}
    assert named <= targets


def test_every_command_and_option_that_the_readme_names_exists():
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    named = re.findall(r"conductor ([a-z]+)((?: [^`\n#]*)?)", "\n".join(re.findall(r"`+([^`]+)`+", README)))
    assert {command for command, _ in named} >= {"demo", "replay", "simulate"}
    for command, rest in named:
        named_one = group.commands[command]
        own = named_one.commands.values() if isinstance(named_one, typer.core.TyperGroup) else [named_one]
        known = {option for each in own for param in each.params for option in param.opts}
        assert {word for word in shlex.split(rest) if word.startswith("--")} <= known
    options = {option for param in group.commands["replay"].params for option in param.opts}
    assert {row[0].strip("`").split()[0] for row in rows_after(README, "| option |")} < options


def test_the_installed_command_answers():
    done = subprocess.run([sys.executable, "-m", "conductor", "--help"], capture_output=True, text=True, check=True)
    for command in ("demo", "replay", "simulate"):
        assert command in done.stdout


def test_the_lines_that_show_the_format_can_be_played(tmp_path):
    lines = next(found["body"] for found in FENCE.finditer(README) if found["language"] == "json")
    path = tmp_path / "own.jsonl"
    path.write_text(lines, encoding="utf-8")
    recording = read_recording(path)
    assert recording.losses == ()
    assert len(recording.signals) == len(lines.splitlines())
    assert recording.profile.title == "Team meeting"


def test_the_thresholds_that_the_readme_names_are_the_defaults():
    default = Settings()
    assert f"`ENGAGEMENT_THRESHOLD` ({default.engagement_threshold})" in README
    assert f"`ANOMALY_WARNING_THRESHOLD` ({default.warning_threshold})" in README
    assert f"`ANOMALY_CRITICAL_THRESHOLD` ({default.critical_threshold})" in README
    assert f"(`{default.label}`)" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    assert list(broken_links(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_gap_was_left_to_be_filled(page):
    assert re.findall(r"@@\w+@@|TODO|TBD|FIXME", page.read_text(encoding="utf-8")) == []


def test_a_link_to_nowhere_would_be_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](#here) [b](#there) [c](no.md) [d](page.md#here)\n", encoding="utf-8")
    assert list(broken_links(page)) == ["](#there)", "](no.md)"]


def test_every_file_that_the_tour_names_exists():
    tour = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+\.(?:py|toml))`", tour))
    assert len(named) > 30
    assert [
        name for name in sorted(named) if not any((ROOT / at / name).exists() for at in ("src/conductor", ""))
    ] == []


def test_the_tour_passes_through_every_module_of_the_agent():
    tour = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    for room in ("perceive", "decide", "act", "learn"):
        files = (ROOT / "src" / "conductor" / room).glob("*.py")
        assert [f.name for f in sorted(files) if f.name != "__init__.py" and f"`{room}/{f.name}`" not in tour] == []


def test_every_constant_has_the_value_that_the_page_gives():
    named = CONSTANT.findall(MATH)
    assert len(named) > 100
    wrong = [
        f"{name}: {value} on the page, {found} in the code"
        for name, value in named
        if not (found := values_named(name)) or any(each != ast.literal_eval(value) for each in found)
    ]
    assert wrong == []


@pytest.mark.parametrize("params", [PerceiveParams(), LoopParams(), BanditParams(), DecisionParams(), OutcomeParams()])
def test_no_parameter_is_missing_from_the_page(params):
    named = {name for name, _ in CONSTANT.findall(MATH)}
    assert set(parameters(params)) <= named


def test_first_guesses_are_those_of_the_code():
    rows = rows_after(MATH, "First guesses")
    shown = {row[0]: tuple(float(cell) for cell in row[1:]) for row in rows}
    assert shown == {str(kind): guess for kind, guess in FIRST_GUESS.items()}


def test_chances_in_the_simulated_rooms_are_those_of_the_code():
    rows = rows_after(MATH, "| in the middle of a mid-sized talk |")
    shown = {row[0]: tuple(float(cell) for cell in row[1:]) for row in rows}
    assert shown == {str(arm): tuple(chances.values()) for arm, chances in BASE.items()}


def test_the_best_possible_delays_are_computed():
    rows = rows_after(MATH, "### How fast anybody could be")
    assert rows == [[str(rate), *(f"{best_delay_s(rate, depth):.0f} s" for depth in DEPTHS)] for rate in RATES]


@pytest.mark.parametrize("enum", domain_enums(), ids=lambda enum: enum.__name__)
def test_every_word_of_the_domain_is_in_the_glossary(enum):
    words = set(re.findall(r"`([^`]+)`", GLOSSARY))
    assert enum.__name__ in words
    assert {member.name if issubclass(enum, int) else str(member) for member in enum} <= words


def test_the_glossary_is_in_alphabetical_order():
    terms = [re.sub(r"[*`]", "", row[0]).lower() for row in rows_after(GLOSSARY, "| term |")]
    assert len(terms) > 60
    assert terms == sorted(terms)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_in_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0


PYTHON = [
    (page.name, found["body"])
    for page in PAGES
    for found in FENCE.finditer(page.read_text(encoding="utf-8"))
    if found["language"] == "python"
]


@pytest.mark.parametrize(("page", "example"), PYTHON)
def test_examples_in_python_run(page, example, tmp_path):
    path = tmp_path / "example.py"
    path.write_text(example, encoding="utf-8")
    assert "__name__" in runpy.run_path(str(path))
