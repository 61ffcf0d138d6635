/** What is said of a strategy test: which of the two ways is ahead, by how much, or why nobody knows. */
import type { Schemas } from "@/api/client";
import { percent } from "@/core/words";
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

/** "Since 21 November at 22:18; whole sessions are dealt." */
export function runningInWords({ since, design }: Test): string {
  return `It has been running since ${DAY_AND_TIME.format(since * 1000)}. What goes one way or the other, by chance: ${DESIGN_WORDS[
    design
  ].label.toLowerCase()}.`;
}

/** A mean score; a dash where there is none. */
export function percentOf(score: number | null): string {
  return score === null ? "–" : percent(score);
}
