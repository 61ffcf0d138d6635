"""What an operator can set, read from the environment once and sliced at the root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conductor.domain.interventions import DEFAULT_LABEL, Mode
from conductor.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings with their defaults.

    Attributes:
        engagement_threshold: `ENGAGEMENT_THRESHOLD`: a warning leads to a decision under this score, in (0, 1).
        warning_threshold: `ANOMALY_WARNING_THRESHOLD`: evidence from which an anomaly is a WARNING, in (0, 1).
        critical_threshold: `ANOMALY_CRITICAL_THRESHOLD`: evidence from which it is CRITICAL, in (0, 1).
        label: `CONDUCTOR_LABEL`: under which everything is shown that the agent posts.
    """

    engagement_threshold: float = 0.5
    warning_threshold: float = 0.6
    critical_threshold: float = 0.8
    label: str = DEFAULT_LABEL


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings; what isn't set keeps its default.

    Raises:
        InvalidInput: A value does not fit; the message names the variable and what it may be.
    """
    default = Settings()
    warning = _share(environment, "ANOMALY_WARNING_THRESHOLD", default.warning_threshold)
    critical = _share(environment, "ANOMALY_CRITICAL_THRESHOLD", default.critical_threshold)
    if critical < warning:
        raise InvalidInput(
            f"ANOMALY_CRITICAL_THRESHOLD ({critical}) lies below ANOMALY_WARNING_THRESHOLD ({warning}); "
            "raise the first or lower the second"
        )
    return Settings(
        engagement_threshold=_share(environment, "ENGAGEMENT_THRESHOLD", default.engagement_threshold),
        warning_threshold=warning,
        critical_threshold=critical,
        label=environment.get("CONDUCTOR_LABEL") or default.label,
    )


def read_mode(value: str, name: str) -> Mode:
    """A mode by its name, in any case.

    Raises:
        InvalidInput: There is no such mode.
    """
    try:
        return Mode(value.upper().replace("-", "_"))
    except ValueError:
        raise InvalidInput(f"{name} is {value!r}; it may be {', '.join(Mode)}") from None


def _share(environment: Mapping[str, str], name: str, default: float) -> float:
    value = environment.get(name)
    if not value:
        return default
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0.0 < share < 1.0:
        raise InvalidInput(f"{name} is {value!r}; it has to be a number between 0 and 1")
    return share
