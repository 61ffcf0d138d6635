"""A minute of `make soak`: every fault once, in quick succession, at a clock that is five times as fast."""

from tests.soak.run import Plan, run

SHORT = Plan(sessions=20, loud=8, lasts_s=330.0, fault_s=2.5, every_s=8.0, speed=5.0)


async def test_with_every_fault_once_nothing_is_done_twice_lost_or_missed(tmp_path, record_property):
    account = await run(SHORT, tmp_path)
    for name, seconds in account.recovered_s:
        record_property(f"recovered after {name}", seconds)

    assert {name for name, _ in account.recovered_s} == set(SHORT.faults)
    assert account.mistakes == []
    assert account.executed >= 1, account.table()
    assert (account.twice, account.lost, account.missing_ticks) == (0, 0, 0), account.table()
