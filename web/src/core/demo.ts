/** How far the 60-second rescue is: what happens in it, told by what was heard of its session. */
import type { DecisionEntry } from "./feed";
import { type SessionState, pendingAt } from "./session";
import { percent, signedPercent } from "./words";

/** The event whose rooms are simulated. */
export const DEMO_EVENT = "demo";

export const DEMO_STEPS = [
  "The room is lively",
  "It loses interest",
  "The agent steps in",
  "Was it rescued?",
] as const;

export interface DemoStage {
  /** The step that is being shown, from 0; as many as there are once all is over. */
  readonly step: number;
  /** What is to be seen right now, and what comes next. */
  readonly words: string;
}

/** Whether a session is a demo that goes on: the service gives those ids of their own. */
export function runsAsDemo(state: SessionState): boolean {
  return state.isKnown && state.sessionId.startsWith("demo-") && (state.isOpen || !hasBegun(state));
}

/** Before its first signal a session is not open either. */
function hasBegun(state: SessionState): boolean {
  return state.score !== null || state.feed.length > 0;
}

export function demoStage(state: SessionState, now: number): DemoStage {
  const entry = latestDecision(state);
  if (entry?.outcome != null) return { step: DEMO_STEPS.length, words: ended(entry) };
  if (entry !== null && entry.unknownWhy !== "") {
    return { step: DEMO_STEPS.length, words: `Whether it helped cannot be told: ${entry.unknownWhy}` };
  }
  if (!state.isOpen && hasBegun(state))
    return { step: DEMO_STEPS.length, words: "The demo is over. You can watch another one." };
  if (entry?.fate === "EXECUTED") {
    return { step: 3, words: "It is posted, and people answer. Twenty seconds later the score is compared." };
  }
  if (pendingAt(state, now) !== null) {
    return {
      step: 2,
      words: "The agent suggests something and waits for you: approve it, edit it, or dismiss it.",
    };
  }
  const expiresAt = entry?.decision.autonomy === "ASK" ? entry.decision.expiresAt : null;
  const isDismissed = entry?.answer?.verdict === "REJECTED";
  if (entry?.fate === "LAPSED" || isDismissed || (expiresAt !== null && now >= expiresAt)) {
    return {
      step: 2,
      words: "It was not done. The agent goes on watching whether the room recovers by itself.",
    };
  }
  if (entry !== null) return { step: 2, words: "The agent has decided, and is about to post." };
  if (state.anomaly !== null) {
    return { step: 1, words: "The agent has noticed the fall, and makes sure before it does anything." };
  }
  if (state.score === null)
    return { step: 0, words: "The audience is coming in. The first score takes some seconds." };
  return {
    step: 0,
    words:
      "People chat and react, and then lose interest. Watch the score: the agent notices within half a minute.",
  };
}

function ended({ outcome }: DecisionEntry): string {
  if (outcome === null) return "";
  const { before, after, delta, success } = outcome;
  const change = `from ${percent(before)} to ${percent(after)} (${signedPercent(delta)})`;
  return success ? `Rescued: the score went ${change}.` : `Not rescued this time: the score went ${change}.`;
}

function latestDecision(state: SessionState): DecisionEntry | null {
  const decisions = state.feed.filter((each) => each.kind === "decision");
  // What succeeded or is under way says more than something later that was dismissed.
  return decisions.find((each) => each.outcome !== null) ?? decisions[0] ?? null;
}
