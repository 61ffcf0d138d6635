/** What a chart of the score shows beside its line: where markers stand, and stretches in which the score says little. */
import type { FeedEntry } from "@/core/feed";
import type { RoomState } from "@/core/model";
import { type Band, bandOf, HIGH_FROM, LOW_BELOW, percent } from "@/core/words";
import { decidedMark, fallMark, type Mark, type MarkKind, outcomeMark, postedMark } from "./marks";

export type { Mark, MarkKind };

export interface Point {
  readonly at: number;
  readonly score: number;
  readonly state: RoomState;
}

/** The marks of a feed, oldest first. */
export function marksOf(feed: readonly FeedEntry[]): readonly Mark[] {
  return feed.flatMap(marksOfEntry).sort((one, other) => one.at - other.at);
}

/** What was kept, with what is heard live in the place of what it tells better; oldest first. */
export function joinedMarks(kept: readonly Mark[], live: readonly Mark[]): readonly Mark[] {
  const known = new Set(live.map((each) => each.id));
  const old = kept.filter((each, place) => {
    // A warning that became critical was kept twice.
    const isFirst = kept.findIndex((other) => other.id === each.id) === place;
    return isFirst && !known.has(each.id);
  });
  return [...old, ...live].sort((one, other) => one.at - other.at);
}

function marksOfEntry(entry: FeedEntry): Mark[] {
  if (entry.kind === "anomaly") return [fallMark(entry.id, entry.at, entry.anomaly)];
  if (entry.kind !== "decision") return [];
  const { decision, intervention, outcome, fateAt, outcomeAt, id } = entry;
  const marks = [decidedMark(id, entry.at, decision.arm)];
  if (intervention !== null && fateAt !== null) {
    marks.push(postedMark(intervention.id, fateAt, decision.arm, intervention.deliveredTo));
  }
  if (outcome !== null && outcomeAt !== null) {
    marks.push(outcomeMark(outcome.interventionId, outcomeAt, decision.arm, outcome));
  }
  return marks;
}

/** Marks that stand so near to each other that they share a place. */
export interface Cluster {
  /** The gravest of its marks: what is drawn. */
  readonly kind: MarkKind;
  /** From the left of the plot, in pixels. */
  readonly x: number;
  readonly marks: readonly Mark[];
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** As wide as the target of a marker. */
export const MARK_WIDTH_PX = 26;

const GRAVITY: readonly MarkKind[] = [
  "critical",
  "failure",
  "success",
  "intervention",
  "warning",
  "decision",
];

/** Markers within a range of time, side by side on a plot of this width; none overlap. */
export function clustersOf(
  marks: readonly Mark[],
  range: Range,
  widthPx: number,
  apartPx = MARK_WIDTH_PX,
): readonly Cluster[] {
  const span = range.to - range.from;
  if (span <= 0 || widthPx <= 0) return [];
  const shown = marks.filter((each) => each.at >= range.from && each.at <= range.to);
  const clusters: { x: number; marks: Mark[] }[] = [];
  for (const mark of shown) {
    const x = ((mark.at - range.from) / span) * widthPx;
    const last = clusters.at(-1);
    if (last !== undefined && x - last.x < apartPx) last.marks.push(mark);
    else clusters.push({ x, marks: [mark] });
  }
  return clusters.map(({ x, marks: own }) => ({ x, marks: own, kind: gravest(own) }));
}

function gravest(marks: readonly Mark[]): MarkKind {
  return GRAVITY.find((kind) => marks.some((each) => each.kind === kind)) ?? "decision";
}

export interface Stretch extends Range {
  readonly state: RoomState;
}

/** Where a score stands for little: from the first point of such a state to the first of another. */
export function stretchesOf(points: readonly Point[]): readonly Stretch[] {
  const stretches: { state: RoomState; from: number; to: number }[] = [];
  for (const [place, { at, state }] of points.entries()) {
    const [last, before] = [stretches.at(-1), points[place - 1]?.at];
    if (last !== undefined) last.to = at;
    if (last?.state === state) continue;
    // The line ends at the last score before signals were lost; so much is not known from there on.
    const from = state === "SIGNAL_LOST" ? (before ?? at) : at;
    stretches.push({ state, from, to: at });
    if (last !== undefined) last.to = from;
  }
  return stretches.filter((each) => each.state === "SIGNAL_LOST" || each.state === "WARMING_UP");
}

/** Further apart than this, two scores are not of one line: the agent says one in 5 s. */
export const GAP_S = 20;

/** Times and scores for the plot: no line where signals were lost or nothing was said. */
export function columnsOf(points: readonly Point[]): [number[], (number | null)[]] {
  const [times, scores]: [number[], (number | null)[]] = [[], []];
  const spacing = medianSpacing(points);
  for (const { at, score, state } of points) {
    const last = times.at(-1);
    if (last !== undefined && at - last > Math.max(GAP_S, 4 * spacing)) {
      times.push((at + last) / 2);
      scores.push(null);
    }
    times.push(at);
    scores.push(state === "SIGNAL_LOST" ? null : score);
  }
  return [times, scores];
}

function medianSpacing(points: readonly Point[]): number {
  const gaps = points.slice(1).map((each, index) => each.at - (points[index]?.at ?? each.at));
  return gaps.sort((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? 0;
}

export interface BandEdge {
  readonly at: number;
  readonly band: Exclude<Band, "unknown">;
}

/** Where a curve begins and ends to lie in a band; two edges at the moment where it goes from one to another.
 *
 * In between there are none, so that an hour in one band is as soon drawn as a minute.
 */
export function bandEdges(
  times: ArrayLike<number>,
  scores: ArrayLike<number | null | undefined>,
): readonly BandEdge[] {
  const edges: BandEdge[] = [];
  let before: readonly [number, number] | null = null;
  for (let index = 0; index < times.length; index += 1) {
    const [at, score] = [times[index], scores[index]];
    if (at === undefined || score == null) continue;
    const point = [at, score] as const;
    const moments = before === null ? [] : [before, ...crossings(before, point)];
    for (const [place, from] of moments.entries()) {
      extend(edges, between(from, moments[place + 1] ?? point));
    }
    before = point;
  }
  return edges;
}

/** Go on in the same band, or begin another. */
function extend(edges: BandEdge[], [from, to]: readonly BandEdge[]): void {
  if (from === undefined || to === undefined) return;
  const last = edges.at(-1);
  if (last?.at === from.at && last.band === from.band) edges.pop();
  else edges.push(from);
  edges.push(to);
}

type Moment = readonly [at: number, score: number];

function between(from: Moment, to: Moment): BandEdge[] {
  const band = bandOf((from[1] + to[1]) / 2);
  if (band === "unknown") return [];
  return [
    { at: from[0], band },
    { at: to[0], band },
  ];
}

/** Where the line between two points goes through a bound, first things first. */
function crossings([at, score]: Moment, [nextAt, next]: Moment): Moment[] {
  return [LOW_BELOW, HIGH_FROM]
    .filter((bound) => (score - bound) * (next - bound) < 0)
    .map((bound): Moment => [at + ((bound - score) / (next - score)) * (nextAt - at), bound])
    .sort((one, other) => one[0] - other[0]);
}

/** The curve in a sentence, for those who do not see it. */
export function curveInWords(points: readonly Point[]): string {
  const known = points.filter((each) => each.state !== "SIGNAL_LOST");
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return "No scores yet.";
  const scores = known.map((each) => each.score);
  const [low, high] = [Math.min(...scores), Math.max(...scores)].map(percent);
  const took = spanInWords(last.at - first.at);
  return `Score from ${percent(first.score)} to ${percent(last.score)} within ${took}; lowest ${low}, highest ${high}.`;
}

function spanInWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}
