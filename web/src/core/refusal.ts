/** Why somebody is not let into a room, in words, and what they can do about it. */

/** With this code a room refuses whatever is done after its end, joining included. */
export const ENDED = "session_ended";

export interface Refusal {
  readonly title: string;
  /** What it means for them and what to do; null where what the service said is all there is to say. */
  readonly advice: string | null;
  /** Whether the same may succeed when it is tried again. */
  readonly isPassing: boolean;
}

const ASK = "Check the link, or ask whoever invited you for a new one.";

const REFUSALS: Readonly<Record<string, Refusal>> = {
  [ENDED]: {
    title: "This session is over",
    advice: "You can close this page. Thank you for coming.",
    isPassing: false,
  },
  session_not_begun: {
    title: "This session has not begun yet",
    advice: `Come back once it has. If it should have begun by now: ${ASK.toLowerCase()}`,
    isPassing: true,
  },
  no_session: {
    title: "There is no such room",
    advice: `Either the session has not begun yet, or the address is wrong. ${ASK}`,
    isPassing: true,
  },
  forbidden: {
    title: "Your invitation is for another room",
    advice: `It does not open this one. ${ASK}`,
    isPassing: false,
  },
  room_full: { title: "The room is full", advice: "Try again once somebody has left.", isPassing: true },
};

export function refusalOf(code: string): Refusal {
  return REFUSALS[code] ?? { title: "This room cannot be entered", advice: null, isPassing: true };
}
