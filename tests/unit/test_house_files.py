"""What the files of the project may hold, and that its locks and its description agree."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from tests.house import files

ROOT = Path(__file__).parents[2]
DEPLOYED = ["deploy/requirements.txt", "deploy/requirements-build.txt", "deploy/requirements-tools.txt"]
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt", *DEPLOYED]
NPM_LOCKS = ["web/package-lock.json", "tests/timescale/package-lock.json"]


def lock(name):
    return files.pins((ROOT / name).read_text(encoding="utf-8"))


def needed(table):
    return {re.split(r"[\[<>=!~ ]", each)[0].lower() for each in table}


def test_no_file_says_where_packages_are_downloaded():
    texts = ((str(p.relative_to(ROOT)), p.read_bytes().decode(errors="replace")) for p in files.tracked(ROOT))
    assert files.addresses(texts) == []


@pytest.mark.parametrize(
    "line",
    [
        "https:" + "//example.org/a/b-1.0-py3-none-any.whl#sha256=0",
        "see http:" + "//example.org/b-1.0.tar.gz",
        "https:" + "//registry.np" + "mjs.org/x",
        "--extra-index" + "-url there",
        "x @ git+" + "https://example.org/x",
    ],
)
def test_a_download_address_is_found(line):
    assert len(files.addresses([("some.txt", f"first line\n{line}\n")])) == 1


def test_ordinary_links_are_fine():
    assert files.addresses([("some.md", "https://example.org/docs/index.html and an index of urls")]) == []


def test_git_is_asked_for_every_file():
    names = {path.relative_to(ROOT).as_posix() for path in files.tracked(ROOT)}
    assert {"Makefile", "pyproject.toml", "src/conductor/__init__.py"} <= names


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_its_hashes(name):
    assert all(re.match(r"^[a-z0-9-]+==\S+( ; .+)?$", pin) for pin in lock(name))
    assert all(lock(name).values())


@pytest.mark.parametrize("name", [*LOCKS, *NPM_LOCKS])
def test_locks_hold_no_address(name):
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NPM_LOCKS)
def test_every_locked_package_of_npm_has_its_hash(name):
    packages = json.loads((ROOT / name).read_text(encoding="utf-8"))["packages"]
    assert [path for path, entry in packages.items() if path and not entry.get("integrity")] == []


def test_users_and_developers_get_the_same_versions():
    assert lock("requirements.txt").items() <= lock("requirements-dev.txt").items()


def test_the_image_holds_what_was_tested():
    assert lock("requirements.txt").items() <= lock("deploy/requirements.txt").items()
    for name in DEPLOYED[:2]:
        assert lock(name).items() <= lock("requirements-dev.txt").items()


def test_the_locks_hold_everything_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = needed(project["project"]["dependencies"])
    dev, bench = (needed(project["dependency-groups"][group]) for group in ("dev", "bench"))
    assert runtime <= {pin.split("==")[0] for pin in lock("requirements.txt")}
    assert runtime | dev <= {pin.split("==")[0] for pin in lock("requirements-dev.txt")}
    assert bench <= {pin.split("==")[0] for pin in lock("requirements-bench.txt")}


def test_what_benchmarks_add_changes_no_version_of_what_is_there():
    others = {pin.split("==")[0]: pin for pin in lock("requirements-dev.txt") if ";" not in pin}
    assert [pin for pin in lock("requirements-bench.txt") if others.get(pin.split("==")[0], pin) != pin] == []


def test_a_package_without_a_hash_would_be_noticed():
    assert files.pins("a==1 \\\n    --hash=sha256:0\nb==2 ; python_version < '3'\n") == {
        "a==1": ["--hash=sha256:0"],
        "b==2 ; python_version < '3'": [],
    }


def test_every_make_target_explains_itself():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):(.*)$", makefile, re.MULTILINE)
    assert {"setup", "demo", "test", "bench", "fix", "lock", "clean"} <= {name for name, _ in targets}
    assert [name for name, rest in targets if "## " not in rest] == []


def test_ci_runs_the_test_command_and_nothing_else():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd ", "export "))]
    assert commands == ["make test"]


def test_the_package_tells_type_checkers_that_it_is_typed():
    assert (ROOT / "src" / "conductor" / "py.typed").exists()
