/** The list of sessions: what REST says of each, and what is heard live of those that are watched. */
import { type Condition, conditionOf } from "./condition";
import type { AgentStatus, Decision, Mode } from "./model";
import { pendingAt, type ScorePoint, type SessionState } from "./session";

/** A session of `GET /api/v1/agent/sessions`. */
export interface Listed {
  readonly sessionId: string;
  readonly eventId: string;
  readonly title: string;
  readonly type: string | null;
  readonly isOpen: boolean;
  readonly status: AgentStatus | null;
  readonly mode: Mode | null;
  readonly score: number | null;
  readonly pendingDecisionId: string | null;
  readonly updatedAt: number | null;
}

export interface Row extends Listed {
  readonly condition: Condition | null;
  readonly scores: readonly ScorePoint[];
  /** What the organiser is asked, once it is heard live. */
  readonly pending: Decision | null;
}

export type Sort = "urgency" | "score" | "title";

/** What is listed, with what is heard live in the place of what was polled seconds ago. */
export function rowOf(listed: Listed, live: SessionState | undefined, now: number): Row {
  if (live?.isKnown !== true) return { ...listed, condition: null, scores: [], pending: null };
  const pending = pendingAt(live, now);
  return {
    ...listed,
    title: live.profile?.title ?? listed.title,
    isOpen: live.isOpen,
    status: live.status,
    mode: live.mode ?? listed.mode,
    score: live.score ?? listed.score,
    pendingDecisionId: pending?.id ?? null,
    updatedAt: live.updatedAt ?? listed.updatedAt,
    condition: conditionOf(live),
    scores: live.scores,
    pending,
  };
}

/** Rows whose title or id has all words of the search. */
export function found(rows: readonly Row[], search: string): readonly Row[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = `${row.title} ${row.sessionId} ${row.eventId} ${row.type ?? ""}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Open ones always first; by `urgency`, who is asked or falls comes before who does well. */
export function sorted(rows: readonly Row[], by: Sort): readonly Row[] {
  return [...rows].sort(
    (one, other) =>
      Number(other.isOpen) - Number(one.isOpen) ||
      ORDERS[by](one, other) ||
      nameOf(one).localeCompare(nameOf(other)),
  );
}

export function nameOf(row: Pick<Listed, "title" | "sessionId">): string {
  return row.title === "" ? row.sessionId : row.title;
}

const ORDERS: Readonly<Record<Sort, (one: Row, other: Row) => number>> = {
  urgency: (one, other) => urgency(other) - urgency(one) || score(one) - score(other),
  score: (one, other) => score(one) - score(other),
  title: () => 0,
};

function urgency(row: Row): number {
  if (row.pendingDecisionId !== null) return 3;
  if (row.condition === "FALLING") return 2;
  return row.condition === "RECOVERING" || row.condition === "SIGNAL_LOST" ? 1 : 0;
}

function score(row: Row): number {
  return row.score ?? 2;
}
