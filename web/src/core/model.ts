/** The words of the field, as the glossary binds them. Moments (`at`, `…At`) are epoch seconds. */

export type RoomState = "WARMING_UP" | "HEALTHY" | "FALLING" | "SIGNAL_LOST";
export type AgentStatus = "MONITORING" | "WAITING_APPROVAL" | "INTERVENING" | "LEARNING" | "IDLE";
export type Mode = "MANUAL" | "SEMI_AUTO" | "AUTO";
export type Arm = "POLL" | "CHAT_PROMPT" | "NUDGE" | "QNA_PROMOTE";
export type AnomalyType = "SUDDEN_DROP" | "GRADUAL_DECLINE" | "MASS_EXIT" | "LOW_ENGAGEMENT";
export type Severity = "WARNING" | "CRITICAL";
export type Autonomy = "ACT" | "ASK" | "SKIP";
/** What the agent can lose for a while and go on without. */
export type Component = "bus" | "database" | "model";
export type GenerationMethod = "ORGANISER" | "SONNET" | "HAIKU" | "OPENAI" | "TEMPLATE";

export interface Profile {
  readonly title: string;
  readonly description: string;
  readonly type: string;
  readonly topics: readonly string[];
  readonly speaker: string;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
}

/** One of the five parts of the score; `level` and `weight` lie in [0, 1], the contributions add up to the score. */
export interface ScorePart {
  readonly name: string;
  readonly level: number;
  readonly weight: number;
  readonly contribution: number;
}

/** What was counted in the room; rates are of the last minute. */
export interface RoomSignals {
  readonly chatPerMin: number;
  readonly questionsPerMin: number;
  readonly reactionsPerMin: number;
  readonly upvotesPerMin: number;
  readonly votesPerMin: number;
  readonly pollParticipation: number;
  readonly present: number;
  readonly active: number;
  readonly joinsPerMin: number;
  readonly leavesPerMin: number;
  readonly elapsedS: number;
  readonly phase: string;
}

export interface Anomaly {
  readonly id: string;
  readonly type: AnomalyType;
  readonly severity: Severity;
  readonly evidence: number;
  readonly current: number;
  readonly expected: number;
  readonly deviation: number;
}

export interface PollContent {
  readonly arm: "POLL";
  readonly question: string;
  readonly options: readonly string[];
  readonly timing: "IMMEDIATE" | "NEXT_TRANSITION";
  readonly displayDurationS: number;
  readonly showResults: boolean;
}

export interface PromptContent {
  readonly arm: "CHAT_PROMPT";
  readonly message: string;
  readonly pinned: boolean;
  readonly highlighted: boolean;
  readonly targetUsers: readonly string[];
}

export interface NudgeContent {
  readonly arm: "NUDGE";
  readonly message: string;
  readonly callToAction: string;
  readonly segment: "DISENGAGED" | "LURKERS" | "FIRST_TIME";
  readonly expiresAfterS: number;
}

export interface QnaContent {
  readonly arm: "QNA_PROMOTE";
  readonly strategy: "SURFACE_BEST" | "REQUEST_NEW" | "SEED_QUESTION";
  readonly questionIds: readonly string[];
  readonly message: string;
}

/** What the room gets to see. */
export type Content = PollContent | PromptContent | NudgeContent | QnaContent;

/** Who worded something; `model` names the template where no model was asked. */
export interface Generation {
  readonly method: GenerationMethod;
  readonly model: string;
  readonly latencyMs: number;
  readonly costUsd: number;
}

/** What a language model makes of the room: advice. */
export interface Analysis {
  readonly decisionId: string;
  readonly topic: string;
  readonly hypotheses: readonly string[];
  readonly suggested: Arm | null;
  readonly generation: Generation | null;
}

export interface DecisionContext {
  readonly anomalyType: string;
  readonly phase: string;
  readonly sessionType: string;
  readonly sizeBucket: string;
  readonly engagementBucket: string;
}

export interface Decision {
  readonly id: string;
  readonly anomalyId: string | null;
  readonly at: number;
  readonly arm: Arm;
  readonly confidence: number;
  readonly reasoning: string;
  readonly context: DecisionContext;
  readonly past: { readonly successRate: number; readonly attempts: number; readonly isExploring: boolean };
  readonly autonomy: Autonomy;
  readonly origin: "AGENT" | "ORGANISER";
  readonly propensity: number;
  readonly scoreBefore: number;
  /** Nothing is done, on purpose, to learn what happens anyway; and how likely that was. */
  readonly heldOut: boolean;
  readonly holdoutShare: number;
  readonly content: Content | null;
  readonly generation: Generation | null;
  readonly expiresAt: number | null;
  readonly analysis: Analysis | null;
}

/** What an organiser said to a question of the agent; the first answer stands. */
export interface Answer {
  readonly decisionId: string;
  readonly verdict: "APPROVED" | "REJECTED";
  /** Their user id, and their name where it is known. */
  readonly by: string;
  readonly name: string;
  /** Why it was dismissed; empty otherwise. */
  readonly reason: string;
}

export interface Intervention {
  readonly id: string;
  readonly decisionId: string;
  readonly arm: Arm;
  readonly content: Content | null;
  readonly generation: Generation | null;
  readonly deliveredTo: number;
}

export interface Outcome {
  readonly interventionId: string;
  readonly decisionId: string;
  readonly success: boolean;
  readonly before: number;
  readonly after: number;
  readonly delta: number;
  readonly heldOut: boolean;
}

export interface Hold {
  readonly anomalyId: string | null;
  readonly reason: string;
  readonly explanation: string;
  /** What the agent will do if the fall becomes critical; null where that is not what it waits for. */
  readonly foreseen: Arm | null;
}

/** The agent does without a component; `since` tells one outage of it from the next. */
export interface Outage {
  readonly component: Component;
  readonly since: number;
}

interface About {
  readonly sessionId: string;
  readonly eventId: string;
  readonly at: number;
}

type Told<T extends string, D> = About & { readonly type: T } & D;

/** Everything that happens in a session, as CONTRACTS §2 tells it. */
export type SessionEvent =
  | Told<"session.opened", { readonly profile: Profile | null }>
  | Told<"session.closed", object>
  | Told<
      "engagement.update",
      {
        readonly score: number;
        readonly parts: readonly ScorePart[];
        readonly signals: RoomSignals;
        readonly state: RoomState;
      }
    >
  | Told<"anomaly.detected", { readonly anomaly: Anomaly }>
  | Told<"anomaly.cleared", { readonly anomalyId: string; readonly becameNormal: boolean }>
  | Told<"agent.status", { readonly status: AgentStatus; readonly mode: Mode }>
  | Told<"agent.decision", { readonly decision: Decision }>
  | Told<"agent.analysis", { readonly analysis: Analysis }>
  | Told<"agent.hold", { readonly hold: Hold }>
  | Told<"agent.decision.answered", { readonly answer: Answer }>
  | Told<"agent.decision.lapsed", { readonly decisionId: string; readonly why: string }>
  | Told<"agent.intervention.executed", { readonly intervention: Intervention }>
  | Told<"agent.outcome", { readonly outcome: Outcome }>
  | Told<
      "agent.outcome.unknown",
      { readonly interventionId: string; readonly decisionId: string; readonly why: string }
    >
  | Told<
      "agent.budget",
      { readonly window: "hour" | "day"; readonly spentUsd: number; readonly limitUsd: number }
    >
  | Told<
      "agent.degraded",
      { readonly outage: Outage; /** null while it lasts. */ readonly until: number | null }
    >;

export type EventType = SessionEvent["type"];

/** What an organiser gets first on subscribing. */
export interface Snapshot {
  readonly sessionId: string;
  /** When it was made, by the service's clock. */
  readonly at: number;
  readonly eventId: string | null;
  readonly isOpen: boolean;
  readonly profile: Profile | null;
  readonly status: AgentStatus;
  readonly mode: Mode | null;
  readonly score: number | null;
  readonly state: RoomState | null;
  readonly pending: Decision | null;
  /** How that was answered, where the agent has not done so yet. */
  readonly answer: Answer | null;
  /** What the agent does without at present. */
  readonly outages: readonly Outage[];
  /** The last five minutes of scores and the recent history, each oldest first. */
  readonly updates: readonly SessionEvent[];
  readonly history: readonly SessionEvent[];
}
