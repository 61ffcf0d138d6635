"""Engagement Conductor: sees a live room losing its people, acts, and measures whether that helped."""

__version__ = "0.1.0"
