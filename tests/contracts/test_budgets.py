"""What a budget promises, in memory and in a database that workers share."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.adapters.budget_memory import MemoryBudget
from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.budget import BudgetWindow, NearLimit
from conductor.errors import BudgetSpent, InvalidInput, StoreUnavailable
from conductor.ports import Budget, Reservation, Spending

NOON = 1_700_000_000.1
HOUR_USD, DAY_USD = 1.0, 3.0


@pytest.fixture
def budget(store: MemoryStore | SqlStore) -> Budget:
    """One dollar in any hour, three in any day."""
    if isinstance(store, MemoryStore):
        return MemoryBudget(HOUR_USD, DAY_USD)
    return store.budget(HOUR_USD, DAY_USD)


async def spend(budget: Budget, usd: float, now: float) -> Reservation:
    """Reserve a sum and pay exactly that."""
    reservation = await budget.reserve(usd, now)
    await budget.settle(reservation, usd)
    return reservation


async def refused(budget: Budget, usd: float, now: float) -> BudgetSpent:
    """Why this sum cannot be had."""
    with pytest.raises(BudgetSpent) as spent:
        await budget.reserve(usd, now)
    return spent.value


async def test_at_first_nothing_is_spent(budget):
    assert await budget.spending(NOON) == Spending(0.0, HOUR_USD, 0.0, DAY_USD)


async def test_what_is_set_aside_counts_until_it_is_known_what_it_cost(budget):
    reservation = await budget.reserve(0.5, NOON)
    assert (await budget.spending(NOON)).hour_usd == 0.5
    await budget.settle(reservation, 0.125)
    assert await budget.spending(NOON) == Spending(0.125, HOUR_USD, 0.125, DAY_USD)


async def test_settling_again_changes_nothing(budget):
    reservation = await budget.reserve(0.5, NOON)
    await budget.settle(reservation, 0.25)
    await budget.settle(reservation, 0.75)
    assert (await budget.spending(NOON)).hour_usd == 0.25


async def test_settling_what_nobody_reserved_changes_nothing(budget):
    await budget.settle(Reservation("unheard-of", 0.5, NOON, is_near_limit=False), 0.5)
    assert (await budget.spending(NOON)).hour_usd == 0.0


async def test_the_last_cent_can_be_had_and_no_more(budget):
    for _ in range(10):
        await budget.reserve(0.1, NOON)
    await refused(budget, 0.000000001, NOON)
    assert (await budget.spending(NOON)).hour_usd == 1.0


async def test_a_refusal_says_which_window_how_much_and_what_to_do(budget):
    await spend(budget, 0.6, NOON)
    await spend(budget, 0.4, NOON + 600)
    spent = await refused(budget, 0.5, NOON + 1200)
    assert spent.message == (
        "models may cost $1.00 in any hour and have cost $1.0000 in the last 3600 s, so $0.5000 more is too much;"
        " raise MAX_LLM_COST_PER_HOUR, or wait 2400 s"
    )
    assert spent.retry_after_s == pytest.approx(2400.0)


async def test_once_the_wait_is_over_the_money_can_be_had(budget):
    await spend(budget, 0.5, NOON)
    await spend(budget, 0.5, NOON + 600)
    wait_s = (await refused(budget, 0.25, NOON + 1000)).retry_after_s or 0.0
    await refused(budget, 0.25, NOON + 1000 + wait_s - 1)
    await budget.reserve(0.25, NOON + 1000 + wait_s)


async def test_the_day_has_a_limit_of_its_own(budget):
    for hour in range(3):
        await spend(budget, 1.0, NOON + 3600 * hour)
    spent = await refused(budget, 0.5, NOON + 3 * 3600)
    assert "in any day" in spent.message
    assert "MAX_LLM_COST_PER_DAY" in spent.message
    assert spent.retry_after_s == pytest.approx(86_400 - 3 * 3600)


async def test_a_refusal_by_both_windows_names_the_longer_wait(budget):
    for hour in range(3):
        await spend(budget, 1.0, NOON + 3600 * hour)
    spent = await refused(budget, 0.5, NOON + 2 * 3600)
    assert "MAX_LLM_COST_PER_DAY" in spent.message


async def test_what_is_more_than_a_whole_limit_can_never_be_had(budget):
    spent = await refused(budget, 1.5, NOON)
    assert spent.retry_after_s is None
    assert spent.message.endswith("raise MAX_LLM_COST_PER_HOUR")
    assert (await budget.spending(NOON)).hour_usd == 0.0


async def test_what_was_never_settled_counts_until_it_has_aged_out(budget):
    await budget.reserve(1.0, NOON)
    await refused(budget, 0.5, NOON + 3599)
    await budget.reserve(0.5, NOON + 3600)
    assert await budget.spending(NOON + 3600) == Spending(0.5, HOUR_USD, 1.5, DAY_USD)
    assert (await budget.spending(NOON + 86_400)).day_usd == 0.5


async def test_a_question_that_cost_more_counts_as_what_it_cost(budget):
    await budget.settle(await budget.reserve(0.5, NOON), 1.25)
    assert (await budget.spending(NOON)).hour_usd == 1.25
    await refused(budget, 0.000001, NOON)


async def test_the_warning_comes_once_when_most_of_the_money_is_gone(budget):
    warned = [(await spend(budget, 0.1, NOON + second)).is_near_limit for second in range(10)]
    assert warned == [False] * 7 + [True] + [False] * 2


async def test_the_warning_says_which_window_and_how_much(budget):
    reservation = await budget.reserve(0.9, NOON)
    assert reservation.near == (NearLimit(BudgetWindow.HOUR, 0.9, HOUR_USD),)


async def test_the_warning_comes_again_once_the_window_was_below(budget):
    assert (await spend(budget, 0.9, NOON)).is_near_limit
    assert not (await spend(budget, 0.25, NOON + 3600)).is_near_limit
    assert (await spend(budget, 0.6, NOON + 3601)).is_near_limit


async def test_cheaper_answers_than_expected_do_not_bring_the_warning_again_and_again(budget):
    await spend(budget, 0.78, NOON)
    warned = []
    for second in range(10):
        reservation = await budget.reserve(0.03, NOON + second)
        warned.append(reservation.is_near_limit)
        await budget.settle(reservation, 0.001)
    assert warned == [True] + [False] * 9


async def test_hour_and_day_warn_each_for_itself(budget):
    near = [(await spend(budget, 0.85, NOON + 3600 * hour)).near for hour in range(3)]
    assert [[each.window for each in windows] for windows in near] == [
        [BudgetWindow.HOUR],
        [BudgetWindow.HOUR],
        [BudgetWindow.HOUR, BudgetWindow.DAY],
    ]


@pytest.mark.parametrize("usd", [-0.01, float("nan"), float("inf")])
async def test_what_is_no_sum_of_money_is_refused(budget, usd):
    with pytest.raises(InvalidInput):
        await budget.reserve(usd, NOON)
    with pytest.raises(InvalidInput):
        await budget.settle(await budget.reserve(0.1, NOON), usd)


async def test_without_a_budget_nothing_can_be_asked():
    budget = MemoryBudget(0.0, 0.0)
    assert not (await budget.reserve(0.0, NOON)).is_near_limit
    assert (await refused(budget, 0.01, NOON)).retry_after_s is None


@pytest.mark.parametrize("limits", [(-1.0, 5.0), (1.0, float("nan"))])
def test_a_limit_that_is_none_is_refused(limits):
    with pytest.raises(InvalidInput, match="MAX_LLM_COST_PER_"):
        MemoryBudget(*limits)


@given(st.lists(st.tuples(st.floats(0, 2000), st.floats(0, 1), st.floats(0, 1)), max_size=30))
def test_no_window_ever_holds_more_than_its_limit_and_every_wait_is_right(questions):
    async def run() -> None:
        budget, now = MemoryBudget(HOUR_USD, DAY_USD), NOON
        for pause_s, usd, share in questions:
            now += pause_s
            try:
                reservation = await budget.reserve(usd, now)
            except BudgetSpent as spent:
                # A sum of two floats may end before the moment; a millisecond later it is over for certain.
                now += (spent.retry_after_s or 0.0) + 0.001
                reservation = await budget.reserve(usd, now)
            spending = await budget.spending(now)
            assert spending.hour_usd <= HOUR_USD
            assert spending.day_usd <= DAY_USD
            await budget.settle(reservation, usd * share)

    asyncio.run(run())


async def test_of_two_workers_only_one_gets_the_last_dollar(two):
    budgets = [store.budget(1.0, 100.0) for store in two]
    for turn in range(15):
        now = NOON + 3600 * turn
        got = await asyncio.gather(*(budget.reserve(1.0, now) for budget in budgets), return_exceptions=True)
        assert sorted(type(each).__name__ for each in got) == ["BudgetSpent", "Reservation"]


async def test_many_questions_of_two_workers_never_go_over_the_limit_and_warn_once(two):
    budgets = [store.budget(1.0, 100.0) for store in two]
    asked = (budget.reserve(0.03, NOON) for budget in budgets for _ in range(40))
    got = await asyncio.gather(*asked, return_exceptions=True)
    granted = [each for each in got if isinstance(each, Reservation)]
    assert len(granted) == 33
    assert [each.is_near_limit for each in granted].count(True) == 1
    assert {type(each) for each in got} == {Reservation, BudgetSpent}
    assert (await budgets[0].spending(NOON)).hour_usd == pytest.approx(0.99)


async def test_one_worker_settles_what_another_set_aside(two):
    one, other = (store.budget(1.0, 100.0) for store in two)
    await other.settle(await one.reserve(0.5, NOON), 0.1)
    assert (await one.spending(NOON)).hour_usd == 0.1


async def test_books_of_more_than_a_day_ago_are_thrown_away(tmp_path):
    store = await SqlStore.open(sqlite_url(tmp_path / "conductor.db"))
    for hour in range(30):
        await store.budget(1.0, 100.0).reserve(0.5, NOON + 3600 * hour)
    await store.close()
    with closing(sqlite3.connect(tmp_path / "conductor.db")) as connection:
        assert connection.execute("SELECT count(*) FROM model_spending").fetchone() == (24,)


async def test_books_that_cannot_be_had_are_named(tmp_path):
    store = await SqlStore.open(sqlite_url(tmp_path / "conductor.db"))
    budget = store.budget(1.0, 100.0)
    await store.close()
    with pytest.raises(StoreUnavailable):
        await budget.reserve(0.1, NOON)
