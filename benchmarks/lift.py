"""Whether lift tells the truth: where nothing works, and where the effect of every arm is known (`benchmarks.lulls`).

- Intervals for who looks once cover the truth in 93 to 97 % of runs, at every size and share held out, in both worlds.
- Intervals for who looks all the time, looked at after every decision, miss the truth even once in at most 5 % of
  500 runs, in both worlds; in the world in which nothing works, arms looked at side by side are said to help or harm
  in at most 5 %.
- The bias of lift is at most a tenth of it, of all arms together and of each.
- The coin's own check, after every decision, raises at most the false alarms that it says, and finds a third of
  held-out outcomes going missing.

Baselines, on the same runs: before and after alone, as in the documents (a success is a rise of 0.1), and the plain
difference of means, looked at after every decision.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_most
from benchmarks.lulls import ARMS, Lulls, draw
from conductor.learn.adjusted import LEAST_EACH, Moments, adjusted
from conductor.learn.anytime import p_value, ratio_log_e
from conductor.learn.experiment import ALPHA, SUSPICIOUS, Status, effects

Floats = NDArray[np.float64]

SIZES = (100, 200, 400, 1000)
SHARES = (0.1, 0.3)
RUNS_ONCE, RUNS_ALWAYS = 2000, 500
LOOKS = 300
ARMS_EVERY = 10
"""Arms are looked at after every tenth decision, as there are four times as many intervals."""

SEED = 7
PROCESSES = 2
LEAST_COVER, MOST_COVER = 0.93, 0.97
MOST_EVER, MOST_BIAS = 0.05, 0.1
LOST = 1.0 / 3.0
"""Share of held-out outcomes that go missing where something is wrong with what is seen."""

SAID = {Status.KNOWN_HELPS, Status.KNOWN_HARMS}


@dataclass(frozen=True, slots=True)
class Once:
    """One world at one size, looked at once: share of runs whose interval covers the truth, and the mean estimate."""

    covers: float
    estimate: float
    truth: float


@dataclass(frozen=True, slots=True)
class Always:
    """One world, looked at after every decision: share of runs in which each was wrong even once.

    Attributes:
        ours: Our interval missed the truth.
        arms: Some arm was said to help or to harm.
        naive: The plain interval of the plain difference missed the truth.
        plain: Before and after alone was sure of an effect: the 95 % interval of the mean rise leaves 0 out.
        rose: Mean rise of the score after something was done.
        succeeded: Share of these rises of 0.1 or more.
        told: Decisions, in the median run, until it was known whether it helps; `LOOKS` + 1 if it was not.
    """

    ours: float
    arms: float
    naive: float
    plain: float
    rose: float
    succeeded: float
    told: float


@cache
def truth_of(*, works: bool) -> Floats:
    """The effect of each arm, and of all together at the end."""
    lulls = draw(np.random.default_rng([SEED, 0]), 1_000_000, 0.5, works=works)
    return np.array([*(lulls.effect[lulls.arm == arm].mean() for arm in range(ARMS)), lulls.effect.mean()])


def once(count: int, share: float, works: bool) -> Once:
    """All runs of one size."""
    truth, covered, estimates = float(truth_of(works=works)[-1]), 0, []
    for run in range(RUNS_ONCE):
        lulls = draw(np.random.default_rng([SEED, 1, count, run]), count, share, works=works)
        found = adjusted(lulls.moments)
        if found is not None:
            estimates.append(found.estimate)
            covered += abs(found.estimate - truth) <= found.at_once(ALPHA)
    return Once(covered / len(estimates), float(np.mean(estimates)), truth)


def bias(share: float) -> Floats:
    """Mean estimate of each arm, and of all together at the end, minus the truth, as a share of it."""
    sums, counts = np.zeros(ARMS + 1), np.zeros(ARMS + 1)
    for run in range(RUNS_ONCE):
        lulls = draw(np.random.default_rng([SEED, 2, run]), SIZES[-1], share, works=True)
        for place, moments in enumerate([*_by_arm(lulls), lulls.moments]):
            found = adjusted(moments)
            if found is not None:
                sums[place] += found.estimate
                counts[place] += 1
    truth = truth_of(works=True)
    return np.abs((sums / counts - truth) / truth)


def always(share: float, works: bool) -> Always:
    """All runs, looked at after every decision."""
    truth = float(truth_of(works=works)[-1])
    seen = [_watched(run, share, truth, works=works) for run in range(RUNS_ALWAYS)]
    ours, arms, naive, plain, rose, succeeded = (float(np.mean(each)) for each in list(zip(*seen, strict=True))[:-1])
    return Always(ours, arms, naive, plain, rose, succeeded, float(np.median([each[-1] for each in seen])))


def _watched(run: int, share: float, truth: float, *, works: bool) -> tuple[bool, bool, bool, bool, float, float, int]:
    lulls = draw(np.random.default_rng([SEED, 3, run]), LOOKS, share, works=works)
    missed, said, told = False, False, LOOKS + 1
    for count in range(1, LOOKS + 1):
        so_far = Lulls(lulls.moments.at(np.arange(count)), lulls.arm[:count], lulls.effect[:count])
        effect = effects({"all": so_far.moments})["all"]
        if effect.low is not None and effect.high is not None:
            missed |= not effect.low <= truth <= effect.high
            told = min(told, count) if effect.status in SAID else told
        if count % ARMS_EVERY == 0:
            arms = effects(dict(enumerate(_by_arm(so_far))))
            said |= any(each.status in SAID for each in arms.values())
    moments = lulls.moments
    rises = (moments.after - moments.before)[~moments.held_out]
    plain = abs(float(rises.mean())) > 1.96 * float(rises.std()) / len(rises) ** 0.5
    return missed, said, _naive(moments, truth), plain, float(rises.mean()), float((rises >= 0.1).mean()), told


def _naive(moments: Moments, truth: float) -> bool:
    """Whether the plain 95 % interval of the plain difference of means ever misses the truth."""
    after, held = moments.after, moments.held_out
    sums = [np.cumsum(np.where(group, value, 0.0)) for group in (held, ~held) for value in (1.0, after, after**2)]
    means, variances = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        for count, total, squares in (sums[:3], sums[3:]):
            means.append(total / count)
            variances.append((squares / count - means[-1] ** 2) / (count - 1.0))
        apart = np.abs(means[1] - means[0] - truth) > 1.96 * np.sqrt(variances[0] + variances[1])
    enough = np.minimum(sums[0], sums[3]) >= LEAST_EACH
    return bool((apart & enough).any())


def _by_arm(lulls: Lulls) -> list[Moments]:
    return [lulls.moments.at(np.flatnonzero(lulls.arm == arm)) for arm in range(ARMS)]


def coin(share: float) -> tuple[float, float]:
    """How often the coin's check raises an alarm by 1,000 decisions: where all is well, and where outcomes are lost."""
    false = found = 0
    for run in range(RUNS_ALWAYS):
        rng = np.random.default_rng([SEED, 4, run])
        held, shares = rng.random(SIZES[-1]) < share, np.full(SIZES[-1], share)
        false += p_value(ratio_log_e(held, shares)) < SUSPICIOUS
        missing = rng.random(SIZES[-1]) < np.where(held, LOST, 0.02)
        found += p_value(ratio_log_e(held[missing], shares[missing])) < SUSPICIOUS
    return false / RUNS_ALWAYS, found / RUNS_ALWAYS


def run(console: Console) -> list[Figure]:
    """Play all, print, and judge."""
    worlds = {"null": False, "known": True}
    sizes = [(size, share, name) for name in worlds for share in SHARES for size in SIZES]
    pairs = [(share, name) for name in worlds for share in SHARES]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        watched = [processes.submit(always, share, worlds[name]) for share, name in pairs]
        looked = [processes.submit(once, size, share, worlds[name]) for size, share, name in sizes]
        biases = [processes.submit(bias, share) for share in SHARES]
        coins = [processes.submit(coin, share) for share in SHARES]
        always_of = {pair: each.result() for pair, each in zip(pairs, watched, strict=True)}
        once_of = {size: each.result() for size, each in zip(sizes, looked, strict=True)}
        bias_of = {share: each.result() for share, each in zip(SHARES, biases, strict=True)}
        coin_of = {share: each.result() for share, each in zip(SHARES, coins, strict=True)}
    _print(console, once_of, always_of)
    return [
        *(_covers(key, each) for key, each in once_of.items()),
        *(figure for key, each in always_of.items() for figure in _ever(key, each)),
        *(_biased(share, each) for share, each in bias_of.items()),
        *(figure for share, each in coin_of.items() for figure in _coin(share, *each)),
    ]


def _covers(key: tuple[int, float, str], found: Once) -> Figure:
    size, share, world = key
    held = LEAST_COVER <= found.covers <= MOST_COVER
    name = f"{world} world, {size} decisions, {share:.0%} held out: covers the truth"
    return Figure(name, f"{found.covers:.1%}", "", None, f"{LEAST_COVER:.0%} to {MOST_COVER:.0%}", held)


def _ever(key: tuple[float, str], found: Always) -> list[Figure]:
    share, world = key
    name = f"{world} world, {share:.0%} held out, looked at {LOOKS} times: ever misses the truth"
    figures = [at_most(name, found.ours, MOST_EVER, baseline=f"plain difference {found.naive:.2g}")]
    if world == "null":
        said = f"null world, {share:.0%} held out: some arm ever said to help or harm"
        figures.append(at_most(said, found.arms, MOST_EVER, baseline=f"before and after {found.plain:.2g}"))
    return figures


def _biased(share: float, found: Floats) -> Figure:
    name = f"known world, {share:.0%} held out: largest bias of an arm or of all, as a share of the effect"
    return at_most(name, float(found.max()), MOST_BIAS)


def _coin(share: float, false: float, found: float) -> list[Figure]:
    return [
        at_most(f"coin, {share:.0%} held out: false alarms within {SIZES[-1]:,}", false, SUSPICIOUS),
        Figure(
            f"coin, {share:.0%} held out: a third of outcomes lost is found", f"{found:.0%}", "", None, "", held=True
        ),
    ]


def _print(
    console: Console, once_of: dict[tuple[int, float, str], Once], always_of: dict[tuple[float, str], Always]
) -> None:
    table = Table(title=f"Looked at after each of {LOOKS} decisions, {RUNS_ALWAYS} runs")
    for column in ("world", "held out", "truth", "lift", "before and after alone", "of these +0.1", "known after"):
        table.add_column(column)
    for (share, world), each in always_of.items():
        seen = once_of[SIZES[-1], share, world]
        told = f"{each.told:.0f} (median)" if each.told <= LOOKS else f"over {LOOKS}"
        points = (f"{seen.truth * 100:+.1f}", f"{seen.estimate * 100:+.1f}", f"{each.rose * 100:+.1f}")
        table.add_row(world, f"{share:.0%}", *points, f"{each.succeeded:.0%}", told)
    console.print(table)
