/** How a room is, as a person is told: what the agent says of it, and whether a fall that still stands is mending. */
import type { RoomState } from "./model";
import type { SessionState } from "./session";
import { LOW_BELOW } from "./words";

/** A fall stands until the agent is sure that it is over, which takes longer than the score needs to come back. */
export type Condition = RoomState | "RECOVERING";

/** From the lowest score of the fall: after such a rise the agent calls an intervention a success. */
export const RISE = 0.1;

type Known = Pick<SessionState, "state" | "score" | "anomaly" | "scores" | "feed">;

/** The condition of a room; null while nothing is known. */
export function conditionOf(room: Known): Condition | null {
  const { state, score } = room;
  if (state !== "FALLING" || score === null) return state;
  return score >= Math.max(LOW_BELOW, lowest(room) + RISE) ? "RECOVERING" : state;
}

/** How low the score has been since the fall that stands; 1, from where nothing rises, if no fall is known. */
function lowest({ anomaly, scores, feed }: Known): number {
  if (anomaly === null) return 1;
  const since = feed.find((each) => each.kind === "anomaly" && each.id === anomaly.id)?.at ?? Infinity;
  return Math.min(anomaly.current, ...scores.filter((each) => each.at >= since).map((each) => each.score));
}
