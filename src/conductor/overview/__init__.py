"""What is going on in each session, kept ready to show."""

from conductor.overview.overview import Overview
from conductor.overview.recovery import RISE, SEEN_WITHIN, Situation
from conductor.overview.session import Fate

__all__ = ["RISE", "SEEN_WITHIN", "Fate", "Overview", "Situation"]
