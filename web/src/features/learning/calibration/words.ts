/** What is said of the agent's confidence: whether it is right, or by how much it is too sure. */
import type { Schemas } from "@/api/client";
import { percent } from "@/core/words";
import type { Tone } from "@/ui/Badge";

export type Calibration = Schemas["CalibrationAnswer"];
export type Tenth = Schemas["TenthRow"];

export const STATUS_BADGES: Readonly<
  Record<Calibration["status"], { readonly words: string; readonly tone: Tone }>
> = {
  NOT_YET: { words: "Not enough yet", tone: "neutral" },
  NO_SIGN: { words: "Not known yet", tone: "neutral" },
  ABOUT_RIGHT: { words: "About right", tone: "high" },
  TOO_SURE: { words: "Too sure", tone: "fair" },
  NOT_SURE_ENOUGH: { words: "Not sure enough", tone: "fair" },
  UNEVEN: { words: "Off here and there", tone: "fair" },
};

/** "Its confidence is about right: on average 4 points off, 3 would be chance." */
export function overallInWords(told: Calibration): string {
  const { error, error_by_chance: byChance, too_sure_by: over } = told;
  if (told.status === "NOT_YET" || error === null || byChance === null || over === null) {
    return `Not enough yet: ${missingInWords(told)}.`;
  }
  const off = `on average ${inPoints(error)} off, ${wholePoints(byChance)} would be chance`;
  switch (told.status) {
    case "ABOUT_RIGHT":
      return `Its confidence is about right: ${off}.`;
    case "NO_SIGN":
      return `Nothing speaks against its confidence so far: ${off}. About ${more(told.decisions_needed, "decision")} will tell it to 5 points.`;
    case "TOO_SURE":
      return `It is too sure of itself by ${inPoints(over)}${rangeOf(told, 1)}.`;
    case "NOT_SURE_ENOUGH":
      return `It is not sure enough of itself by ${inPoints(over)}${rangeOf(told, -1)}.`;
    case "UNEVEN":
      return `Its confidence is off, in places too high and in others too low: ${off}.`;
  }
}

/** " (8 to 16)": where the truth lies with 95 %. */
function rangeOf({ low, high }: Calibration, sign: 1 | -1): string {
  if (low === null || high === null) return "";
  const [least, most] = sign === 1 ? [low, high] : [-high, -low];
  return ` (${wholePoints(least)} to ${wholePoints(most)})`;
}

/** "23 more decisions", and of how many more sessions if that is what is missing. */
function missingInWords({ decisions_needed: decisions, sessions_needed: sessions }: Calibration): string {
  if (sessions === 0) return more(decisions, "decision");
  if (decisions === 0) return `decisions in ${more(sessions, "session")}`;
  return `${more(decisions, "decision")}, in ${more(sessions, "session")} at least`;
}

function more(count: number, what: string): string {
  return `${count} more ${what}${count === 1 ? "" : "s"}`;
}

/** "Where it said 60 to 70 %, 64 % of rooms recovered (31 decisions)." */
export function tenthInWords(tenth: Tenth): string {
  return `Where it said ${spanOf(tenth)}, ${percent(tenth.recovered)} of rooms recovered (${
    tenth.decisions === 1 ? "1 decision" : `${tenth.decisions} decisions`
  }).`;
}

/** "60 to 70 %". */
export function spanOf({ from_confidence: from, to_confidence: to }: Tenth): string {
  return `${Math.round(from * 100)} to ${percent(to)}`;
}

/** The tenth with the most decisions: what it usually says. */
export function usualOf(tenths: readonly Tenth[]): Tenth | undefined {
  return [...tenths].sort((one, other) => other.decisions - one.decisions)[0];
}

/** Whether what was said lies outside of where the truth is with 95 %. */
export function isOff({ confidence, low, high }: Tenth): boolean {
  return confidence < low || confidence > high;
}

function wholePoints(difference: number): number {
  return Math.round(Math.abs(difference) * 100);
}

function inPoints(difference: number): string {
  const points = wholePoints(difference);
  return points === 1 ? "1 point" : `${points} points`;
}
