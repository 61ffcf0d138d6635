import { expect, test } from "vitest";
import { found, type Row, sorted } from "./sessions";
import { ago, answerInWords, bandOf, clockTime, percent, signedPercent } from "./words";

function row(sessionId: string, more: Partial<Row> = {}): Row {
  return {
    sessionId,
    eventId: "e1",
    title: "",
    type: "talk",
    isOpen: true,
    status: null,
    mode: null,
    score: 0.7,
    pendingDecisionId: null,
    updatedAt: null,
    condition: "HEALTHY",
    scores: [],
    pending: null,
    ...more,
  };
}

const ids = (rows: readonly Row[]) => rows.map((each) => each.sessionId);

test("whoever is asked comes first, then who falls, then who recovers, and what is over comes last", () => {
  const rows = [
    row("over", { isOpen: false, pendingDecisionId: "d" }),
    row("fine"),
    row("recovers", { condition: "RECOVERING" }),
    row("falls", { condition: "FALLING" }),
    row("asks", { pendingDecisionId: "d" }),
  ];
  expect(ids(sorted(rows, "urgency"))).toEqual(["asks", "falls", "recovers", "fine", "over"]);
});

test("by score the lowest comes first, and those without any last", () => {
  const rows = [row("none", { score: null }), row("high", { score: 0.9 }), row("low", { score: 0.1 })];
  expect(ids(sorted(rows, "score"))).toEqual(["low", "high", "none"]);
});

test("a search finds titles and ids by all of its words, whatever their case", () => {
  const rows = [row("s1", { title: "Scaling live events" }), row("s2", { title: "Live coding" })];
  expect(ids(found(rows, "LIVE scal"))).toEqual(["s1"]);
  expect(ids(found(rows, "s2"))).toEqual(["s2"]);
  expect(found(rows, " ")).toHaveLength(2);
});

test("figures are written as the screens show them", () => {
  expect([percent(0.744), signedPercent(0.12), signedPercent(-0.3)]).toEqual([
    "74 %",
    "+12 points",
    "−30 points",
  ]);
  expect([clockTime(245), clockTime(3845), clockTime(-3)]).toEqual(["4:05", "1:04:05", "0:00"]);
  expect([ago(100, 104), ago(100, 400), ago(0, 7300)]).toEqual(["just now", "5 min ago", "2 h ago"]);
  expect([0.49, 0.5, 0.69, 0.7, null].map(bandOf)).toEqual(["low", "fair", "fair", "high", "unknown"]);
});

test("who answered is told by name, or else by id, and a dismissal with its reason", () => {
  const answer = { decisionId: "d1", verdict: "APPROVED", by: "u7", name: "Ada", reason: "" } as const;
  expect(answerInWords(answer)).toBe("Approved by Ada");
  expect(answerInWords({ ...answer, verdict: "REJECTED", name: "", reason: "Not now" })).toBe(
    "Dismissed by u7: Not now",
  );
});
