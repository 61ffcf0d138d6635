/** The parts of messages: the same in events, snapshots and some REST answers. */
import type {
  Analysis,
  Anomaly,
  Arm,
  Content,
  Decision,
  Generation,
  Hold,
  Intervention,
  Outcome,
  Profile,
  RoomSignals,
  ScorePart,
} from "@/core/model";
import {
  type Fields,
  isFields,
  moment,
  momentOf,
  number,
  numberOr,
  object,
  text,
  textOr,
  texts,
  word,
  wordOr,
} from "./fields";

export const ROOM_STATES = ["WARMING_UP", "HEALTHY", "FALLING", "SIGNAL_LOST"] as const;
export const STATUSES = ["MONITORING", "WAITING_APPROVAL", "INTERVENING", "LEARNING", "IDLE"] as const;
export const MODES = ["MANUAL", "SEMI_AUTO", "AUTO"] as const;
export const ARMS = ["POLL", "CHAT_PROMPT", "NUDGE", "QNA_PROMOTE"] as const;
const ANOMALIES = ["SUDDEN_DROP", "GRADUAL_DECLINE", "MASS_EXIT", "LOW_ENGAGEMENT"] as const;
const METHODS = ["ORGANISER", "SONNET", "HAIKU", "OPENAI", "TEMPLATE"] as const;

export function readProfile(fields: Fields): Profile {
  return {
    title: textOr(fields, "title", ""),
    description: textOr(fields, "description", ""),
    type: textOr(fields, "type", "talk"),
    topics: texts(fields.topics),
    speaker: textOr(fields, "speaker", ""),
    startsAt: momentOf(fields.starts_at),
    endsAt: momentOf(fields.ends_at),
  };
}

export function readPart(value: unknown): ScorePart {
  const fields = object(value, "a part of the score");
  return {
    name: text(fields, "name"),
    level: number(fields, "level"),
    weight: number(fields, "weight"),
    contribution: number(fields, "contribution"),
  };
}

export function readSignals(fields: Fields): RoomSignals {
  return {
    chatPerMin: numberOr(fields, "chat_per_min", 0),
    questionsPerMin: numberOr(fields, "questions_per_min", 0),
    reactionsPerMin: numberOr(fields, "reactions_per_min", 0),
    upvotesPerMin: numberOr(fields, "upvotes_per_min", 0),
    votesPerMin: numberOr(fields, "votes_per_min", 0),
    pollParticipation: numberOr(fields, "poll_participation", 0),
    present: numberOr(fields, "present", 0),
    active: numberOr(fields, "active", 0),
    joinsPerMin: numberOr(fields, "joins_per_min", 0),
    leavesPerMin: numberOr(fields, "leaves_per_min", 0),
    elapsedS: numberOr(fields, "elapsed_s", 0),
    phase: textOr(fields, "phase", ""),
  };
}

export function readAnomaly(fields: Fields): Anomaly {
  return {
    id: text(fields, "anomaly_id"),
    type: word(fields, "type", ANOMALIES),
    severity: word(fields, "severity", ["WARNING", "CRITICAL"]),
    evidence: number(fields, "evidence"),
    current: number(fields, "current"),
    expected: number(fields, "expected"),
    deviation: number(fields, "deviation"),
  };
}

/** The content of an intervention; null where there is none yet. */
export function readContent(arm: Arm, value: unknown): Content | null {
  if (!isFields(value)) return null;
  switch (arm) {
    case "POLL":
      return {
        arm,
        question: text(value, "question"),
        options: texts(value.options),
        timing: wordOr(value, "timing", ["IMMEDIATE", "NEXT_TRANSITION"], "IMMEDIATE"),
        displayDurationS: numberOr(value, "display_duration_s", 60),
        showResults: value.show_results !== false,
      };
    case "CHAT_PROMPT":
      return {
        arm,
        message: text(value, "message"),
        pinned: value.pinned !== false,
        highlighted: value.highlighted !== false,
        targetUsers: texts(value.target_users),
      };
    case "NUDGE":
      return {
        arm,
        message: text(value, "message"),
        callToAction: textOr(value, "call_to_action", ""),
        segment: word(value, "segment", ["DISENGAGED", "LURKERS", "FIRST_TIME"]),
        expiresAfterS: numberOr(value, "expires_after_s", 300),
      };
    case "QNA_PROMOTE":
      return {
        arm,
        strategy: word(value, "strategy", ["SURFACE_BEST", "REQUEST_NEW", "SEED_QUESTION"]),
        questionIds: texts(value.question_ids),
        message: textOr(value, "message", ""),
      };
  }
}

/** Content as REST takes it: the inverse of `readContent`. */
export function contentBody(content: Content): Record<string, unknown> {
  switch (content.arm) {
    case "POLL":
      return {
        question: content.question,
        options: content.options,
        timing: content.timing,
        display_duration_s: content.displayDurationS,
        show_results: content.showResults,
      };
    case "CHAT_PROMPT":
      return {
        message: content.message,
        pinned: content.pinned,
        highlighted: content.highlighted,
        target_users: content.targetUsers,
      };
    case "NUDGE":
      return {
        message: content.message,
        call_to_action: content.callToAction,
        segment: content.segment,
        expires_after_s: content.expiresAfterS,
      };
    case "QNA_PROMOTE":
      return { strategy: content.strategy, question_ids: content.questionIds, message: content.message };
  }
}

export function readGeneration(value: unknown): Generation | null {
  if (!isFields(value)) return null;
  return {
    method: word(value, "method", METHODS),
    model: textOr(value, "model", ""),
    latencyMs: numberOr(value, "latency_ms", 0),
    costUsd: numberOr(value, "cost_usd", 0),
  };
}

export function readAnalysis(fields: Fields, decisionId: string): Analysis {
  return {
    decisionId,
    topic: textOr(fields, "topic", ""),
    hypotheses: texts(fields.hypotheses),
    suggested: wordOr(fields, "suggestedIntervention", ARMS, null),
    generation: readGeneration(fields.generation),
  };
}

/** A decision as `agent.decision` tells it, and `GET …/decisions/pending` too. */
export function readDecision(fields: Fields): Decision {
  const id = text(fields, "id");
  const arm = word(fields, "interventionType", ARMS);
  const context = isFields(fields.context) ? fields.context : {};
  const past = isFields(fields.historicalPerformance) ? fields.historicalPerformance : {};
  return {
    id,
    anomalyId: textOr(fields, "anomalyId", null),
    at: moment(fields, "timestamp"),
    arm,
    confidence: number(fields, "confidence"),
    reasoning: textOr(fields, "reasoning", ""),
    context: {
      anomalyType: textOr(context, "anomaly_type", ""),
      phase: textOr(context, "phase", ""),
      sessionType: textOr(context, "session_type", ""),
      sizeBucket: textOr(context, "session_size_bucket", ""),
      engagementBucket: textOr(context, "engagement_bucket", ""),
    },
    past: {
      successRate: numberOr(past, "successRate", 0),
      attempts: numberOr(past, "totalAttempts", 0),
      isExploring: past.isExploring === true,
    },
    autonomy: word(fields, "autonomy", ["ACT", "ASK", "SKIP"]),
    origin: wordOr(fields, "origin", ["AGENT", "ORGANISER"], "AGENT"),
    propensity: numberOr(fields, "propensity", 0),
    scoreBefore: numberOr(fields, "scoreBefore", 0),
    heldOut: fields.heldOut === true,
    holdoutShare: numberOr(fields, "holdoutShare", 0),
    content: readContent(arm, fields.content),
    generation: readGeneration(fields.generation),
    expiresAt: momentOf(fields.expiresAt),
    analysis: isFields(fields.analysis) ? readAnalysis(fields.analysis, id) : null,
  };
}

export function readHold(fields: Fields): Hold {
  return {
    anomalyId: textOr(fields, "anomaly_id", null),
    reason: text(fields, "reason"),
    explanation: textOr(fields, "explanation", ""),
    foreseen: wordOr(fields, "foreseen", ARMS, null),
  };
}

export function readIntervention(fields: Fields): Intervention {
  const arm = word(fields, "type", ARMS);
  return {
    id: text(fields, "intervention_id"),
    decisionId: text(fields, "decision_id"),
    arm,
    content: readContent(arm, fields.content),
    generation: readGeneration(fields.generation),
    deliveredTo: numberOr(fields, "delivered_to", 0),
  };
}

export function readOutcome(fields: Fields): Outcome {
  return {
    interventionId: text(fields, "intervention_id"),
    decisionId: textOr(fields, "decision_id", ""),
    success: fields.success === true,
    before: number(fields, "engagement_before"),
    after: number(fields, "engagement_after"),
    delta: number(fields, "delta"),
    heldOut: fields.held_out === true,
  };
}
