"""Strategy tests as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from msgspec import Meta, Struct

from conductor.domain.strategies import ContentStyle, Design, PolicyName, StrategyTest, Variant
from conductor.errors import InvalidInput
from conductor.wire.ids import NO_NUL
from conductor.wire.reading import Id, Json, read_as
from conductor.wire.signals import Fields

MAX_NAME_CHARS = 60
"""A variant's name stands in a table."""

MAX_BLOCK_S = 7 * 86400.0
"""A week: longer blocks would hardly ever change within one event."""

LEAST_BLOCK_S = 300.0
"""Five minutes: an outcome alone takes two."""


class VariantShape(Struct):
    """The JSON of a `Variant`."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME_CHARS, pattern=rf"\A{NO_NUL}*\Z")]
    policy: PolicyName | None = None
    threshold: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None
    act_below: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None
    style: ContentStyle | None = None

    def variant(self) -> Variant:
        """The variant."""
        return Variant(self.name, self.policy, self.threshold, self.act_below, self.style)


class StrategyTestShape(Struct):
    """The JSON of a `StrategyTest`."""

    test_id: Id
    design: Design
    variants: tuple[VariantShape, VariantShape]
    share: Annotated[float, Meta(gt=0.0, lt=1.0)] = 0.5
    block_s: Annotated[float, Meta(ge=LEAST_BLOCK_S, le=MAX_BLOCK_S)] = 1800.0
    burn_in_s: Annotated[float, Meta(ge=0.0)] = 300.0
    since: Annotated[float, Meta(ge=0.0)] = 0.0

    def test(self) -> StrategyTest:
        """The test.

        Raises:
            InvalidInput: Its parts do not go together.
        """
        first, second = (each.variant() for each in self.variants)
        about = (self.test_id, self.design, (first, second), self.share, self.block_s, self.burn_in_s, self.since)
        try:
            return StrategyTest(*about)
        except ValueError as error:
            raise InvalidInput(f"strategy test: {error}") from None


def read_strategy_test(data: Json) -> StrategyTest:
    """The test that this JSON stands for.

    Raises:
        InvalidInput: It does not fit; the message names the field.
    """
    return read_as(StrategyTestShape, data, "strategy test").test()


def strategy_test_fields(test: StrategyTest) -> Fields:
    """The JSON of a test: the inverse of `read_strategy_test`."""
    fields = asdict(test)
    return fields | {
        "design": test.design.value,
        "variants": [asdict(each) | _named(each) for each in test.variants],
    }


def _named(variant: Variant) -> Fields:
    policy, style = variant.policy, variant.style
    return {
        "policy": None if policy is None else policy.value,
        "style": None if style is None else style.value,
    }
