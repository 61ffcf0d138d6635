/** What becomes of an answer, and what the service says where it does not stand. */
import type { Problem } from "@/api/problem";
import type { Content } from "@/core/model";
import { type Faults, fieldOf } from "./draft";
import { timeOfDay } from "@/core/times";

export type Verdict = "APPROVED" | "REJECTED";

export type Answering =
  | { readonly phase: "idle" }
  | { readonly phase: "sending"; readonly verdict: Verdict }
  | { readonly phase: "answered"; readonly verdict: Verdict }
  /** The room has recovered meanwhile: nothing is settled yet. `content` is what was to be launched. */
  | { readonly phase: "recovered"; readonly score: number; readonly content: Content | null }
  /** Another answer stands. */
  | { readonly phase: "decided"; readonly standing: Standing }
  | { readonly phase: "misfit"; readonly faults: Faults; readonly message: string }
  | { readonly phase: "failed"; readonly problem: Problem };

export interface Standing {
  /** null where nobody was asked. */
  readonly verdict: string | null;
  readonly by: string;
  /** In epoch seconds. */
  readonly at: number | null;
  readonly reason: string;
}

export const IDLE: Answering = { phase: "idle" };

/** What a refusal of an answer means. */
export function refusedAs(problem: Problem, content: Content | null): Answering {
  const { details } = problem;
  if (problem.code === "room_recovered" && typeof details.score === "number") {
    return { phase: "recovered", score: details.score, content };
  }
  if (problem.code === "decision_not_pending") return { phase: "decided", standing: standingOf(details) };
  if (problem.category === "VALIDATION") {
    return { phase: "misfit", faults: faultsIn(details), message: problem.message };
  }
  return { phase: "failed", problem };
}

function standingOf(details: Problem["details"]): Standing {
  return {
    verdict: typeof details.verdict === "string" ? details.verdict : null,
    by: typeof details.by === "string" ? details.by : "",
    at: typeof details.at === "number" ? details.at : null,
    reason: typeof details.reason === "string" ? details.reason : "",
  };
}

function faultsIn(details: Problem["details"]): Faults {
  const errors: unknown[] = Array.isArray(details.errors) ? details.errors : [];
  const said = errors.flatMap((each) => {
    if (typeof each !== "object" || each === null) return [];
    const { where, what } = each as Record<string, unknown>;
    return typeof where === "string" && typeof what === "string" ? [[fieldOf(where), what] as const] : [];
  });
  return Object.fromEntries(said);
}

/** Who decided what, as a sentence. */
export function standingInWords({ verdict, by, at, reason }: Standing, me: string | null): string {
  if (verdict === null) return "Nobody was asked about this: the agent did it by itself.";
  const when = at === null ? "" : ` at ${timeOfDay(at)}`;
  const why = reason === "" ? "" : `: ${reason}`;
  if (verdict === "LAPSED") return `It lapsed${when}${why === "" ? ": nobody answered in time" : why}.`;
  const who = by === "" ? "Somebody else" : by === me ? "You" : by;
  return `${who} ${verdict === "APPROVED" ? "approved" : "dismissed"} it${when}${why}.`;
}
