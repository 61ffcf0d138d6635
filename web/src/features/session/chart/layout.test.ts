import { describe, expect, test } from "vitest";
import type { DecisionEntry, FeedEntry } from "@/core/feed";
import type { Decision } from "@/core/model";
import {
  bandEdges,
  clustersOf,
  columnsOf,
  curveInWords,
  joinedMarks,
  type Mark,
  marksOf,
  type Point,
  stretchesOf,
} from "./layout";

const DECISION: Decision = {
  id: "d1",
  anomalyId: "a1",
  at: 110,
  arm: "POLL",
  confidence: 0.6,
  reasoning: "",
  context: { anomalyType: "", phase: "", sessionType: "", sizeBucket: "", engagementBucket: "" },
  past: { successRate: 0, attempts: 0, isExploring: false },
  autonomy: "ASK",
  heldOut: false,
  holdoutShare: 0,
  origin: "AGENT",
  propensity: 1,
  scoreBefore: 0.4,
  content: null,
  generation: null,
  expiresAt: null,
  analysis: null,
};

const DONE: DecisionEntry = {
  kind: "decision",
  id: "d1",
  at: 110,
  decision: DECISION,
  fate: "EXECUTED",
  fateAt: 120,
  why: "",
  answer: null,
  intervention: { id: "i1", decisionId: "d1", arm: "POLL", content: null, generation: null, deliveredTo: 41 },
  outcome: {
    interventionId: "i1",
    decisionId: "",
    success: true,
    before: 0.4,
    after: 0.6,
    delta: 0.2,
    heldOut: false,
  },
  outcomeAt: 240,
  unknownWhy: "",
};

const FALL: FeedEntry = {
  kind: "anomaly",
  id: "a1",
  at: 100,
  anomaly: {
    id: "a1",
    type: "SUDDEN_DROP",
    severity: "CRITICAL",
    evidence: 0.9,
    current: 0.4,
    expected: 0.8,
    deviation: -4,
  },
  clearedAt: null,
  becameNormal: false,
};

describe("marks", () => {
  test("tell a fall, its decision, what was posted and its outcome, oldest first", () => {
    const marks = marksOf([DONE, FALL]);
    expect(marks.map((each) => each.kind)).toEqual(["critical", "decision", "intervention", "success"]);
    expect(marks.map((each) => each.at)).toEqual([100, 110, 120, 240]);
    expect(marks[2]?.text).toBe("Poll posted, 41 people could see it");
    expect(marks[3]?.text).toBe("Outcome of the Poll: +20 points, to 60 %");
  });

  test("of a decision that waits is only that it was made", () => {
    const waiting = { ...DONE, fate: "WAITING", fateAt: null, intervention: null, outcome: null } as const;
    expect(marksOf([waiting]).map((each) => each.kind)).toEqual(["decision"]);
  });
});

test("marks that were kept and are heard live too are there once", () => {
  const kept = (id: string, at: number): Mark => ({ id, at, kind: "warning", text: "kept" });
  const live: Mark = { id: "a2", at: 200, kind: "critical", text: "live" };
  const joined = joinedMarks([kept("a1", 50), kept("a1", 60), kept("a2", 200)], [live]);
  expect(joined).toEqual([kept("a1", 50), live]);
});

describe("clusters", () => {
  const mark = (at: number, kind: Mark["kind"] = "decision"): Mark => ({
    id: String(at),
    at,
    kind,
    text: "",
  });
  const range = { from: 0, to: 100 };

  test("stand at their moment", () => {
    expect(clustersOf([mark(0), mark(50), mark(100)], range, 400).map((each) => each.x)).toEqual([
      0, 200, 400,
    ]);
  });

  test("never overlap, and show the gravest of what they hold", () => {
    const clusters = clustersOf([mark(10), mark(12, "critical"), mark(13, "warning"), mark(40)], range, 400);
    expect(clusters.map((each) => each.marks.length)).toEqual([3, 1]);
    expect(clusters[0]?.kind).toBe("critical");
  });

  test("leave out what lies outside of the range", () => {
    expect(clustersOf([mark(-1), mark(101)], range, 400)).toEqual([]);
  });

  test("are none where there is no room for them", () => {
    expect(clustersOf([mark(10)], range, 0)).toEqual([]);
    expect(clustersOf([mark(10)], { from: 5, to: 5 }, 400)).toEqual([]);
  });
});

describe("the curve", () => {
  const point = (at: number, score: number, state: Point["state"] = "HEALTHY"): Point => ({
    at,
    score,
    state,
  });

  test("has stretches in which the score says little", () => {
    const points = [
      point(0, 0.5, "WARMING_UP"),
      point(5, 0.5, "WARMING_UP"),
      point(10, 0.7),
      point(15, 0.7, "SIGNAL_LOST"),
      point(20, 0.7),
    ];
    expect(stretchesOf(points)).toEqual([
      { state: "WARMING_UP", from: 0, to: 10 },
      { state: "SIGNAL_LOST", from: 10, to: 20 },
    ]);
  });

  test("is broken where signals were lost, and where nothing was said for long", () => {
    const [times, scores] = columnsOf([
      point(0, 0.5),
      point(5, 0.6, "SIGNAL_LOST"),
      point(10, 0.7),
      point(70, 0.8),
    ]);
    expect(times).toEqual([0, 5, 10, 40, 70]);
    expect(scores).toEqual([0.5, null, 0.7, null, 0.8]);
  });

  test("is not broken where all its scores lie far apart", () => {
    const [, scores] = columnsOf([point(0, 0.5), point(60, 0.6), point(120, 0.7)]);
    expect(scores).toEqual([0.5, 0.6, 0.7]);
  });

  test("changes its colour where it goes through a bound", () => {
    expect(bandEdges([0, 10, 20], [0.9, 0.3, null])).toEqual([
      { at: 0, band: "high" },
      { at: expect.closeTo(3.333, 2) as number, band: "high" },
      { at: expect.closeTo(3.333, 2) as number, band: "fair" },
      { at: expect.closeTo(6.667, 2) as number, band: "fair" },
      { at: expect.closeTo(6.667, 2) as number, band: "low" },
      { at: 10, band: "low" },
    ]);
    expect(bandEdges([0, 10], [0.8, 0.9]).map((each) => each.band)).toEqual(["high", "high"]);
    expect(bandEdges([], [])).toEqual([]);
  });

  test("can be told in a sentence", () => {
    expect(curveInWords([point(0, 0.8), point(5, 0.3), point(10, 0.6)])).toBe(
      "Score from 80 % to 60 % within 10 seconds; lowest 30 %, highest 80 %.",
    );
    expect(curveInWords([])).toBe("No scores yet.");
  });
});
