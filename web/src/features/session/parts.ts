/** The five parts of the score as cards: what was counted, and what it adds. */
import type { RoomSignals, ScorePart } from "@/core/model";
import type { ScorePoint } from "@/core/session";

/** A level that is just as it normally is in such a session. */
export const NORMAL_LEVEL = 0.75;

/** Over which time a trend is told, and from which difference of levels it is one. */
export const TREND_S = 60;
const TREND_FROM = 0.05;

export type Trend = "rising" | "falling" | "steady" | "unknown";

export interface PartCard {
  readonly name: string;
  readonly title: string;
  /** What was counted, such as "12.4". */
  readonly figure: string;
  readonly unit: string;
  readonly level: number;
  /** Points of a hundred that it adds to the score; those of all cards add up to the score as it is shown. */
  readonly points: number;
  /** As many as it could add. */
  readonly pointsAtMost: number;
  readonly trend: Trend;
}

export function cardsOf(
  parts: readonly ScorePart[],
  signals: RoomSignals | null,
  scores: readonly ScorePoint[],
): readonly PartCard[] {
  const points = apportioned(parts.map((each) => each.contribution * 100));
  return parts.map((part, index) => ({
    name: part.name,
    level: part.level,
    points: points[index] ?? 0,
    pointsAtMost: Math.max(points[index] ?? 0, Math.round(part.weight * 100)),
    trend: trendOf(part.name, scores),
    ...countedAs(part.name, signals),
  }));
}

/** Whole numbers that add up to the rounded sum of the shares: the largest remainders are rounded up. */
export function apportioned(shares: readonly number[]): readonly number[] {
  const whole = shares.map(Math.floor);
  const sum = Math.round(shares.reduce((one, other) => one + other, 0));
  const missing = sum - whole.reduce((one, other) => one + other, 0);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((one, other) => other.remainder - one.remainder)
    .slice(0, Math.max(0, missing));
  const raised = new Set(byRemainder.map((each) => each.index));
  return whole.map((each, index) => each + (raised.has(index) ? 1 : 0));
}

/** How a part's level changed within the last minute. */
export function trendOf(name: string, scores: readonly ScorePoint[]): Trend {
  const last = scores.at(-1);
  if (last === undefined) return "unknown";
  const before = scores.find((each) => each.at >= last.at - TREND_S);
  const [from, to] = [levelOf(name, before), levelOf(name, last)];
  if (from === null || to === null || before === last) return "unknown";
  if (Math.abs(to - from) < TREND_FROM) return "steady";
  return to > from ? "rising" : "falling";
}

function levelOf(name: string, point: ScorePoint | undefined): number | null {
  return point?.parts.find((each) => each.name === name)?.level ?? null;
}

interface Counted {
  readonly title: string;
  readonly figure: string;
  readonly unit: string;
}

function countedAs(name: string, signals: RoomSignals | null): Counted {
  const known = (figure: (of: RoomSignals) => string) => (signals === null ? "–" : figure(signals));
  switch (name) {
    case "chat":
      return { title: "Chat", figure: known((of) => rate(of.chatPerMin)), unit: "messages / min" };
    case "polls":
      return {
        title: "Polls",
        figure: known((of) => String(Math.round(of.pollParticipation * 100))),
        unit: "% take part",
      };
    case "active":
      return { title: "Active", figure: known((of) => whole(of.active)), unit: ofPresent(signals) };
    case "reactions":
      return { title: "Reactions", figure: known((of) => rate(of.reactionsPerMin)), unit: "/ min" };
    case "staying":
      return { title: "Staying", figure: known((of) => rate(of.leavesPerMin)), unit: "leave / min" };
    default:
      return { title: name, figure: "", unit: "" };
  }
}

function ofPresent(signals: RoomSignals | null): string {
  return signals === null ? "people" : `of ${whole(signals.present)} people`;
}

function rate(perMin: number): string {
  return perMin < 10 && !Number.isInteger(perMin) ? perMin.toFixed(1) : whole(perMin);
}

function whole(value: number): string {
  return String(Math.round(value));
}
