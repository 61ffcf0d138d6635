"""Runs the benchmarks that are named, or all of them: `python -m benchmarks [NAME …]`.

Exit code 1 if a contract is not held, 2 if there is no such benchmark.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from rich.console import Console

from benchmarks import (
    alarms,
    closed_loop,
    crowded,
    decision,
    detection,
    fanout,
    ingest,
    lift,
    nothing,
    regret,
    store,
    stream,
    tick,
    watching,
)
from benchmarks.figures import Figure, table_of

BENCHMARKS: dict[str, Callable[[Console], list[Figure]]] = {
    "detection": detection.run,
    "alarms": alarms.run,
    "tick": tick.run,
    "ingest": ingest.run,
    "stream": stream.run,
    "store": store.run,
    "fanout": fanout.run,
    "decision": decision.run,
    "watching": watching.run,
    "crowded": crowded.run,
    "regret": regret.run,
    "lift": lift.run,
    "nothing": nothing.run,
    "closed_loop": closed_loop.run,
}
"""Every benchmark under its permanent name."""


def main(names: Sequence[str]) -> int:
    """Run, print each benchmark's own tables and one of all figures, and say whether everything is held."""
    console = Console()
    if unknown := [name for name in names if name not in BENCHMARKS]:
        console.print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", soft_wrap=True)
        return 2
    rows = [(name, figure) for name in names or BENCHMARKS for figure in BENCHMARKS[name](console)]
    console.print(table_of(rows))
    return 0 if all(figure.held for _, figure in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
