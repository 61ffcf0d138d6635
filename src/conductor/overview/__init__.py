"""What is going on in each session, kept ready to show."""

from conductor.overview.overview import Overview
from conductor.overview.session import Fate

__all__ = ["Fate", "Overview"]
