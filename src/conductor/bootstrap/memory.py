"""Memory of a process that serves for long."""

from __future__ import annotations

import gc


def set_aside_what_stays() -> None:
    """Have the garbage collector pass over everything that is there now: libraries, code, and rooms already known.

    To be called once, when a process is ready. Python otherwise looks through all of it again and again, which takes a
    tenth of a second or two with a model's libraries loaded, and may come in the midst of a tick
    (`benchmarks/decision.py`). What is garbage by then is collected first.
    """
    gc.collect()
    gc.freeze()
