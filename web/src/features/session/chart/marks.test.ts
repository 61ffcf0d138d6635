import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { joinedMarks } from "./layout";
import { marksOfFall, marksOfIntervention, outcomeMark, postedMark } from "./marks";

const DONE: Schemas["SummedIntervention"] = {
  intervention_id: "i1",
  at: 120,
  type: "POLL",
  method: "TEMPLATE",
  delivered_to: 41,
  outcome: { success: false, before: 0.4, after: 0.35, delta: -0.05, measured_at: 240 },
};

test("an intervention of long ago is marked where it was posted and where its outcome was measured", () => {
  expect(marksOfIntervention(DONE)).toEqual([
    { id: "i1", at: 120, kind: "intervention", text: "Poll posted, 41 people could see it" },
    { id: "i1 outcome", at: 240, kind: "failure", text: "Outcome of the Poll: −5 points, to 35 %" },
  ]);
});

test("one without an outcome is marked once", () => {
  expect(marksOfIntervention({ ...DONE, outcome: null }).map((each) => each.kind)).toEqual(["intervention"]);
});

test("a fall of long ago is marked with what was decided", () => {
  const marks = marksOfFall({
    anomaly_id: "a1",
    at: 100,
    onset: 80,
    type: "SUDDEN_DROP",
    severity: "CRITICAL",
    evidence: 0.9,
    current: 0.4,
    expected: 0.8,
    deviation: -4,
    holds: [],
    decisions: [
      { decision_id: "d1", at: 110, type: "POLL", held_out: false, intervention_id: null, lapsed: null },
    ],
  });
  expect(marks.map(({ id, kind }) => [id, kind])).toEqual([
    ["a1", "critical"],
    ["d1", "decision"],
  ]);
});

test("what was kept and is heard live too is there once", () => {
  const live = [
    postedMark("i1", 121, "POLL", 41),
    outcomeMark("i1", 241, "POLL", { success: false, delta: -0.05, after: 0.35 }),
  ];
  expect(joinedMarks(marksOfIntervention(DONE), live)).toEqual(live);
});
