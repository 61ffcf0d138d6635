"""The soak of a release: `python -m tests.soak [MINUTES]`, ten by default.

200 sessions, about 5,000 signals a minute, and a fault every 30 s. It prints what it counted, and ends with 1 if
anything was done twice, lost, missed or left unhandled, or if memory grew.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.soak.run import Plan, run

MOST_GROWTH_RATIO = 1.25


def main() -> int:
    """Run it, print the table, and say whether it was well."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with tempfile.TemporaryDirectory(prefix="conductor-soak-") as folder:
        account = asyncio.run(run(Plan(sessions=200, loud=20, lasts_s=60.0 * minutes), Path(folder)))
    sys.stdout.writelines(f"{line}\n" for line in (account.table(), *account.mistakes))
    is_well = not (account.twice or account.lost or account.missing_ticks or account.mistakes)
    return 0 if is_well and account.growth_ratio <= MOST_GROWTH_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
