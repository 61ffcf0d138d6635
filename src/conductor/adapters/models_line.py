"""What a line to a provider of language models says, and how it fails; light, since the libraries are not."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol

from conductor.domain.wording import Prompt, Usage
from conductor.errors import ConductorError, ModelMisconfigured, ModelUnavailable

PASSES_BY_ITSELF = {408, 409, 425, 429}
"""Refusals of the 4xx kind after which the same question may be answered; the others need somebody to mend something.
Those from 500 on pass as well: 529 is Anthropic's "overloaded"."""

WRONG_KEY, NO_SUCH_MODEL = {401, 403}, 404


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it came: its text, which ought to be JSON, and what it took."""

    text: str
    usage: Usage


class Line(Protocol):
    """A way to ask one model of one provider."""

    async def say(self, prompt: Prompt) -> Said:
        """Ask once, and wait for as long as it takes.

        Raises:
            ModelUnavailable: There is no answer now.
            ModelMisconfigured: There will be none until the settings are mended.
            UnfitAnswer: It broke off or was refused.
        """

    async def close(self) -> None:
        """Let go of the connections."""


def refusal(status: int, kind: str, headers: Mapping[str, str], model: str) -> ConductorError:
    """What an HTTP status other than 200 means.

    Args:
        status: The status.
        kind: What the provider calls the error, such as `overloaded_error`; empty if it does not say.
        headers: Those of the answer, of which `retry-after` is read.
        model: Who was asked.
    """
    # A body is somebody else's text, and may repeat what was asked: only a plain word of it is passed on.
    what = f"{status} {kind}" if re.fullmatch(r"[a-z_]{1,60}", kind) else f"{status}"
    if status in WRONG_KEY:
        return ModelMisconfigured(f"{model} does not take the key ({what}); check the provider's key and its rights")
    if status == NO_SUCH_MODEL:
        return ModelMisconfigured(f"{model} is not there ({what}); check CONDUCTOR_MODEL_… and the base URL")
    if status < 500 and status not in PASSES_BY_ITSELF:
        return ModelMisconfigured(f"{model} does not take the question ({what}); check the account, or name another")
    return ModelUnavailable(f"{model} does not answer now ({what})", retry_after_s=pause_of(headers, time.time()))


def pause_of(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a provider asks one to wait: a number or a date in `retry-after`; None if it names neither."""
    value = headers.get("retry-after", "")
    if re.fullmatch(r"\d{1,9}(\.\d*)?", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except ValueError:
        return None
