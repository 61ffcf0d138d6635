import { describe, expect, it } from "vitest";
import { type Calibration, isOff, overallInWords, spanOf, type Tenth, tenthInWords, usualOf } from "./words";

const TENTH: Tenth = {
  from_confidence: 0.6,
  to_confidence: 0.7,
  decisions: 31,
  confidence: 0.66,
  recovered: 0.64,
  low: 0.46,
  high: 0.79,
};

const TOLD: Calibration = {
  status: "ABOUT_RIGHT",
  decisions: 214,
  sessions: 60,
  tenths: [TENTH],
  error: 0.04,
  error_by_chance: 0.03,
  error_by_chance_at_most: 0.05,
  too_sure_by: 0.02,
  low: -0.02,
  high: 0.06,
  decisions_needed: 0,
  sessions_needed: 0,
};

const NONE = {
  status: "NOT_YET",
  error: null,
  error_by_chance: null,
  error_by_chance_at_most: null,
  too_sure_by: null,
  low: null,
  high: null,
} as const;

describe("calibration", () => {
  it("says what was said in a tenth and what came of it", () => {
    expect(tenthInWords(TENTH)).toBe("Where it said 60 to 70 %, 64 % of rooms recovered (31 decisions).");
    expect(tenthInWords({ ...TENTH, decisions: 1 })).toMatch(/\(1 decision\)\.$/);
    expect(spanOf({ ...TENTH, from_confidence: 0.9, to_confidence: 1 })).toBe("90 to 100 %");
  });

  it("tells how far it is off, and what chance alone would be", () => {
    expect(overallInWords(TOLD)).toBe(
      "Its confidence is about right: on average 4 points off, 3 would be chance.",
    );
    expect(overallInWords({ ...TOLD, error: 0.011 })).toContain("on average 1 point off");
    expect(overallInWords({ ...TOLD, status: "UNEVEN", error: 0.12 })).toBe(
      "Its confidence is off, in places too high and in others too low: on average 12 points off, 3 would be chance.",
    );
  });

  it("does not call right what nobody could tell yet", () => {
    expect(overallInWords({ ...TOLD, status: "NO_SIGN", error_by_chance: 0.09, decisions_needed: 120 })).toBe(
      "Nothing speaks against its confidence so far: on average 4 points off, 9 would be chance. About 120 more decisions will tell it to 5 points.",
    );
  });

  it("says by how much it is too sure, or not sure enough, without a minus", () => {
    const over = { ...TOLD, status: "TOO_SURE", too_sure_by: 0.12, low: 0.08, high: 0.16 } as const;
    expect(overallInWords(over)).toBe("It is too sure of itself by 12 points (8 to 16).");
    expect(
      overallInWords({ ...over, status: "NOT_SURE_ENOUGH", too_sure_by: -0.12, low: -0.17, high: -0.07 }),
    ).toBe("It is not sure enough of itself by 12 points (7 to 17).");
  });

  it("says how many more it takes before there is enough", () => {
    expect(overallInWords({ ...TOLD, ...NONE, decisions_needed: 23 })).toBe(
      "Not enough yet: 23 more decisions.",
    );
    expect(overallInWords({ ...TOLD, ...NONE, decisions_needed: 1, sessions_needed: 4 })).toBe(
      "Not enough yet: 1 more decision, in 4 more sessions at least.",
    );
    expect(overallInWords({ ...TOLD, ...NONE, sessions_needed: 1 })).toBe(
      "Not enough yet: decisions in 1 more session.",
    );
  });

  it("finds what it usually says, and marks where chance does not explain the gap", () => {
    const seldom = { ...TENTH, from_confidence: 0.2, decisions: 3 };
    expect(usualOf([seldom, TENTH, { ...seldom, decisions: 4 }])).toBe(TENTH);
    expect(usualOf([])).toBeUndefined();
    expect([TENTH, { ...TENTH, confidence: 0.45 }, { ...TENTH, confidence: 0.8 }].map(isOff)).toEqual([
      false,
      true,
      true,
    ]);
  });
});
