/** What happened in a session, each happening with what became of it. */
import type {
  Analysis,
  Anomaly,
  Answer,
  Decision,
  Hold,
  Intervention,
  Outage,
  Outcome,
  SessionEvent,
} from "./model";

/** Several hours of a busy session. */
export const FEED_KEPT = 200;

export type Fate = "WAITING" | "EXECUTED" | "LAPSED";

export interface AnomalyEntry {
  readonly kind: "anomaly";
  readonly id: string;
  readonly at: number;
  readonly anomaly: Anomaly;
  readonly clearedAt: number | null;
  /** Cleared because this became what is normal here, and not because the room recovered. */
  readonly becameNormal: boolean;
}

export interface DecisionEntry {
  readonly kind: "decision";
  readonly id: string;
  readonly at: number;
  readonly decision: Decision;
  readonly fate: Fate;
  /** When that was, and why it was not done. */
  readonly fateAt: number | null;
  readonly why: string;
  /** Who answered, and how; null where nobody did or it is not known. */
  readonly answer: Answer | null;
  readonly intervention: Intervention | null;
  readonly outcome: Outcome | null;
  /** When that was measured. */
  readonly outcomeAt: number | null;
  /** Why no outcome can be known; empty otherwise. */
  readonly unknownWhy: string;
}

export interface HoldEntry {
  readonly kind: "hold";
  readonly id: string;
  readonly at: number;
  readonly hold: Hold;
}

export interface BudgetEntry {
  readonly kind: "budget";
  readonly id: string;
  readonly at: number;
  readonly window: "hour" | "day";
  readonly spentUsd: number;
  readonly limitUsd: number;
}

export interface OutageEntry {
  readonly kind: "outage";
  readonly id: string;
  readonly at: number;
  readonly outage: Outage;
  /** null while it lasts. */
  readonly until: number | null;
}

export interface BoundaryEntry {
  readonly kind: "opened" | "closed";
  readonly id: string;
  readonly at: number;
}

export type FeedEntry = AnomalyEntry | DecisionEntry | HoldEntry | BudgetEntry | OutageEntry | BoundaryEntry;

/** The feed, newest first, after one more event. */
export function foldFeed(feed: readonly FeedEntry[], event: SessionEvent): readonly FeedEntry[] {
  const { at } = event;
  switch (event.type) {
    case "session.opened":
      return added(feed, { kind: "opened", id: `opened ${at}`, at });
    case "session.closed":
      return added(feed, { kind: "closed", id: `closed ${at}`, at });
    case "anomaly.detected":
      return withAnomaly(feed, event.anomaly, at);
    case "anomaly.cleared":
      return changed(feed, "anomaly", event.anomalyId, (entry) => ({
        ...entry,
        clearedAt: at,
        becameNormal: event.becameNormal,
      }));
    case "agent.hold":
      return added(feed, { kind: "hold", id: `hold ${event.hold.reason} ${at}`, at, hold: event.hold });
    case "agent.budget": {
      const { window, spentUsd, limitUsd } = event;
      return added(feed, { kind: "budget", id: `budget ${window} ${at}`, at, window, spentUsd, limitUsd });
    }
    case "agent.degraded":
      return withOutage(feed, event.outage, event.until);
    case "agent.decision":
      return withDecision(feed, event.decision);
    case "agent.analysis":
      return withAnalysis(feed, event.analysis);
    default:
      return foldFate(feed, event);
  }
}

function foldFate(feed: readonly FeedEntry[], event: SessionEvent): readonly FeedEntry[] {
  const fateAt = event.at;
  switch (event.type) {
    case "agent.decision.answered":
      return changed(feed, "decision", event.answer.decisionId, (entry) => ({
        ...entry,
        answer: event.answer,
      }));
    case "agent.decision.lapsed":
      return changed(feed, "decision", event.decisionId, (entry) =>
        entry.fate === "WAITING" ? { ...entry, fate: "LAPSED", fateAt, why: event.why } : entry,
      );
    case "agent.intervention.executed": {
      const { intervention } = event;
      return changed(feed, "decision", intervention.decisionId, (entry) => ({
        ...entry,
        fate: "EXECUTED",
        fateAt,
        intervention,
      }));
    }
    case "agent.outcome":
      return feed.map((entry) =>
        entry.kind === "decision" && isOf(event.outcome, entry)
          ? { ...entry, outcome: event.outcome, outcomeAt: event.at }
          : entry,
      );
    case "agent.outcome.unknown":
      return changed(feed, "decision", event.decisionId, (entry) => ({ ...entry, unknownWhy: event.why }));
    default:
      return feed;
  }
}

function isOf(outcome: Outcome, entry: DecisionEntry): boolean {
  return outcome.decisionId === entry.id || outcome.interventionId === entry.intervention?.id;
}

function withAnomaly(feed: readonly FeedEntry[], anomaly: Anomaly, at: number): readonly FeedEntry[] {
  // The same fall is told again when it becomes critical.
  if (has(feed, "anomaly", anomaly.id)) {
    return changed(feed, "anomaly", anomaly.id, (entry) => ({ ...entry, anomaly }));
  }
  return added(feed, { kind: "anomaly", id: anomaly.id, at, anomaly, clearedAt: null, becameNormal: false });
}

function withOutage(feed: readonly FeedEntry[], outage: Outage, until: number | null): readonly FeedEntry[] {
  const id = `outage ${outage.component} ${outage.since}`;
  if (!has(feed, "outage", id)) return added(feed, { kind: "outage", id, at: outage.since, outage, until });
  // Told again as one that lasts, to somebody who has heard that it is over.
  return until === null ? feed : changed(feed, "outage", id, (entry) => ({ ...entry, until }));
}

function withDecision(feed: readonly FeedEntry[], decision: Decision): readonly FeedEntry[] {
  if (has(feed, "decision", decision.id)) {
    return changed(feed, "decision", decision.id, (entry) => ({
      ...entry,
      decision: { ...decision, analysis: decision.analysis ?? entry.decision.analysis },
    }));
  }
  return added(feed, {
    kind: "decision",
    id: decision.id,
    at: decision.at,
    decision,
    fate: "WAITING",
    fateAt: null,
    why: "",
    answer: null,
    intervention: null,
    outcome: null,
    outcomeAt: null,
    unknownWhy: "",
  });
}

function withAnalysis(feed: readonly FeedEntry[], analysis: Analysis): readonly FeedEntry[] {
  return changed(feed, "decision", analysis.decisionId, (entry) => ({
    ...entry,
    decision: { ...entry.decision, analysis },
  }));
}

function has(feed: readonly FeedEntry[], kind: FeedEntry["kind"], id: string): boolean {
  return feed.some((entry) => entry.kind === kind && entry.id === id);
}

function added(feed: readonly FeedEntry[], entry: FeedEntry): readonly FeedEntry[] {
  if (has(feed, entry.kind, entry.id)) return feed;
  const place = feed.findIndex((each) => each.at <= entry.at);
  const at = place < 0 ? feed.length : place;
  return [...feed.slice(0, at), entry, ...feed.slice(at)].slice(0, FEED_KEPT);
}

function changed<K extends "anomaly" | "decision" | "outage">(
  feed: readonly FeedEntry[],
  kind: K,
  id: string,
  change: (entry: Extract<FeedEntry, { kind: K }>) => FeedEntry,
): readonly FeedEntry[] {
  return feed.map((entry) =>
    entry.kind === kind && entry.id === id ? change(entry as Extract<FeedEntry, { kind: K }>) : entry,
  );
}
