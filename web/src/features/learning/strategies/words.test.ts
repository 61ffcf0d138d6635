import { describe, expect, it } from "vitest";
import { percentOf, standingOf, type Test, unitsOf } from "./words";

const way = (name: string) => ({ name, units: 12, minutes: 640, score: 0.7, unknown_minutes: 0 });

const TEST: Test = {
  event_id: "summit",
  test_id: "t1",
  design: "sessions",
  since: 1_790_000_000,
  variants: [way("usual"), way("bold")],
  difference: 0.06,
  low: 0.02,
  high: 0.1,
  is_misdealt: false,
  split_p_value: 0.6,
  why_not: null,
};

describe("a strategy test", () => {
  it("says which way is ahead, and by how much", () => {
    expect(standingOf(TEST).words).toBe("“bold” is ahead of “usual” by 6 points of score (2 to 10).");
    expect(standingOf({ ...TEST, difference: -0.012, low: -0.021, high: -0.004 }).words).toBe(
      "“usual” is ahead of “bold” by 1 point of score (0 to 2).",
    );
  });

  it("says that nobody knows while the interval holds no difference", () => {
    const { badge, words } = standingOf({ ...TEST, difference: 0.03, low: -0.01, high: 0.07 });
    expect(badge).toBe("Not known yet");
    expect(words).toBe(
      "Not known yet which is better: “bold” may score anything from 1 point lower to 7 points higher than “usual”.",
    );
    const told = (low: number, high: number) => standingOf({ ...TEST, low, high }).words;
    expect(told(-0.004, 0.07)).toMatch(/“bold” may score the same as “usual”, or up to 7 points higher\.$/);
    expect(told(-0.02, 0.001)).toMatch(/“bold” may score the same as “usual”, or up to 2 points lower\.$/);
    expect(told(0, 0)).toMatch(/“bold” may score the same as “usual”, to within a point\.$/);
  });

  it("says what is missing before there is enough", () => {
    const none = { difference: null, low: null, high: null };
    const why = "Not enough yet: bold was seen in 3 sessions; it takes 5 for each.";
    const told = standingOf({ ...TEST, ...none, why_not: why });
    expect([told.badge, told.words]).toEqual(["Not enough yet", why]);
    expect(standingOf({ ...TEST, ...none }).words).toBe("Not enough yet.");
  });

  it("claims nothing where the ways were misdealt, whatever the figures say", () => {
    const told = standingOf({ ...TEST, is_misdealt: true, why_not: "Something is wrong." });
    expect([told.tone, told.words]).toEqual(["low", "Something is wrong."]);
    expect(standingOf({ ...TEST, is_misdealt: true }).words).not.toContain("ahead");
  });

  it("names what is dealt to, and has a dash where there is no score", () => {
    expect([unitsOf("sessions"), unitsOf("event_blocks")]).toEqual(["Sessions", "Blocks"]);
    expect([percentOf(0.714), percentOf(null)]).toEqual(["71 %", "–"]);
  });
});
