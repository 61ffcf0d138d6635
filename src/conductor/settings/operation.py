"""What concerns whoever runs this: logs, alerts, the summary of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conductor.errors import InvalidInput
from conductor.settings.values import flag, whole

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

BETWEEN_URLS = re.compile(r"\s*,\s*(?=[a-z][a-z0-9+.-]*://)|\s+", re.IGNORECASE)
"""Addresses of mail may hold commas, so a comma parts two addresses only where another one begins."""

SCHEMES = (
    "slack", "discord", "mailto", "mailtos", "pagerduty", "opsgenie", "msteams", "workflows", "tgram", "ntfy", "ntfys",
    "gotify", "gotifys", "mmost", "mmosts", "rocket", "rockets", "matrix", "matrixs", "json", "jsons",
)  # fmt: skip
"""Ways of Apprise that lead to a service over the network. Others show windows, write files or run programs here."""

MOST_DAYS = 36_500
"""A hundred years; 0 says "for ever" more plainly."""


MOST_STREAM_DAYS = 90
"""Streams lie in the memory of the bus."""


class Written(StrEnum):
    """How logs are written."""

    JSON = "json"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Operation:
    """Settings for whoever runs this. Addresses may hold secrets and are not shown by `repr`.

    Attributes:
        log_format: `CONDUCTOR_LOG_FORMAT`: JSON in production, for people elsewhere.
        log_level: `CONDUCTOR_LOG_LEVEL`: INFO in production, WARNING elsewhere.
        alert_urls: `ALERT_URLS`: where alerts go, as Apprise writes addresses; empty for nowhere.
        may_alert_privately: `CONDUCTOR_ALERTS_PRIVATE`: whether alerts may go to private addresses.
        summary_hour: `CONDUCTOR_SUMMARY_HOUR`: the hour, 0 to 23, at which the day of each event is summed up.
        time_zone: `CONDUCTOR_TIME_ZONE`: in which zone that is.
        metrics_days: `CONDUCTOR_METRICS_DAYS`: for how many days scores of every tick are kept; 0 for ever.
        prior: `CONDUCTOR_PRIOR`: file with what was learned elsewhere, to begin with; absolute; None to begin anew.
        history_days: `CONDUCTOR_HISTORY_DAYS`: for how many days anomalies, decisions and what became of them are.
        audit_days: `CONDUCTOR_AUDIT_DAYS`: for how many days after its last entry the log of an event is; 0 for ever.
        stream_days: `CONDUCTOR_STREAM_DAYS`: after how many days without news a stream of a session goes.
    """

    log_format: Written = Written.CONSOLE
    log_level: str = "WARNING"
    alert_urls: tuple[str, ...] = field(default=(), repr=False)
    may_alert_privately: bool = False
    summary_hour: int = 18
    time_zone: str = "UTC"
    metrics_days: int = 90
    prior: Path | None = None
    history_days: int = 0
    audit_days: int = 0
    stream_days: int = 7


def read_operation(given: Mapping[str, str], *, is_production: bool) -> Operation:
    """Read them; what isn't set keeps its default.

    Raises:
        InvalidInput: A value does not fit.
    """
    default = Operation(Written.JSON, "INFO") if is_production else Operation()
    return Operation(
        log_format=_format(given, default.log_format),
        log_level=_level(given, default.log_level),
        alert_urls=_alert_urls(given),
        may_alert_privately=flag(given, "CONDUCTOR_ALERTS_PRIVATE", default.may_alert_privately),
        summary_hour=whole(given, "CONDUCTOR_SUMMARY_HOUR", default.summary_hour, 0, 23),
        time_zone=_zone(given, default.time_zone),
        metrics_days=whole(given, "CONDUCTOR_METRICS_DAYS", default.metrics_days, 0, MOST_DAYS),
        prior=Path(own).absolute() if (own := given.get("CONDUCTOR_PRIOR")) else None,
        history_days=whole(given, "CONDUCTOR_HISTORY_DAYS", default.history_days, 0, MOST_DAYS),
        audit_days=whole(given, "CONDUCTOR_AUDIT_DAYS", default.audit_days, 0, MOST_DAYS),
        stream_days=whole(given, "CONDUCTOR_STREAM_DAYS", default.stream_days, 1, MOST_STREAM_DAYS),
    )


def _format(given: Mapping[str, str], default: Written) -> Written:
    value = given.get("CONDUCTOR_LOG_FORMAT", default)
    try:
        return Written(value.lower())
    except ValueError:
        raise InvalidInput(f"CONDUCTOR_LOG_FORMAT is {value!r}; it may be json or console") from None


def _level(given: Mapping[str, str], default: str) -> str:
    value = given.get("CONDUCTOR_LOG_LEVEL", default).upper()
    if value not in LEVELS:
        raise InvalidInput(f"CONDUCTOR_LOG_LEVEL is {value!r}; it may be {', '.join(LEVELS)}")
    return value


def _alert_urls(given: Mapping[str, str]) -> tuple[str, ...]:
    urls = tuple(url for url in BETWEEN_URLS.split(given.get("ALERT_URLS", "")) if url)
    for number, url in enumerate(urls, 1):
        scheme, separator, rest = url.partition("://")
        if not separator or not rest or scheme.lower() not in SCHEMES:
            raise InvalidInput(
                f"ALERT_URLS: address {number} begins with no known scheme; it may be {', '.join(SCHEMES)}, each with ://"
            )
    return urls


def _zone(given: Mapping[str, str], default: str) -> str:
    name = given.get("CONDUCTOR_TIME_ZONE", default)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(f"CONDUCTOR_TIME_ZONE is {name!r}; it has to be a name like Europe/Berlin or UTC") from None
    return name
