"""Every JSON shape that crosses a process edge, checked once, here."""

from conductor.wire.bodies import asks
from conductor.wire.signals import dump_signal, parse_line, parse_profile, parse_signal, signal_line

__all__ = ["asks", "dump_signal", "parse_line", "parse_profile", "parse_signal", "signal_line"]
