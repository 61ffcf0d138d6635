import { describe, expect, it } from "vitest";
import { percentOf, runningInWords, standingOf, type Test, unitsOf, wayInWords } from "./words";

const AS_IT_IS = { policy: null, style: null, threshold: null, act_below: null };
const way = (name: string) => ({
  name,
  ...AS_IT_IS,
  units: 12,
  minutes: 640,
  score: 0.7,
  unknown_minutes: 0,
});

const TEST: Test = {
  event_id: "summit",
  test_id: "t1",
  design: "sessions",
  since: 1_790_000_000,
  share: 0.5,
  block_s: null,
  burn_in_s: null,
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

  it("says what each way does", () => {
    expect(wayInWords(AS_IT_IS)).toBe("all as the event has it");
    expect(wayInWords({ policy: "rules", style: "playful", threshold: 0.8, act_below: 0.625 })).toBe(
      "what it does is chosen so: by fixed rules; is worded in a playful tone; acts by itself from a confidence of 80 %; acts below a score of 62.5 %",
    );
  });

  it("says what is dealt to while it runs", () => {
    expect(runningInWords(TEST)).toMatch(
      /^It has been running since .+\. Half of all sessions go the way of “bold”, by chance; all else goes the way of “usual”\.$/,
    );
    const blocks = { ...TEST, design: "session_blocks", share: 0.3, block_s: 1800, burn_in_s: 60 } as const;
    expect(runningInWords(blocks)).toMatch(
      /30 % of the blocks of time in each session go .+ A block takes 30 minutes; its first minute is not counted\.$/,
    );
    expect(runningInWords({ ...blocks, burn_in_s: 62 })).toMatch(/; its first minute is not counted\.$/);
    expect(runningInWords({ ...blocks, burn_in_s: 1 })).toMatch(
      /; its first 0\.1 minutes are not counted\.$/,
    );
    expect(runningInWords({ ...blocks, burn_in_s: 300 })).toMatch(/; its first 5 minutes are not counted\.$/);
    expect(runningInWords({ ...blocks, burn_in_s: 0 })).toMatch(/ A block takes 30 minutes\.$/);
  });
});
