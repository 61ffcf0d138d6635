/** One session as its snapshot and events tell it. Pure: the same input gives the same state. */
import { type FeedEntry, foldFeed } from "./feed";
import { foldOutages, type Outages, UNHARMED } from "./outages";
import { type Marker, foldMarkers } from "./markers";
import type {
  AgentStatus,
  Anomaly,
  Answer,
  Decision,
  Mode,
  Profile,
  RoomSignals,
  RoomState,
  ScorePart,
  SessionEvent,
  Snapshot,
} from "./model";

/** How far back scores are kept for the chart; the whole session is asked for over REST when somebody wants it. */
export const WINDOW_S = 300;

/** One a second over that time. The agent says one in five. */
export const SCORES_KEPT = 300;

export interface ScorePoint {
  readonly at: number;
  readonly score: number;
  readonly state: RoomState;
  readonly parts: readonly ScorePart[];
}

export interface BudgetWarning {
  readonly at: number;
  readonly window: "hour" | "day";
  readonly spentUsd: number;
  readonly limitUsd: number;
}

export interface SessionState {
  readonly sessionId: string;
  readonly eventId: string | null;
  /** Whether the snapshot came: until then nothing is known, and skeletons are shown. */
  readonly isKnown: boolean;
  readonly isOpen: boolean;
  readonly profile: Profile | null;
  readonly status: AgentStatus;
  readonly mode: Mode | null;
  readonly score: number | null;
  readonly state: RoomState | null;
  /** When the last score was measured. */
  readonly updatedAt: number | null;
  /** The last five minutes, oldest first. */
  readonly scores: readonly ScorePoint[];
  readonly parts: readonly ScorePart[];
  readonly signals: RoomSignals | null;
  /** The anomaly that stands. */
  readonly anomaly: Anomaly | null;
  /** The question that was asked last and has no answer yet; `pendingAt` says whether it still waits. */
  readonly asked: Decision | null;
  /** How that was answered, until the agent has heeded it. */
  readonly answer: Answer | null;
  readonly budget: BudgetWarning | null;
  /** What the agent does without. */
  readonly outages: Outages;
  /** What happened, newest first, each with what became of it. */
  readonly feed: readonly FeedEntry[];
  /** For the chart, oldest first. */
  readonly markers: readonly Marker[];
}

export function emptySession(sessionId: string): SessionState {
  return {
    sessionId,
    eventId: null,
    isKnown: false,
    isOpen: false,
    profile: null,
    status: "IDLE",
    mode: null,
    score: null,
    state: null,
    updatedAt: null,
    scores: [],
    parts: [],
    signals: null,
    anomaly: null,
    asked: null,
    answer: null,
    budget: null,
    outages: UNHARMED,
    feed: [],
    markers: [],
  };
}

/** Begin anew from a snapshot: after a reload, and after the connection was lost. */
export function fromSnapshot(snapshot: Snapshot): SessionState {
  const events = [...snapshot.history, ...snapshot.updates].sort((one, other) => one.at - other.at);
  const folded = events.reduce(foldEvent, emptySession(snapshot.sessionId));
  return {
    ...folded,
    eventId: snapshot.eventId,
    isKnown: true,
    isOpen: snapshot.isOpen,
    profile: snapshot.profile,
    status: snapshot.status,
    mode: snapshot.mode,
    score: snapshot.score ?? folded.score,
    state: snapshot.state ?? folded.state,
    anomaly: snapshot.isOpen ? folded.anomaly : null,
    asked: snapshot.pending,
    answer: snapshot.answer,
    outages: { now: snapshot.outages, last: null },
  };
}

/** The state after one more event. What was heard before changes nothing. */
export function foldEvent(before: SessionState, event: SessionEvent): SessionState {
  if (event.sessionId !== before.sessionId) return before;
  const state = { ...before, eventId: before.eventId ?? event.eventId };
  if (event.type === "engagement.update") return foldUpdate(state, event);
  const told = {
    ...state,
    feed: foldFeed(state.feed, event),
    markers: foldMarkers(state.markers, event),
  };
  return foldTold(told, event);
}

function foldUpdate(
  state: SessionState,
  event: Extract<SessionEvent, { type: "engagement.update" }>,
): SessionState {
  const newest = state.scores.at(-1)?.at ?? -Infinity;
  if (event.at <= newest) return state;
  const point = { at: event.at, score: event.score, state: event.state, parts: event.parts };
  const scores = [...state.scores.filter((each) => each.at > event.at - WINDOW_S), point].slice(-SCORES_KEPT);
  return {
    ...state,
    // A score says that the session goes on.
    isOpen: true,
    score: event.score,
    state: event.state,
    updatedAt: event.at,
    scores,
    parts: event.parts,
    signals: event.signals,
  };
}

function foldTold(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case "session.opened":
      return { ...state, isOpen: true, profile: event.profile ?? state.profile };
    case "session.closed":
      return { ...state, isOpen: false, status: "IDLE", anomaly: null, asked: null };
    case "agent.status":
      return { ...state, status: event.status, mode: event.mode };
    case "anomaly.detected":
      return { ...state, anomaly: event.anomaly };
    case "anomaly.cleared":
      return { ...state, anomaly: state.anomaly?.id === event.anomalyId ? null : state.anomaly };
    case "agent.decision":
      return { ...state, asked: askedAfter(state.asked, event.decision) };
    case "agent.analysis":
      if (state.asked?.id !== event.analysis.decisionId) return state;
      return { ...state, asked: { ...state.asked, analysis: event.analysis } };
    case "agent.decision.answered":
      return state.asked?.id === event.answer.decisionId ? { ...state, answer: event.answer } : state;
    case "agent.decision.lapsed":
      return { ...state, asked: state.asked?.id === event.decisionId ? null : state.asked };
    case "agent.intervention.executed":
      return { ...state, asked: state.asked?.id === event.intervention.decisionId ? null : state.asked };
    case "agent.budget": {
      const { at, window, spentUsd, limitUsd } = event;
      return { ...state, budget: { at, window, spentUsd, limitUsd } };
    }
    case "agent.degraded":
      return { ...state, outages: foldOutages(state.outages, event.outage, event.until) };
    default:
      return state;
  }
}

/** A decision is told as a question without and with its words, and once more when it was approved. */
function askedAfter(asked: Decision | null, decision: Decision): Decision | null {
  if (decision.autonomy !== "ASK" || decision.heldOut) return asked?.id === decision.id ? null : asked;
  if (asked?.id !== decision.id) return decision;
  return { ...decision, analysis: decision.analysis ?? asked.analysis };
}

/** The decision that waits for an answer at `now`. */
export function pendingAt(state: SessionState, now: number): Decision | null {
  const { asked, answer } = state;
  if (asked === null || !state.isOpen || answer?.decisionId === asked.id) return null;
  return asked.expiresAt !== null && now >= asked.expiresAt ? null : asked;
}
