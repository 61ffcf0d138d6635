import { expect, test } from "vitest";
import { countdown } from "./countdown";

test("what is left shrinks from the whole to nothing", () => {
  expect(countdown(100, 160, 100)).toMatchObject({ leftS: 60, leftRatio: 1, isOver: false, isShort: false });
  expect(countdown(100, 160, 130)).toMatchObject({ leftS: 30, leftRatio: 0.5 });
  expect(countdown(100, 160, 150)).toMatchObject({ leftS: 10, isShort: true });
  expect(countdown(100, 160, 170)).toMatchObject({ leftS: 0, leftRatio: 0, isOver: true, isShort: false });
});

test("a clock that is behind never shows more than the whole", () => {
  expect(countdown(100, 160, 90)?.leftRatio).toBe(1);
});

test("what does not expire has no countdown", () => {
  expect(countdown(100, null, 130)).toBeNull();
});
