/** What is said of a strategy test: which of the two ways is ahead, by how much, or why nobody knows. */
import type { Schemas } from "@/api/client";
import { percent, STYLE_WORDS } from "@/core/words";
import type { Tone } from "@/ui/Badge";
import { inPoints } from "../lift";

export type Test = Schemas["StrategyAnswer"];
export type Design = Test["design"];
export type Policy = NonNullable<Schemas["VariantBody"]["policy"]>;

export const DESIGN_WORDS: Readonly<Record<Design, { readonly label: string; readonly means: string }>> = {
  sessions: {
    label: "Whole sessions",
    means: "Each session goes one way from beginning to end. The cleanest; it takes many sessions.",
  },
  session_blocks: {
    label: "Blocks of time in each session",
    means: "A session changes its way from block to block. For few, long sessions.",
  },
  event_blocks: {
    label: "Blocks of time of the whole event",
    means: "All sessions go the same way in a block. For sessions that people wander between.",
  },
};

export const POLICY_WORDS: Readonly<Record<Policy, string>> = {
  thompson: "By what was learned, trying others now and then",
  best: "Always the best known",
  rules: "By fixed rules",
  random: "By chance",
  plain: "By what was learned, each circumstance by itself",
  nothing: "Nothing is ever done",
};

/** One of the two ways; what is null stays as the event has it. */
export type Way = Pick<Test["variants"][number], "policy" | "style" | "threshold" | "act_below">;

/** What one of the ways does: "is worded in a playful tone; acts below a score of 60 %". */
export function wayInWords({ policy, style, threshold, act_below: actBelow }: Way): string {
  const said = [
    policy === null ? null : `what it does is chosen so: ${lowered(POLICY_WORDS[policy])}`,
    style === null ? null : `is worded in a ${lowered(STYLE_WORDS[style])} tone`,
    threshold === null ? null : `acts by itself from a confidence of ${exactly(threshold)}`,
    actBelow === null ? null : `acts below a score of ${exactly(actBelow)}`,
  ].filter((each) => each !== null);
  return said.length === 0 ? "all as the event has it" : said.join("; ");
}

function lowered(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** A share to a tenth of a per cent, as it can be set. */
function exactly(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

const DEALT: Readonly<Record<Design, string>> = {
  sessions: "of all sessions",
  session_blocks: "of the blocks of time in each session",
  event_blocks: "of the blocks of time of this event",
};

/** "Half of the blocks of time in each session". */
export function dealtInWords(design: Design, share: number): string {
  return `${share === 0.5 ? "Half" : exactly(share)} ${DEALT[design]}`;
}

export interface Standing {
  readonly badge: string;
  readonly tone: Tone;
  readonly words: string;
}

/** How the two ways stand, in plain words. */
export function standingOf(test: Test): Standing {
  const { difference, low, high, why_not } = test;
  const [first, second] = namesOf(test);
  if (test.is_misdealt) return { badge: "Something is wrong", tone: "low", words: why_not ?? MISDEALT };
  if (difference === null || low === null || high === null) {
    return { badge: "Not enough yet", tone: "neutral", words: why_not ?? "Not enough yet." };
  }
  if (low > 0) return ahead(second, first, difference, low, high);
  if (high < 0) return ahead(first, second, -difference, -high, -low);
  return {
    badge: "Not known yet",
    tone: "neutral",
    words: `Not known yet which is better: ${second} may score ${rangeOf(low, high, first)}.`,
  };
}

const MISDEALT = "The two ways were not dealt as they should have been.";

function ahead(leader: string, other: string, by: number, low: number, high: number): Standing {
  return {
    badge: "One is ahead",
    tone: "high",
    words: `${leader} is ahead of ${other} by ${points(Math.max(1, Math.round(by * 100)))} of score (${inPoints(low)} to ${inPoints(high)}).`,
  };
}

function namesOf({ variants }: Test): readonly [string, string] {
  const [first, second] = variants.map((each) => `“${each.name}”`);
  return [first ?? "The first", second ?? "the second"];
}

/** "anything from 2 points lower to 7 points higher than “usual”": an interval that holds no difference. */
function rangeOf(low: number, high: number, other: string): string {
  const [down, up] = [Math.round(-low * 100), Math.round(high * 100)];
  if (down === 0 && up === 0) return `the same as ${other}, to within a point`;
  if (down === 0) return `the same as ${other}, or up to ${points(up)} higher`;
  if (up === 0) return `the same as ${other}, or up to ${points(down)} lower`;
  return `anything from ${points(down)} lower to ${points(up)} higher than ${other}`;
}

function points(count: number): string {
  return count === 1 ? "1 point" : `${count} points`;
}

/** What a design deals to, as the head of a column. */
export function unitsOf(design: Design): string {
  return design === "sessions" ? "Sessions" : "Blocks";
}

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "long",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** "It has been running since 21 November at 22:18. Half of all sessions go the way of “bold”, by chance; …" */
export function runningInWords(test: Test): string {
  const { since, design, share, block_s: block, burn_in_s: burnIn } = test;
  const [first, second] = namesOf(test);
  const began = `It has been running since ${DAY_AND_TIME.format(since * 1000)}.`;
  const dealt = `${dealtInWords(design, share)} go the way of ${second}, by chance; all else goes the way of ${first}.`;
  const blocks = block === null ? "" : ` A block takes ${inMinutes(block)}${uncounted(burnIn ?? 0)}.`;
  return `${began} ${dealt}${blocks}`;
}

function uncounted(seconds: number): string {
  if (seconds === 0) return "";
  const length = inMinutes(seconds);
  return length === ONE ? "; its first minute is not counted" : `; its first ${length} are not counted`;
}

const ONE = "1 minute";

/** To a tenth of a minute; the service takes any number of seconds. */
function inMinutes(seconds: number): string {
  const minutes = Math.max(Number((seconds / 60).toFixed(1)), 0.1);
  return minutes === 1 ? ONE : `${minutes} minutes`;
}

/** A mean score; a dash where there is none. */
export function percentOf(score: number | null): string {
  return score === null ? "–" : percent(score);
}
