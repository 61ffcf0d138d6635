"""Signals → score → anomaly, for all sessions of a worker at once. Pure: no I/O, no clock, no chance."""
