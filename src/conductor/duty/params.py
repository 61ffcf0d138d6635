"""Constants of a worker on duty."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutyParams:
    """Constants of a worker on duty.

    Attributes:
        lag_s: A tick ends so long after its time, so that signals that are under way still count in it.
        gather_s: Signals from platforms are gathered for so long before they are kept together.
        looking_s: Organisers of whom nothing was heard for so long do not look any more (the rooms say it every 10 s).
        again_s: What the bus could not keep is offered to it again after so long.
        settings_s: What organisers set is read again so often, in case the bus lost the news of it.
        late_s: A worker that has not ended a tick for so long (four of them) does not work.
    """

    lag_s: float = 0.5
    gather_s: float = 0.05
    looking_s: float = 30.0
    again_s: float = 1.0
    settings_s: float = 60.0
    late_s: float = 20.0
