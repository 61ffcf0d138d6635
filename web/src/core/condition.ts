/** How a room is, as a person is told: what the agent says of it, and whether a fall that still stands is mending. */
import type { RoomState } from "./model";
import type { SessionState } from "./session";
import { LOW_BELOW } from "./words";

/** A fall stands until the agent is sure that it is over, which takes longer than the score needs to come back. */
export type Condition = RoomState | "RECOVERING";

/** Above the score that the fall was raised at: from such a rise on the agent calls an intervention a success. */
export const RISE = 0.1;

type Known = Pick<SessionState, "state" | "score" | "anomaly">;

/** The condition of a room; null while nothing is known. */
export function conditionOf({ state, score, anomaly }: Known): Condition | null {
  if (state !== "FALLING" || anomaly === null || score === null) return state;
  const isBack = score >= Math.max(LOW_BELOW, anomaly.current + RISE);
  return isBack ? "RECOVERING" : state;
}
