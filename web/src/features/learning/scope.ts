/** Where is looked: in one event, or in all. */
import type { Identity } from "@/api/auth";

export type Scope = "event" | "all";

/** What a token says that is for every event. */
const EVERY_EVENT = "*";

/** Whether somebody may look at all events; to everybody else the service would tell "all" of their own only. */
export function maySeeAll(who: Pick<Identity, "eventId" | "sessionIds"> | null): boolean {
  return who?.eventId === EVERY_EVENT && who.sessionIds.length === 0;
}
