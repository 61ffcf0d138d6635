"""What the tracked files hold, read as plain text."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

# Written in pieces that do not match themselves.
ADDRESS = re.compile(
    r"""
    https?://\S+\.(?:whl|tar\.gz|tgz)\b           # an archive to download
    | https?://[\w.-]*\b(?:pypi|pythonhosted|npmjs|crates)\.\w   # a package registry
    | \bindex[-]url\b                             # where an installer should look
    | \bgit\+(?:https?|ssh)[:]                    # a package straight from a repository
    """,
    re.VERBOSE,
)


def tracked(root: Path) -> Iterator[Path]:
    """Every file that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return (path for name in listing.split("\0") if name and (path := root / name).is_file())


def addresses(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of (name, text) pairs that say where packages are to be downloaded."""
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts
        for number, line in enumerate(text.splitlines(), 1)
        if ADDRESS.search(line)
    ]


def pins(lock: str) -> dict[str, list[str]]:
    """Each `name==version` line of a lock (with its condition) and its hashes."""
    found: dict[str, list[str]] = {}
    last = ""
    for line in lock.splitlines():
        if line and not line.startswith((" ", "#")):
            last = line.removesuffix("\\").strip()
            found[last] = []
        elif "--hash=" in line:
            found[last].append(line.strip())
    return found
