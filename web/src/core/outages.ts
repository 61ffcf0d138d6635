/** What the agent does without for a while: its database, its bus, or its language models. */
import type { Component, Outage } from "./model";

export interface Ended extends Outage {
  readonly until: number;
}

export interface Outages {
  /** Those that last, as they began. */
  readonly now: readonly Outage[];
  /** The one that ended last while somebody looked. */
  readonly last: Ended | null;
}

export const UNHARMED: Outages = { now: [], last: null };

/** For how long it is said that an outage is over, in seconds. */
export const ENDED_SHOWN_S = 15;

/** The outages after one more message of one; `until` is null while it lasts. */
export function foldOutages(before: Outages, outage: Outage, until: number | null): Outages {
  if (until === null) return isKnown(before, outage) ? before : { ...before, now: [...before.now, outage] };
  if (before.last !== null && isSame(before.last, outage)) return before;
  return { now: before.now.filter((each) => !isSame(each, outage)), last: { ...outage, until } };
}

/** What those who look at several sessions are told: each component once, gone since it was gone for the first of them. */
export function together(each: readonly Outages[]): Outages {
  const first = new Map<Component, Outage>();
  for (const outage of each.flatMap(({ now }) => now)) {
    const known = first.get(outage.component);
    if (known === undefined || outage.since < known.since) first.set(outage.component, outage);
  }
  const ended = each.flatMap(({ last }) => (last === null ? [] : [last]));
  const last = ended.reduce<Ended | null>(
    (one, other) => (other.until > (one?.until ?? 0) ? other : one),
    null,
  );
  return { now: [...first.values()], last };
}

/** The outage of which it is said at `now` that it is over.
 *
 * Of the bus it is not: what is said of its outage comes when it is back, all at once, and stands in the feed.
 */
export function justEnded({ now: lasting, last }: Outages, now: number): Ended | null {
  if (last === null || last.component === "bus" || now - last.until > ENDED_SHOWN_S) return null;
  return lasting.some((each) => each.component === last.component) ? null : last;
}

function isKnown({ now, last }: Outages, outage: Outage): boolean {
  return now.some((each) => isSame(each, outage)) || (last !== null && isSame(last, outage));
}

function isSame(one: Outage, other: Outage): boolean {
  return one.component === other.component && one.since === other.since;
}
