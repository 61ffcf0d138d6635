import { expect, test } from "vitest";
import { conditionOf } from "./condition";
import type { Anomaly, RoomState } from "./model";
import { emptySession, type SessionState } from "./session";

/** A room whose fall was raised at the first of these scores and still stands. */
function fallen(...scores: number[]): SessionState {
  const anomaly: Anomaly = {
    id: "a1",
    type: "SUDDEN_DROP",
    severity: "CRITICAL",
    evidence: 0.9,
    current: scores[0] ?? 0,
    expected: 0.9,
    deviation: -4,
  };
  const before = point(95, 0.1);
  return {
    ...emptySession("s1"),
    state: "FALLING",
    anomaly,
    score: scores.at(-1) ?? null,
    scores: [before, ...scores.map((score, index) => point(100 + 5 * index, score))],
    feed: [{ kind: "anomaly", id: "a1", at: 100, anomaly, clearedAt: null, becameNormal: false }],
  };
}

function point(at: number, score: number) {
  const state: RoomState = "FALLING";
  return { at, score, state, parts: [] };
}

test("a room falls as long as its score is low", () => {
  expect(conditionOf(fallen(0.3))).toBe("FALLING");
  expect(conditionOf(fallen(0.3, 0.45))).toBe("FALLING");
});

test("a room whose score has come back recovers until the agent says that the fall is over", () => {
  expect(conditionOf(fallen(0.3, 0.5))).toBe("RECOVERING");
  expect(conditionOf({ ...fallen(0.3, 0.8), state: "HEALTHY", anomaly: null })).toBe("HEALTHY");
});

test("a fall that was seen while the score was still fair comes back from its lowest score, and not from before", () => {
  expect(conditionOf(fallen(0.7, 0.75))).toBe("FALLING");
  expect(conditionOf(fallen(0.7, 0.85))).toBe("RECOVERING");
  expect(conditionOf(fallen(0.7, 0.35, 0.65))).toBe("RECOVERING");
});

test("of a fall that is not known, and in other states, the agent's word is what is told", () => {
  expect(conditionOf({ ...fallen(0.3, 0.9), anomaly: null })).toBe("FALLING");
  expect(conditionOf({ ...fallen(0.3, 0.9), state: "SIGNAL_LOST" })).toBe("SIGNAL_LOST");
  expect(conditionOf(emptySession("s1"))).toBeNull();
});
