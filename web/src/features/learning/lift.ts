/** What is said of lift, and where it lies in the picture. */
import type { Schemas } from "@/api/client";
import { ARM_WORDS } from "@/core/words";
import type { Tone } from "@/ui/Badge";
import { PHASE_WORDS } from "./rows";

export type LiftRow = Schemas["LiftRow"];

export const STATUS_BADGES: Readonly<
  Record<LiftRow["status"], { readonly words: string; readonly tone: Tone }>
> = {
  KNOWN_HELPS: { words: "It helps", tone: "high" },
  KNOWN_HARMS: { words: "It harms", tone: "low" },
  KNOWN_SMALL: { words: "No difference to speak of", tone: "neutral" },
  NOT_YET: { words: "Not known yet", tone: "neutral" },
};

/** Points of score to either side at least: small effects shall not look large. */
const LEAST_SPAN = 0.1;
const STEP = 0.05;

/** Circumstances that are told of each type. */
const PLACES_MOST = 2;

/** How far the picture reaches to either side of 0: to the end of the longest interval, in steps of five points. */
export function spanOf(rows: readonly LiftRow[]): number {
  const ends = rows.flatMap((each) => [Math.abs(each.low ?? 0), Math.abs(each.high ?? 0)]);
  return Math.min(1, Math.ceil(Math.max(LEAST_SPAN, ...ends) / STEP - 1e-9) * STEP);
}

/** Where a difference lies, from 0 at the left to 1 at the right. */
export function placeOf(difference: number, span: number): number {
  return Math.min(1, Math.max(0, 0.5 + difference / span / 2));
}

/** "Poll · middle of workshop": what a row is about, in short. */
export function rowName(row: LiftRow): string {
  const where =
    row.phase === null || row.session_type === null ? null : `${row.session_type}, ${PHASE_WORDS[row.phase]}`;
  return [row.type === null ? null : ARM_WORDS[row.type], where, row.event_id]
    .filter((each) => each !== null)
    .join(" · ");
}

/** "−2 to 10": in points, with a real minus. */
export function inPoints(difference: number): string {
  return String(Math.round(difference * 100))
    .replace(/^-(?=[1-9])/, "−")
    .replace("-0", "0");
}

/** A sentence for each type of intervention: where it is known to help or harm, or else how far away that is. */
export function sentencesOf({
  by_arm: byArm,
  by_arm_and_context: byBoth,
}: Pick<Schemas["LiftAnswer"], "by_arm" | "by_arm_and_context">): readonly string[] {
  return byArm.flatMap((own) => {
    const known = byBoth.filter((each) => each.type === own.type && each.status !== "NOT_YET");
    return known.length === 0 ? [own.words] : known.slice(0, PLACES_MOST).map((each) => each.words);
  });
}
