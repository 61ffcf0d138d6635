import { expect, test } from "vitest";
import { circumstances, clicked, contextKey, ordered, type Row } from "./rows";

function row(
  type: Row["type"],
  attempts: number,
  rate: number,
  phase: Row["context"]["phase"] = "middle",
): Row {
  return {
    type,
    context: {
      anomaly_type: "SUDDEN_DROP",
      phase,
      session_type: "talk",
      session_size_bucket: "medium",
      engagement_bucket: "low",
    },
    attempts,
    successes: Math.round(attempts * rate),
    success_rate: rate,
    mean_delta: rate / 10,
  };
}

const ROWS = [row("POLL", 4, 0.5), row("NUDGE", 9, 0.5), row("CHAT_PROMPT", 2, 1)];

test("a context is said in words", () => {
  expect(circumstances(row("POLL", 1, 1, "qa").context)).toBe("Sudden drop · medium-sized talk, Q&A");
});

test("contexts that differ in the engagement bucket only are one", () => {
  const { context } = row("POLL", 1, 1);
  expect(contextKey({ ...context, engagement_bucket: "high" })).toBe(contextKey(context));
});

test("rows that are alike in what they are ordered by have the surer one first", () => {
  const types = ordered(ROWS, { column: "success_rate", isDown: true }).map((each) => each.type);
  expect(types).toEqual(["CHAT_PROMPT", "NUDGE", "POLL"]);
});

test("figures begin with the most, names with A, and a second click turns it round", () => {
  const first = clicked({ column: "attempts", isDown: true }, "type");
  expect(first).toEqual({ column: "type", isDown: false });
  expect(clicked(first, "type").isDown).toBe(true);
  expect(clicked(first, "mean_delta").isDown).toBe(true);
});
