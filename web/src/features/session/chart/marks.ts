/** What is marked on a chart, in words: the same for what is heard live and for what was kept. */
import type { Schemas } from "@/api/client";
import type { Anomaly, Arm, Outcome } from "@/core/model";
import { ANOMALY_WORDS, ARM_WORDS, percent, signedPercent } from "@/core/words";

export type MarkKind = "warning" | "critical" | "decision" | "intervention" | "success" | "failure";

/** A moment worth marking, in words. */
export interface Mark {
  readonly id: string;
  readonly at: number;
  readonly kind: MarkKind;
  readonly text: string;
}

export function fallMark(
  id: string,
  at: number,
  { type, severity, current, expected }: Pick<Anomaly, "type" | "severity" | "current" | "expected">,
): Mark {
  const text = `${ANOMALY_WORDS[type]} (${severity.toLowerCase()}): ${percent(current)}, expected ${percent(expected)}`;
  return { id, at, kind: severity === "CRITICAL" ? "critical" : "warning", text };
}

export function decidedMark(id: string, at: number, arm: Arm): Mark {
  return { id, at, kind: "decision", text: `Decided: ${ARM_WORDS[arm]}` };
}

export function postedMark(id: string, at: number, arm: Arm, deliveredTo: number): Mark {
  const text = `${ARM_WORDS[arm]} posted, ${deliveredTo} people could see it`;
  return { id, at, kind: "intervention", text };
}

export function outcomeMark(
  interventionId: string,
  at: number,
  arm: Arm,
  { success, delta, after }: Pick<Outcome, "success" | "delta" | "after">,
): Mark {
  const text = `Outcome of the ${ARM_WORDS[arm]}: ${signedPercent(delta)}, to ${percent(after)}`;
  return { id: `${interventionId} outcome`, at, kind: success ? "success" : "failure", text };
}

/** The marks of a fall that was kept: itself, and what was decided about it. */
export function marksOfFall(fall: Schemas["AnomalyAnswer"]): readonly Mark[] {
  const decided = fall.decisions.map((each) => decidedMark(each.decision_id, each.at, each.type));
  return [fallMark(fall.anomaly_id, fall.at, fall), ...decided];
}

/** The marks of an intervention that was kept: itself, and what came of it. */
export function marksOfIntervention(done: Schemas["SummedIntervention"]): readonly Mark[] {
  const { intervention_id: id, at, type, delivered_to: deliveredTo, outcome } = done;
  const posted = postedMark(id, at, type, deliveredTo);
  return outcome == null ? [posted] : [posted, outcomeMark(id, outcome.measured_at, type, outcome)];
}
