"""Ask the public databases of weaknesses about every locked package: `make audit`.

Where a database cannot be reached that is said plainly, and is no failure; a weakness that is found is one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PIP_AUDIT = ROOT / "build" / "audit" / "bin" / "pip-audit"
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")
PACKAGES = ("web", "tests/timescale")

WITHIN_S = 90.0
"""For each lock; one answers within some seconds where its database can be reached."""


@dataclass(frozen=True)
class Verdict:
    """What came of asking about one lock; `weak` is None where nobody could be asked."""

    lock: str
    weak: tuple[str, ...] | None
    why: str = ""

    def __str__(self) -> str:
        if self.weak is None:
            return f"{self.lock}: not checked, as the database could not be asked ({self.why})"
        return f"{self.lock}: {'no weakness is known' if not self.weak else 'WEAK: ' + '; '.join(self.weak)}"


Run = Callable[[Sequence[str], Path], tuple[str, str]]
"""Runs a command in a folder; what it said, and what it complained of."""


def ask_pip(lock: str, run: Run) -> Verdict:
    """What is known of the Python packages of a lock."""
    options = ("--disable-pip", "--progress-spinner", "off", "--timeout", "10", "--format", "json")
    said, complaint = run([str(PIP_AUDIT), *options, "--requirement", lock], ROOT)
    try:
        packages = json.loads(said)["dependencies"]
        weak = [
            f"{each['name']} {each['version']}: {', '.join(found['id'] for found in each['vulns'])}"
            for each in packages
            if each.get("vulns")
        ]
        passed_over = [each["skip_reason"] for each in packages if each.get("skip_reason")]
    except (KeyError, TypeError, ValueError):
        return Verdict(lock, None, _reason(complaint))
    if passed_over and not weak:
        # It says "no known vulnerabilities" of packages that nobody looked at, too.
        return Verdict(lock, None, f"{len(passed_over)} of {len(packages)} packages: {passed_over[0]}")
    return Verdict(lock, tuple(weak))


def ask_npm(folder: str, run: Run) -> Verdict:
    """What is known of the packages of `package-lock.json` in a folder."""
    lock = f"{folder}/package-lock.json"
    patience = ("--fetch-retries=0", "--fetch-timeout=10000")
    said, complaint = run(["npm", "audit", "--json", "--package-lock-only", *patience], ROOT / folder)
    try:
        found = json.loads(said)
        weak = [f"{name}: {each['severity']}" for name, each in found["vulnerabilities"].items()]
    except (KeyError, TypeError, ValueError, AttributeError):
        return Verdict(lock, None, _reason(complaint or said))
    return Verdict(lock, tuple(weak))


def run(command: Sequence[str], folder: Path) -> tuple[str, str]:
    """Run a command, but not for ever."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    except subprocess.TimeoutExpired:
        return "", f"no answer within {WITHIN_S:g} s"
    except OSError as error:
        return "", f"{command[0]}: {error.strerror}"
    return done.stdout, done.stderr


def main() -> int:
    """Ask about all locks; 1 if a weakness is known."""
    verdicts = [*(ask_pip(lock, run) for lock in LOCKS), *(ask_npm(folder, run) for folder in PACKAGES)]
    sys.stdout.writelines(f"{each}\n" for each in verdicts)
    return int(any(each.weak for each in verdicts))


def _reason(complaint: str) -> str:
    """The last line that says something; npm ends with where its log lies."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip() and "complete log" not in line]
    return lines[-1][:200] if lines else "it said nothing"


if __name__ == "__main__":
    sys.exit(main())
