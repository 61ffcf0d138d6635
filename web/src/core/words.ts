/** What the glossary's words are called on screen, and how figures are written. */
import type { Condition } from "./condition";
import type { AgentStatus, AnomalyType, Answer, Arm, Component, GenerationMethod, Mode } from "./model";

export const CONDITION_WORDS: Readonly<Record<Condition, string>> = {
  WARMING_UP: "Warming up",
  HEALTHY: "Healthy",
  FALLING: "Falling",
  RECOVERING: "Recovering",
  SIGNAL_LOST: "Signal lost",
};

export const STATUS_WORDS: Readonly<Record<AgentStatus, string>> = {
  MONITORING: "Monitoring",
  WAITING_APPROVAL: "Waiting for approval",
  INTERVENING: "Intervening",
  LEARNING: "Learning",
  IDLE: "Idle",
};

export const MODE_WORDS: Readonly<Record<Mode, string>> = {
  MANUAL: "Manual",
  SEMI_AUTO: "Semi-auto",
  AUTO: "Auto",
};

export const MODE_MEANS: Readonly<Record<Mode, string>> = {
  MANUAL: "It always asks you, and does nothing until you answer.",
  SEMI_AUTO: "It acts by itself where it is sure enough, and asks you otherwise.",
  AUTO: "It acts by itself. You can still ask for something, or change the mode, at any time.",
};

/** What a session was given: a mode of its own, or its event's (null). */
export function ownModeInWords(own: Mode | null): string {
  return own === null ? "as the event" : MODE_WORDS[own];
}

export const ARM_WORDS: Readonly<Record<Arm, string>> = {
  POLL: "Poll",
  CHAT_PROMPT: "Chat prompt",
  NUDGE: "Nudge",
  QNA_PROMOTE: "Q&A",
};

export const ANOMALY_WORDS: Readonly<Record<AnomalyType, string>> = {
  SUDDEN_DROP: "Sudden drop",
  GRADUAL_DECLINE: "Gradual decline",
  MASS_EXIT: "Mass exit",
  LOW_ENGAGEMENT: "Low engagement",
};

/** The tones in which things are worded. */
export const STYLE_WORDS = { friendly: "Friendly", playful: "Playful" } as const;

export type Style = keyof typeof STYLE_WORDS;

export const METHOD_WORDS: Readonly<Record<GenerationMethod, string>> = {
  ORGANISER: "Organiser",
  SONNET: "Sonnet",
  HAIKU: "Haiku",
  OPENAI: "OpenAI",
  TEMPLATE: "Template",
};

/** What an outage means to somebody who watches a room: while it lasts, and once it is over. */
export const OUTAGE_WORDS: Readonly<
  Record<Component, { readonly gone: string; readonly means: string; readonly back: string }>
> = {
  database: {
    gone: "The database cannot be reached",
    means:
      "The agent goes on watching and keeps what happens, but shows the room nothing new and takes no answers. Answer again once it is back.",
    back: "The database is back",
  },
  bus: {
    gone: "The agent does not hear the rooms",
    means: "It does nothing until it hears them again. Whoever is in a room can go on there.",
    back: "The agent hears the rooms again",
  },
  model: {
    gone: "No language model answers",
    means: "Until one does, templates do the wording.",
    back: "Language models answer again",
  },
};

/** Who answered and how, with the reason of a dismissal where there is one: "Approved by Ada". */
export function answerInWords({ verdict, by, name, reason }: Answer): string {
  const who = name === "" ? by : name;
  if (verdict === "APPROVED") return `Approved by ${who}`;
  return reason === "" ? `Dismissed by ${who}` : `Dismissed by ${who}: ${reason}`;
}

/** Where the score's colours change: the engagement buckets `low`, `fair`, `high` of the agent. */
export const LOW_BELOW = 0.5;
export const HIGH_FROM = 0.7;

export type Band = "low" | "fair" | "high" | "unknown";

export function bandOf(score: number | null): Band {
  if (score === null) return "unknown";
  if (score < LOW_BELOW) return "low";
  return score < HIGH_FROM ? "fair" : "high";
}

/** A ratio in [0, 1] as a person reads it: "74 %". */
export function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** A difference of two ratios, with its sign: "+12 points", since "+12 %" would be another thing. */
export function signedPercent(ratio: number): string {
  const rounded = Math.round(ratio * 100);
  return `${rounded < 0 ? "−" : "+"}${Math.abs(rounded)} ${Math.abs(rounded) === 1 ? "point" : "points"}`;
}

/** Seconds as a clock shows them: "4:05", or "1:04:05" from an hour on. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** How long ago something was: "just now", "3 min ago". */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, now - at);
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}
