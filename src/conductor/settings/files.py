"""Secrets that lie in files, as containers get them: `JWT_SECRET_FILE` names the file that holds `JWT_SECRET`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from conductor.errors import InvalidInput

FROM_FILES = (
    "ALERT_URLS", "ANTHROPIC_API_KEY", "CONDUCTOR_WEBHOOK_SECRETS", "DATABASE_URL", "JWT_SECRET", "JWT_SECRET_PREVIOUS",
    "OPENAI_API_KEY", "REDIS_URL",
)  # fmt: skip
"""Variables that may hold a secret."""

MOST_BYTES = 65_536
"""More is no secret, but a file that was named by mistake."""


def with_files(given: Mapping[str, str]) -> dict[str, str]:
    """The same variables, and those whose values lie in files.

    Args:
        given: Variables that are set to something.

    Raises:
        InvalidInput: A file cannot be read or holds nothing, or a variable is given both ways. What a file holds is
            never repeated.
    """
    read = {name: _read(given, name) for name in FROM_FILES if f"{name}_FILE" in given}
    return {**given, **read}


def _read(given: Mapping[str, str], name: str) -> str:
    where = Path(given[f"{name}_FILE"])
    if name in given:
        raise InvalidInput(f"{name} and {name}_FILE are both set; leave one of them away")
    try:
        with where.open("rb") as file:
            held = file.read(MOST_BYTES + 1)
        value = held.decode().strip()
    except OSError as error:
        raise InvalidInput(f"{name}_FILE: {where} cannot be read ({error.strerror}); name a file that can") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"{name}_FILE: {where} holds something else than text; name another file") from None
    if not value or len(held) > MOST_BYTES:
        raise InvalidInput(f"{name}_FILE: {where} holds nothing, or too much; it has to hold the value and no more")
    return value
