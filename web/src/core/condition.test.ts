import { expect, test } from "vitest";
import { conditionOf } from "./condition";
import type { Anomaly } from "./model";

function fallTo(current: number): Anomaly {
  return {
    id: "a1",
    type: "SUDDEN_DROP",
    severity: "CRITICAL",
    evidence: 0.9,
    current,
    expected: 0.9,
    deviation: -4,
  };
}

test("a room falls as long as its score is low", () => {
  expect(conditionOf({ state: "FALLING", score: 0.3, anomaly: fallTo(0.3) })).toBe("FALLING");
  expect(conditionOf({ state: "FALLING", score: 0.45, anomaly: fallTo(0.3) })).toBe("FALLING");
});

test("a room whose score has come back recovers until the agent says that the fall is over", () => {
  const anomaly = fallTo(0.3);
  expect(conditionOf({ state: "FALLING", score: 0.5, anomaly })).toBe("RECOVERING");
  expect(conditionOf({ state: "HEALTHY", score: 0.8, anomaly: null })).toBe("HEALTHY");
});

test("where the fall was seen while the score was still fair, the score has to rise before it counts as coming back", () => {
  expect(conditionOf({ state: "FALLING", score: 0.7, anomaly: fallTo(0.65) })).toBe("FALLING");
  expect(conditionOf({ state: "FALLING", score: 0.8, anomaly: fallTo(0.65) })).toBe("RECOVERING");
});

test("of a fall that is not known, and in other states, the agent's word is what is told", () => {
  expect(conditionOf({ state: "FALLING", score: 0.9, anomaly: null })).toBe("FALLING");
  expect(conditionOf({ state: "SIGNAL_LOST", score: 0.9, anomaly: fallTo(0.3) })).toBe("SIGNAL_LOST");
  expect(conditionOf({ state: null, score: null, anomaly: null })).toBe(null);
});
