import { describe, expect, it } from "vitest";
import { bodyOf, type Draft, faultsOf, isFaulty, NEW, startInWords } from "./draft";

const [FIRST, SECOND] = NEW.variants;
const SOONER = { ...SECOND, name: " sooner ", actBelow: "62,5" };
const GOOD: Draft = { ...NEW, variants: [FIRST, SOONER] };

const faultsIn = (changed: Partial<Draft>) => {
  const { variants, ...rest } = faultsOf({ ...GOOD, ...changed });
  return [...variants.map((each) => Object.keys(each)), Object.keys(rest)];
};

describe("a test that is set up", () => {
  it("is refused until the second way has a name", () => {
    expect(isFaulty(faultsOf(NEW))).toBe(true);
    expect(isFaulty(faultsOf(GOOD))).toBe(false);
  });

  it("takes two ways that differ, in more than their names", () => {
    expect(faultsIn({ variants: [FIRST, { ...FIRST, name: "other" }] })).toEqual([[], ["policy"], []]);
    expect(faultsIn({ variants: [FIRST, { ...SOONER, name: "usual" }] })).toEqual([[], ["name"], []]);
    expect(faultsIn({ variants: [FIRST, { ...FIRST, name: "funny", style: "playful" }] })).toEqual([
      [],
      [],
      [],
    ]);
  });

  it("has figures within their ranges", () => {
    const wrong = { ...SOONER, threshold: "101", actBelow: "-1", name: "x".repeat(61) };
    expect(faultsIn({ variants: [FIRST, wrong] })).toEqual([[], ["name", "threshold", "actBelow"], []]);
    expect(faultsIn({ sharePercent: "0" })).toEqual([[], [], ["sharePercent"]]);
    expect(faultsIn({ sharePercent: "100" })).toEqual([[], [], ["sharePercent"]]);
    expect(faultsIn({ sharePercent: "half" })).toEqual([[], [], ["sharePercent"]]);
  });

  it("asks for blocks only where there are some", () => {
    const blocks = { blockMin: "4", burnInMin: "4" };
    expect(faultsIn(blocks)).toEqual([[], [], []]);
    expect(faultsIn({ ...blocks, design: "event_blocks" })).toEqual([[], [], ["blockMin", "burnInMin"]]);
    expect(faultsIn({ design: "session_blocks" })).toEqual([[], [], []]);
  });

  it("is told to the service in its own units", () => {
    const usual = { name: "usual", policy: null, threshold: null, act_below: null, style: null };
    expect(bodyOf(GOOD, "t1")).toEqual({
      test_id: "t1",
      design: "sessions",
      share: 0.5,
      variants: [usual, { ...usual, name: "sooner", act_below: 0.625 }],
    });
    const blocks = bodyOf({ ...GOOD, design: "event_blocks", blockMin: "10", burnInMin: "2.5" }, "t1");
    expect([blocks.block_s, blocks.burn_in_s]).toEqual([600, 150]);
  });

  it("is told in words before it begins", () => {
    expect(startInWords(GOOD)).toBe(
      "Half of all sessions, those that are open now among them, go the way of “sooner” from now on, by chance; all else goes the way of “usual”.",
    );
    expect(startInWords({ ...GOOD, design: "event_blocks", sharePercent: "30" })).toMatch(
      /^30 % of the blocks of time of this event go the way of “sooner”/,
    );
  });
});
