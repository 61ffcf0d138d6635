/** How long an organiser has to answer. */

export interface Countdown {
  /** In seconds; 0 when it is over. */
  readonly leftS: number;
  /** What is left of the whole, in [0, 1]. */
  readonly leftRatio: number;
  readonly isOver: boolean;
  /** Little enough to be told to everybody. */
  readonly isShort: boolean;
}

/** Seconds from which on the time is short. */
export const SHORT_S = 15;

/** What is left at `now`; null where it does not expire. All in epoch seconds. */
export function countdown(from: number, to: number | null, now: number): Countdown | null {
  if (to === null) return null;
  const leftS = Math.max(0, to - now);
  const whole = to - from;
  return {
    leftS,
    leftRatio: whole <= 0 ? 0 : Math.min(1, leftS / whole),
    isOver: leftS === 0,
    isShort: leftS > 0 && leftS <= SHORT_S,
  };
}
