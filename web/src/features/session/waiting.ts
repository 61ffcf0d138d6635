/** What the agent is at in a session and what it waits for, in a sentence or two. */
import { conditionOf } from "@/core/condition";
import type { DecisionEntry, FeedEntry, HoldEntry } from "@/core/feed";
import { pendingAt, type SessionState } from "@/core/session";
import { ARM_WORDS } from "@/core/words";

export function waitsFor(state: SessionState, now: number): string {
  if (!state.isOpen) return "The session is over. The agent has nothing more to do.";
  if (pendingAt(state, now) !== null) return "It waits for your answer to its suggestion.";
  if (state.state === "SIGNAL_LOST") {
    return "No signals come from the room. It does nothing until they are back: silence of a feed is not silence of a room.";
  }
  if (state.state === "WARMING_UP") return "It learns what is normal in this room before it judges anything.";
  const last = lastDecision(state.feed);
  if (state.status === "LEARNING") {
    const what = last === null ? "intervention" : ARM_WORDS[last.decision.arm];
    return `It waits to see what becomes of the room after the ${what}.`;
  }
  if (state.status === "INTERVENING" && last !== null) {
    return `It is about to show the ${ARM_WORDS[last.decision.arm]}; it may wait for the next slide.`;
  }
  const hold = standingHold(state);
  if (hold !== null) return holdInWords(hold);
  if (conditionOf(state) === "RECOVERING") {
    return "The room is coming back. The fall counts as over once that is sure.";
  }
  if (state.anomaly !== null) return "The room has fallen. It watches whether it comes back.";
  return "It watches. Nothing is the matter.";
}

/** Why nothing is done, and what would be done. */
export function holdInWords({ hold }: HoldEntry): string {
  const explanation = hold.explanation === "" ? "It holds." : sentence(hold.explanation);
  if (hold.foreseen === null) return explanation;
  return `${explanation} If the fall becomes critical, it will use: ${ARM_WORDS[hold.foreseen]}.`;
}

/** The hold about the anomaly that stands, unless something was decided about it since. */
export function standingHold({ feed, anomaly }: SessionState): HoldEntry | null {
  if (anomaly === null) return null;
  const newest = feed.find(
    (each) =>
      (each.kind === "hold" && each.hold.anomalyId === anomaly.id) ||
      (each.kind === "decision" && each.decision.anomalyId === anomaly.id),
  );
  return newest?.kind === "hold" ? newest : null;
}

export function lastDecision(feed: readonly FeedEntry[]): DecisionEntry | null {
  return feed.find((each) => each.kind === "decision") ?? null;
}

/** With a capital and a full stop, whatever it came with. */
export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}
