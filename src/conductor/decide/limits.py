"""How much the audience is asked for: the hourly cap, cooldowns and attention, and when they allow more."""

from __future__ import annotations

import math
from collections.abc import Sequence

from conductor.decide.room import DecisionParams, Delivery, RoomHistory
from conductor.domain.interventions import Arm

HOUR_S = 3600.0


def uncapped_at(history: RoomHistory, params: DecisionParams) -> float:
    """When the hourly cap allows the next intervention; minus infinity if it never forbade one.

    Args:
        history: What was delivered so far.
        params: With `max_per_hour` of at least 1.
    """
    if len(history.deliveries) < params.max_per_hour:
        return -math.inf
    return history.deliveries[-params.max_per_hour].at + HOUR_S


def used_in_last_hour(history: RoomHistory, now: float) -> int:
    """How many interventions were delivered within the last 3600 s."""
    return sum(now - HOUR_S < delivery.at for delivery in history.deliveries)


def cool_at(arm: Arm, history: RoomHistory, params: DecisionParams) -> float:
    """When the arm's cooldown ends; minus infinity if it was not used yet."""
    for delivery in reversed(history.deliveries):
        if delivery.arm is arm:
            return delivery.at + params.cooldown_of(arm)
    return -math.inf


def attention_left(deliveries: Sequence[Delivery], params: DecisionParams, now: float) -> float:
    """Points left of the audience's attention, from 0 to the budget, after these deliveries (oldest first)."""
    points, last_at = params.attention_budget, now
    for delivery in deliveries:
        points = _rested(points, delivery.at - last_at, params)
        points = max(0.0, points - params.cost_of(delivery.arm))
        last_at = delivery.at
    return _rested(points, now - last_at, params)


def affordable_at(arm: Arm, history: RoomHistory, params: DecisionParams, now: float) -> float:
    """When the audience has attention enough for the arm: `now` or later."""
    missing = params.cost_of(arm) - attention_left(history.deliveries, params, now)
    return now + max(0.0, missing) / params.attention_per_hour * HOUR_S


def possible_at(arms: Sequence[Arm], history: RoomHistory, params: DecisionParams, now: float) -> float:
    """When all limits together allow one of these arms (at least one): `now` or later."""
    return min(
        max(
            affordable_at(arm, history, params, now),
            cool_at(arm, history, params),
            uncapped_at(history, params),
        )
        for arm in arms
    )


def _rested(points: float, rest_s: float, params: DecisionParams) -> float:
    returned = max(0.0, rest_s) / HOUR_S * params.attention_per_hour
    return min(params.attention_budget, points + returned)
