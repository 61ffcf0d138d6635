#!/usr/bin/env python3
"""Puts real output into the documents: a `console` block holds what the command in its first line prints.

Run it when a command's output has changed: `.venv/bin/python docs/output.py`. A test compares the two
(`tests/unit/test_docs.py`).
"""

from __future__ import annotations

import os
import re
import shlex
from contextlib import chdir
from pathlib import Path

from typer.testing import CliRunner

from conductor.cli import app

ROOT = Path(__file__).parent.parent
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

WIDTH = 100
"""Columns; as many as a page shows without a scroll bar."""

BLOCK = re.compile(r"^```console\n\$ (?P<command>[^\n]+)\n.*?^```$", re.MULTILINE | re.DOTALL)

LEFT_OUT = "   ⋮"
"""Stands for lines that were left out."""

TICK = re.compile(r" ?\d+:\d\d  [█░]+ ")

SET_OUTSIDE = re.compile(r"(CONDUCTOR|ENGAGEMENT|ANOMALY)_")
"""Variables of the environment that would change what is printed."""


def run(command: str) -> list[str]:
    """What a `conductor` command prints, line by line.

    Raises:
        ValueError: It is another command, or it failed.
    """
    program, *arguments = shlex.split(command)
    if program != "conductor":
        raise ValueError(f"only conductor commands can be quoted, not {command!r}")
    environment: dict[str, str | None] = dict.fromkeys(filter(SET_OUTSIDE.match, os.environ))
    with chdir(ROOT):
        done = CliRunner().invoke(app, arguments, env=environment | {"COLUMNS": str(WIDTH)})
    if done.exit_code:
        raise ValueError(f"{command} ended with {done.exit_code}: {done.output}")
    return [line.rstrip() for line in done.output.rstrip().splitlines()]


def shortened(lines: list[str]) -> list[str]:
    """Of a room told tick by tick only what happened, with the ticks around it; lines cut where the page ends."""
    ticks = [i for i, line in enumerate(lines) if TICK.match(line)]
    if ticks:
        told = [i for i in range(ticks[0], ticks[-1]) if i not in ticks]
        kept = {ticks[0], *(near for i in told for near in (i - 2, i - 1, i, i + 1)), *range(ticks[-1], len(lines))}
        lines = [lines[i] if i in kept else LEFT_OUT for i in range(ticks[0], len(lines)) if i in kept or i - 1 in kept]
    return [line if len(line) <= WIDTH else f"{line[: WIDTH - 2]} …" for line in lines]


def renewed(text: str) -> str:
    """A document with the output of its commands as it is now."""

    def block(found: re.Match[str]) -> str:
        command = found["command"]
        return "\n".join(["```console", f"$ {command}", *shortened(run(command)), "```"])

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    for document in DOCUMENTS:
        document.write_text(renewed(document.read_text(encoding="utf-8")), encoding="utf-8")
