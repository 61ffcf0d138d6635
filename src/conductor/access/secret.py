"""The secret that is made and kept on this machine when nobody gave one."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from conductor.access.tokens import LEAST_SECRET_BYTES
from conductor.errors import StoreUnavailable, UnreadableState

SECRET_BYTES = 48
"""Bytes of chance in a secret; more than the 32 that HS256 can use."""


def kept_secret(path: Path) -> str:
    """The secret in a file that only its owner may read; made if there is none.

    Programs that start at the same time get the same one: each writes its own beside it, and the first that links it
    to the name wins. So nobody ever reads half a secret.

    Raises:
        UnreadableState: The file holds no secret, or others may read it.
        StoreUnavailable: It cannot be read or written.
    """
    try:
        with suppress(FileNotFoundError):
            return _read(path)
        _make(path)
        return _read(path)
    except OSError as error:
        raise StoreUnavailable(
            f"{path}: cannot keep a secret here ({error.strerror}); let this user write there, or set JWT_SECRET"
        ) from error


def _read(path: Path) -> str:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        secret = file.read().strip()
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise UnreadableState(f"{path}: others may read this secret; delete it, so that a new one is made")
    if len(secret) < LEAST_SECRET_BYTES or not secret.isascii():
        raise UnreadableState(f"{path}: holds no secret; delete it, so that a new one is made")
    return secret.decode()


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        # O_EXCL: whoever put a link there beforehand doesn't get to choose where the secret goes.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
