import { expect, test } from "vitest";
import { Problem } from "@/api/problem";
import { refusedAs, standingInWords } from "./answering";

test("a room that has recovered is asked about once more, with what was to be launched", () => {
  const problem = new Problem("CONFLICT", "room_recovered", "…", { score: 0.72, seen_score: 0.41 });
  expect(refusedAs(problem, null)).toEqual({ phase: "recovered", score: 0.72, content: null });
});

test("an answer of somebody else says who, what and why", () => {
  const details = { verdict: "REJECTED", by: "user-3", at: null, reason: "not now" };
  const refused = refusedAs(new Problem("CONFLICT", "decision_not_pending", "…", details), null);
  expect(refused.phase).toBe("decided");
  if (refused.phase !== "decided") return;
  expect(standingInWords(refused.standing, "user-1")).toBe("user-3 dismissed it: not now.");
  expect(standingInWords(refused.standing, "user-3")).toBe("You dismissed it: not now.");
});

test("nobody in time, and nobody at all, are told apart", () => {
  const lapsed = { verdict: "LAPSED", by: "", at: null, reason: "" };
  expect(standingInWords(lapsed, null)).toBe("It lapsed: nobody answered in time.");
  expect(standingInWords({ ...lapsed, verdict: null }, null)).toContain("by itself");
});

test("what does not fit is said at its field", () => {
  const errors = [{ where: "body.content.PollBody.question", what: "too long", type: "string_too_long" }];
  const refused = refusedAs(new Problem("VALIDATION", "invalid_input", "…", { errors }), null);
  expect(refused).toMatchObject({ phase: "misfit", faults: { question: "too long" } });
});

test("an outage is a failure that can be tried again", () => {
  const problem = new Problem("UNREACHABLE", "unreachable", "…");
  expect(refusedAs(problem, null)).toEqual({ phase: "failed", problem });
});
