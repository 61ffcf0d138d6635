"""Constants of alerts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlertingParams:
    """Constants of alerts, in seconds.

    Attributes:
        repeat_s: What still stands is told again after so long: not so soon that it is silenced, and within a shift.
        most_per_minute: More than that nobody reads; what is too much is left out, and counted.
        most_waiting: Alerts that wait to be sent; then the oldest go.
        again_s: What could not be sent is tried again after so long, each time twice as long.
        tries: So often in all.
        check_s: So often is asked whether everything works.
        patience: So many checks in a row have to fail before somebody is told: a restart of a dependency is no alarm.
    """

    repeat_s: float = 3600.0
    most_per_minute: int = 10
    most_waiting: int = 100
    again_s: float = 5.0
    tries: int = 4
    check_s: float = 10.0
    patience: int = 3
