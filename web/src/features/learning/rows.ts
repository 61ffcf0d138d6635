/** Success by arm and context: words for it, and its order. */
import type { Schemas } from "@/api/client";
import { ANOMALY_WORDS, ARM_WORDS } from "@/core/words";

export type Row = Schemas["PerformanceRow"];
export type Posterior = Schemas["PosteriorRow"];
type Context = Schemas["ContextAnswer"];

export type Column = "type" | "context" | "attempts" | "success_rate" | "mean_delta";

export interface Order {
  readonly column: Column;
  readonly isDown: boolean;
}

export const PHASE_WORDS = { opening: "opening", middle: "middle", closing: "closing", qa: "Q&A" } as const;
const SIZE_WORDS = { small: "small", medium: "medium-sized", large: "large" } as const;

/** "Sudden drop · small talk, middle". */
export function circumstances(context: Context): string {
  const size = SIZE_WORDS[context.session_size_bucket];
  return `${ANOMALY_WORDS[context.anomaly_type]} · ${size} ${context.session_type}, ${PHASE_WORDS[context.phase]}`;
}

/** Which context it is, for telling contexts apart. Posteriors do not tell engagement buckets apart. */
export function contextKey(context: Context): string {
  return [context.anomaly_type, context.phase, context.session_type, context.session_size_bucket].join(" ");
}

export function ordered(rows: readonly Row[], { column, isDown }: Order): readonly Row[] {
  const sign = isDown ? -1 : 1;
  return [...rows].sort(
    (one, other) =>
      sign * compared(one, other, column) || other.attempts - one.attempts || byName(one, other),
  );
}

/** A click on a column's head: figures begin with the most, names with A; clicked again, it is turned round. */
export function clicked(order: Order, column: Column): Order {
  if (order.column === column) return { column, isDown: !order.isDown };
  return { column, isDown: column !== "type" && column !== "context" };
}

function compared(one: Row, other: Row, column: Column): number {
  switch (column) {
    case "type":
      return ARM_WORDS[one.type].localeCompare(ARM_WORDS[other.type]);
    case "context":
      return circumstances(one.context).localeCompare(circumstances(other.context));
    default:
      return one[column] - other[column];
  }
}

function byName(one: Row, other: Row): number {
  return compared(one, other, "type") || compared(one, other, "context");
}
