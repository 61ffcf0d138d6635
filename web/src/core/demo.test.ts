import { expect, test } from "vitest";
import { DEMO_STEPS, demoStage, runsAsDemo } from "./demo";
import type { DecisionEntry } from "./feed";
import type { Decision } from "./model";
import { emptySession, type SessionState } from "./session";

const OPEN: SessionState = { ...emptySession("demo-1"), isKnown: true, isOpen: true };

const DECISION: Decision = {
  id: "d1",
  anomalyId: "a1",
  at: 100,
  arm: "POLL",
  confidence: 0.7,
  reasoning: "",
  context: { anomalyType: "", phase: "", sessionType: "", sizeBucket: "", engagementBucket: "" },
  past: { successRate: 0.5, attempts: 2, isExploring: false },
  autonomy: "ASK",
  heldOut: false,
  holdoutShare: 0,
  origin: "AGENT",
  propensity: 0.4,
  scoreBefore: 0.4,
  content: null,
  generation: null,
  expiresAt: 200,
  analysis: null,
};

function entry(more: Partial<DecisionEntry>): DecisionEntry {
  return {
    kind: "decision",
    id: "d1",
    at: 100,
    decision: DECISION,
    fate: "WAITING",
    fateAt: null,
    why: "",
    answer: null,
    intervention: null,
    outcome: null,
    outcomeAt: null,
    unknownWhy: "",
    ...more,
  };
}

const outcome = {
  interventionId: "i1",
  decisionId: "",
  success: true,
  before: 0.4,
  after: 0.7,
  delta: 0.3,
  heldOut: false,
};

test("a demo goes from lively through a fall to an intervention", () => {
  expect(demoStage(OPEN, 100).step).toBe(0);
  expect(demoStage({ ...OPEN, score: 0.7 }, 100).words).toContain("lose interest");
  expect(demoStage({ ...OPEN, feed: [entry({ fate: "EXECUTED" })] }, 100).step).toBe(3);
});

test("while the agent asks, whoever watches is told that it waits for them", () => {
  const state = { ...OPEN, asked: DECISION, feed: [entry({})] };
  expect(demoStage(state, 150).words).toContain("waits for you");
  expect(demoStage(state, 201).words).toContain("not done");
  expect(demoStage({ ...state, asked: null, feed: [entry({ fate: "LAPSED" })] }, 250).words).toContain(
    "not done",
  );
});

test("an outcome is told for what it is, after the session too", () => {
  const rescued = { ...OPEN, isOpen: false, feed: [entry({ fate: "EXECUTED", outcome })] };
  expect(demoStage(rescued, 300)).toEqual({
    step: DEMO_STEPS.length,
    words: "Rescued: the score went from 40 % to 70 % (+30 points).",
  });
  const failed = {
    ...rescued,
    feed: [entry({ outcome: { ...outcome, success: false, after: 0.42, delta: 0.02 } })],
  };
  expect(demoStage(failed, 300).words).toMatch(/^Not rescued this time/);
});

test("a demo that ended without an outcome says no more than that", () => {
  expect(demoStage({ ...OPEN, isOpen: false, score: 0.6 }, 300).words).toContain("over");
});

test("a demo that did not open yet is not over", () => {
  expect(demoStage({ ...OPEN, isOpen: false }, 100).step).toBe(0);
});

test("a demo runs from before its first signal until it ends, and other sessions of the same event are none", () => {
  const begun: Partial<SessionState> = { score: 0.8 };
  expect(runsAsDemo({ ...OPEN, isOpen: false })).toBe(true);
  expect(runsAsDemo({ ...OPEN, ...begun })).toBe(true);
  expect(runsAsDemo({ ...OPEN, ...begun, isOpen: false })).toBe(false);
  expect(runsAsDemo({ ...OPEN, isKnown: false })).toBe(false);
  expect(runsAsDemo({ ...OPEN, sessionId: "rehearsal" })).toBe(false);
});
