import { expect, test } from "vitest";
import { bandsOf, narrowedInWords } from "./narrowing";

const seen = (attempts: number, successes: number) => ({ at: attempts, attempts, successes });

test("a belief begins with everything being likely, and narrows", () => {
  const bands = bandsOf([seen(1, 1), seen(10, 8), seen(100, 80)]);
  const widths = bands.map((each) => each.high - each.low);
  expect(bands.map((each) => each.attempts)).toEqual([0, 1, 10, 100]);
  expect(bands[0]?.mean).toBe(0.5);
  expect(widths[0]).toBeCloseTo(0.95, 2);
  expect(widths).toEqual([...widths].sort((one, other) => other - one));
  expect(bands[3]?.mean).toBeCloseTo(81 / 102);
});

test("it is told in words", () => {
  expect(narrowedInWords(bandsOf([seen(100, 80)]))).toEqual([
    "71 to 87 % after 100 outcomes",
    "a band of 16 points, 95 at first",
  ]);
  expect(narrowedInWords(bandsOf([seen(1, 0)]))).toContain("1 to 84 % after 1 outcome");
});

test("of an arm that was never tried it says so", () => {
  expect(narrowedInWords(bandsOf([]))).toEqual(["not tried yet"]);
});
