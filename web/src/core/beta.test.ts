import { expect, test } from "vitest";
import { attemptsOf, beliefOf, densityOf, intervalOf, meanOf, pooled, UNKNOWN } from "./beta";

test("a mean and its attempts give the belief back", () => {
  const belief = beliefOf(3, 4);
  expect(belief.alpha).toBeCloseTo(4);
  expect(belief.beta).toBeCloseTo(2);
  expect(meanOf(belief)).toBeCloseTo(2 / 3);
  expect(attemptsOf(belief)).toBeCloseTo(4);
});

test("what was seen in several circumstances adds up", () => {
  expect(pooled([beliefOf(3, 4), beliefOf(0, 1)])).toEqual({ alpha: 4, beta: 3 });
});

test("of nothing, everything is as likely", () => {
  expect(pooled([])).toEqual(UNKNOWN);
  expect(densityOf(UNKNOWN, 4).map((each) => each.y)).toEqual([1, 1, 1, 1]);
  const [low, high] = intervalOf(UNKNOWN);
  expect(low).toBeCloseTo(0.025, 2);
  expect(high).toBeCloseTo(0.975, 2);
});

test("an interval is the one of the tables", () => {
  // Beta(4, 2), by the regularised incomplete beta function.
  const [low, high] = intervalOf({ alpha: 4, beta: 2 });
  expect(low).toBeCloseTo(0.2836, 2);
  expect(high).toBeCloseTo(0.9473, 2);
});

test.each([
  [1, 1],
  [30, 70],
  [900, 2],
  [40_000, 60_000],
])("a density adds up to one (%i, %i)", (alpha, beta) => {
  const density = densityOf({ alpha, beta }, 200);
  expect(density.reduce((sum, each) => sum + each.y, 0) / 200).toBeCloseTo(1);
});
