/** What the service's clock says, as near as can be told from when its messages came: browsers' clocks go wrong by minutes.
 *
 * A message says when it was made, and comes a little later: so the own clock leads by no more than the difference, and
 * by exactly that where a message took no time. The least of the last differences is nearest.
 */

/** As many messages as are remembered: some minutes of them, so that a clock that was set right is soon believed. */
export const KEPT = 24;

/** A lead smaller than this, in seconds, may as well be the message's own way. */
export const SMALL_S = 2;

/** By how much the own clock led the messages that came last, in seconds, oldest first. */
export type Leads = readonly number[];

/** The leads after one more message, made at `at` by the service's clock and heard at `heardAt` by the own. */
export function heard(leads: Leads, at: number, heardAt: number): Leads {
  return [...leads, heardAt - at].slice(-KEPT);
}

/** By how many seconds the own clock is fast; negative if it is slow, 0 if it is about right or nothing was heard. */
export function leadOf(leads: Leads): number {
  if (leads.length === 0) return 0;
  const least = Math.min(...leads);
  return Math.abs(least) < SMALL_S ? 0 : least;
}
