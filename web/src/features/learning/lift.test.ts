import { describe, expect, it } from "vitest";
import { inPoints, type LiftRow, placeOf, rowName, sentencesOf, spanOf } from "./lift";

const ROW: LiftRow = {
  type: null,
  phase: null,
  session_type: null,
  event_id: null,
  status: "KNOWN_HELPS",
  words: "Polls add 6 points (2 to 10).",
  estimate: 0.06,
  low: 0.02,
  high: 0.1,
  confidence: 0.95,
  low_once: 0.03,
  high_once: 0.09,
  treated: 90,
  held_out: 10,
  decisions_needed: null,
};

describe("lift", () => {
  it("reaches ten points to either side at least, and to the end of the longest interval", () => {
    expect(spanOf([])).toBe(0.1);
    expect(spanOf([{ ...ROW, low: null, high: null }])).toBe(0.1);
    expect(spanOf([ROW, { ...ROW, low: -0.17 }])).toBeCloseTo(0.2);
    expect(spanOf([{ ...ROW, high: 1 }])).toBe(1);
  });

  it("has no difference in the middle, and keeps within the picture", () => {
    expect(placeOf(0, 0.1)).toBe(0.5);
    expect(placeOf(0.05, 0.1)).toBe(0.75);
    expect(placeOf(-0.3, 0.1)).toBe(0);
  });

  it("names what a row is about", () => {
    expect(rowName({ ...ROW, type: "POLL" })).toBe("Poll");
    expect(rowName({ ...ROW, type: "POLL", phase: "middle", session_type: "workshop" })).toBe(
      "Poll · workshop, middle",
    );
    expect(rowName({ ...ROW, event_id: "event-1" })).toBe("event-1");
  });

  it("writes points with a real minus, and no minus before zero", () => {
    expect([0.1, -0.02, -0.001].map(inPoints)).toEqual(["10", "−2", "0"]);
  });

  it("tells of each type where it is known, and else how far away that is", () => {
    const poll = { ...ROW, type: "POLL" } as const;
    const inWorkshops = { ...poll, words: "Polls add 6 points in the middle of workshops (2 to 10)." };
    const inTalks = { ...poll, status: "NOT_YET", words: "Polls in talks: not known yet." } as const;
    const prompt = {
      ...ROW,
      type: "CHAT_PROMPT",
      status: "NOT_YET",
      words: "Chat prompts: not known yet.",
    } as const;
    const told = sentencesOf({ by_arm: [poll, prompt], by_arm_and_context: [inTalks, inWorkshops] });
    expect(told).toEqual([inWorkshops.words, prompt.words]);
  });
});
