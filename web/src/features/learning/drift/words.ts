/** What is said of drift: what has changed of late, and what is as before. */
import type { Schemas } from "@/api/client";
import { percent } from "@/core/words";

export type Drift = Schemas["DriftAnswer"];
export type Shift = Schemas["ShiftRow"];

/** Sessions of a kind of late, and before, from which on the service compares them. */
export const LEAST_COMPARED = 8;

/** For each week of late the service looks at so many before. */
export const BEFORE_WEEKS = 3;

const KINDS = {
  keynote: "keynotes",
  workshop: "workshops",
  panel: "panels",
  talk: "talks",
  meeting: "meetings",
} as const;

const AFTER = {
  POLL: "polls",
  CHAT_PROMPT: "chat prompts",
  NUDGE: "nudges",
  QNA_PROMOTE: "promoted questions",
} as const;

const SUBJECTS: Readonly<Record<string, string>> = {
  score: "Scores",
  chat: "Chat",
  active: "Active people",
  reactions: "Reactions",
  leaves: "People leaving",
  audience: "Audiences",
  success: "Success of interventions",
  left_alone: "Success of rooms left alone",
};

const UNITS: Readonly<Record<string, string>> = {
  chat: " messages a minute and 100 people",
  reactions: " a minute and 100 people",
  leaves: " a minute and 100 people",
  audience: " people",
};

/** "Scores of workshops", "Success of polls". */
export function subjectOf({ measure, session_type, type }: Shift): string {
  if (type !== null) return `Success of ${AFTER[type]}`;
  const subject = SUBJECTS[measure] ?? measure;
  return session_type === null
    ? subject
    : `${subject} ${measure === "score" ? "of" : "in"} ${KINDS[session_type]}`;
}

/** A value without its unit. */
export function valueOf({ measure }: Shift, value: number): string {
  if (measure === "audience") return String(Math.round(value));
  return measure in UNITS ? value.toFixed(1) : percent(value);
}

/** A value where there is little room: per cent without the sign. */
export function shortOf(shift: Shift, value: number): string {
  return valueOf(shift, value).replace(" %", "");
}

/** "Success of polls fell from 62 % to 40 %." */
export function movedInWords(shift: Shift): string {
  const [before, after] = [valueOf(shift, shift.before), valueOf(shift, shift.after)];
  const subject = subjectOf(shift);
  if (before === after) return `${subject}: around ${after} as before, but spread differently.`;
  const moved = shift.after < shift.before ? "fell" : "rose";
  return `${subject} ${moved} from ${before} to ${after}${UNITS[shift.measure] ?? ""}.`;
}

/** "last week", "last two weeks", to stand after "the". */
export function lateInWords(weeks: number): string {
  return weeks === 1 ? "last week" : `last ${COUNTED[weeks] ?? weeks} weeks`;
}

/** "3 weeks": those that come before. */
export function beforeInWords(weeks: number): string {
  return `${COUNTED[weeks * BEFORE_WEEKS] ?? weeks * BEFORE_WEEKS} weeks`;
}

/** "2 weeks with the 6 before": short enough for a telephone. */
export function lengthInWords(weeks: number): string {
  return `${weeks} ${weeks === 1 ? "week" : "weeks"} with the ${weeks * BEFORE_WEEKS} before`;
}

const COUNTED: Readonly<Record<number, string>> = { 2: "two", 3: "three", 4: "four", 6: "six", 9: "nine" };

export interface Told {
  readonly about: "signals" | "success";
  readonly changes: readonly Shift[];
  /** Of all else: that it is as before, or why nobody knows; empty where there is nothing else. */
  readonly rest: string;
}

/** Of signals, and of how interventions succeed: what has changed, that nothing has, or that it is too early. */
export function toldOf({ shifts }: Drift, weeks: number): readonly Told[] {
  const ofRooms = shifts.filter((each) => each.session_type !== null);
  const ofOutcomes = shifts.filter((each) => each.session_type === null);
  const within = `in the ${lateInWords(weeks)}, and in as many of the ${beforeInWords(weeks)} before`;
  return [
    told(
      "signals",
      ["Signals", "All other signals"],
      ofRooms,
      `it takes ${LEAST_COMPARED} sessions of one kind ${within}`,
    ),
    told(
      "success",
      ["Success of interventions", "All else about success"],
      ofOutcomes,
      `it takes interventions in ${LEAST_COMPARED} sessions ${within}`,
    ),
  ];
}

function told(
  about: Told["about"],
  [name, others]: readonly [string, string],
  shifts: readonly Shift[],
  takes: string,
): Told {
  const changes = shifts.filter((each) => each.is_drift);
  if (shifts.length === 0) return { about, changes, rest: `${name}: not known yet; ${takes}.` };
  if (changes.length === shifts.length) return { about, changes, rest: "" };
  const of = changes.length === 0 ? name : others;
  return { about, changes, rest: `${of}${about === "signals" ? kindsOf(shifts) : ""}: as before.` };
}

function kindsOf(shifts: readonly Shift[]): string {
  const kinds = shifts.flatMap((each) => (each.session_type === null ? [] : [KINDS[each.session_type]]));
  return ` in ${listed([...new Set(kinds)])}`;
}

/** "talks, panels and workshops". */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** "Too few workshops and talks to compare."; null where there are enough of all. */
export function tooFewInWords({ too_few, shifts }: Drift): string | null {
  if (too_few.length === 0 || shifts.length === 0) return null;
  return `There are too few ${listed(too_few.map((each) => KINDS[each]))} to compare.`;
}

/** By chance alone, in words: what a p-value comes to. */
export function chanceInWords(p: number): string {
  if (p < 0.001) return "under 0.1 %";
  return p < 0.1 ? `${(p * 100).toFixed(1)} %` : percent(Math.min(1, p));
}

const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** "3 Nov": the day on which a week begins. */
export function dayOf(at: number): string {
  return DAY.format(at * 1000);
}
