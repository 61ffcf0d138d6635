"""Anomaly → decision or hold, one session at a time. Pure: chance is handed in."""
