/** What the sockets tell an organiser, read into typed events. Only `socket.ts` calls this. */
import type { Answer, EventType, Outage, SessionEvent, Snapshot } from "@/core/model";
import {
  type Fields,
  isFields,
  list,
  Misfit,
  moment,
  momentOf,
  number,
  numberOr,
  object,
  text,
  textOr,
  word,
  wordOr,
} from "./fields";
import {
  MODES,
  ROOM_STATES,
  STATUSES,
  readAnalysis,
  readAnomaly,
  readDecision,
  readHold,
  readIntervention,
  readOutcome,
  readPart,
  readProfile,
  readSignals,
} from "./parts";

const COMPONENTS = ["bus", "database", "model"] as const;

type Data<T extends EventType> = Omit<
  Extract<SessionEvent, { type: T }>,
  "type" | "sessionId" | "eventId" | "at"
>;

type Readers = { readonly [T in EventType]: (data: Fields) => Data<T> };

const READERS: Readers = {
  "session.opened": (data) => ({ profile: isFields(data.profile) ? readProfile(data.profile) : null }),
  "session.closed": () => ({}),
  "engagement.update": (data) => ({
    score: number(data, "score"),
    parts: list(data.parts).map(readPart),
    signals: readSignals(object(data.signals, "signals")),
    state: word(data, "state", ROOM_STATES),
  }),
  "anomaly.detected": (data) => ({ anomaly: readAnomaly(data) }),
  "anomaly.cleared": (data) => ({
    anomalyId: text(data, "anomaly_id"),
    becameNormal: data.became_normal === true,
  }),
  "agent.status": (data) => ({ status: word(data, "status", STATUSES), mode: word(data, "mode", MODES) }),
  "agent.decision": (data) => ({ decision: readDecision(object(data.decision, "decision")) }),
  "agent.analysis": (data) => ({ analysis: readAnalysis(data, text(data, "decision_id")) }),
  "agent.hold": (data) => ({ hold: readHold(data) }),
  "agent.decision.answered": (data) => ({ answer: readAnswer(data) }),
  "agent.decision.lapsed": (data) => ({
    decisionId: text(data, "decision_id"),
    why: textOr(data, "why", ""),
  }),
  "agent.intervention.executed": (data) => ({ intervention: readIntervention(data) }),
  "agent.outcome": (data) => ({ outcome: readOutcome(data) }),
  "agent.outcome.unknown": (data) => ({
    interventionId: text(data, "intervention_id"),
    decisionId: text(data, "decision_id"),
    why: textOr(data, "why", ""),
  }),
  "agent.budget": (data) => ({
    window: word(data, "window", ["hour", "day"]),
    spentUsd: number(data, "spent_usd"),
    limitUsd: number(data, "limit_usd"),
  }),
  "agent.degraded": (data) => ({ outage: readOutage(data), until: momentOf(data.until) }),
};

export const EVENT_TYPES = Object.keys(READERS) as readonly EventType[];

/** The event that a message tells; null if its type is not known here.
 *
 * @throws {Misfit} It is of a known type and does not fit it.
 */
export function readEvent(message: unknown): SessionEvent | null {
  const fields = object(message, "an event");
  const type = EVENT_TYPES.find((each) => each === fields.type);
  if (type === undefined) return null;
  const about = {
    type,
    sessionId: text(fields, "session_id"),
    eventId: text(fields, "event_id"),
    at: moment(fields, "timestamp"),
  };
  return { ...about, ...READERS[type](object(fields.data, "data")) } as SessionEvent;
}

/** @throws {Misfit} It is no snapshot. */
export function readSnapshot(message: unknown): Snapshot {
  const fields = object(message, "a snapshot");
  return {
    sessionId: text(fields, "session_id"),
    at: moment(fields, "timestamp"),
    eventId: textOr(fields, "event_id", null),
    isOpen: fields.is_open === true,
    profile: isFields(fields.profile) ? readProfile(fields.profile) : null,
    status: word(fields, "status", STATUSES),
    mode: wordOr(fields, "mode", MODES, null),
    score: numberOr(fields, "score", null),
    state: wordOr(fields, "state", ROOM_STATES, null),
    pending: isFields(fields.pending) ? readDecision(fields.pending) : null,
    answer:
      isFields(fields.pending) && isFields(fields.pending.answered)
        ? readAnswer(fields.pending.answered)
        : null,
    outages: list(fields.degraded).flatMap((each) =>
      fitting<Outage>(() => readOutage(object(each, "an outage"))),
    ),
    updates: list(fields.updates).flatMap(events),
    history: list(fields.history).flatMap(events),
  };
}

function events(message: unknown): SessionEvent[] {
  return fitting(() => readEvent(message));
}

/** One misfit must not hide the rest of a snapshot. */
function fitting<T>(read: () => T | null): T[] {
  try {
    const found = read();
    return found === null ? [] : [found];
  } catch (error) {
    if (error instanceof Misfit) return [];
    throw error;
  }
}

function readAnswer(fields: Fields): Answer {
  return {
    decisionId: text(fields, "decision_id"),
    verdict: word(fields, "verdict", ["APPROVED", "REJECTED"]),
    by: text(fields, "by"),
    name: textOr(fields, "name", ""),
    reason: textOr(fields, "reason", ""),
  };
}

function readOutage(fields: Fields): Outage {
  return { component: word(fields, "component", COMPONENTS), since: moment(fields, "since") };
}
