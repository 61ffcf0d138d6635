/** Sessions as they are now, for React: kept once for a page, however many parts of it look at one. */
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { emptySession, foldEvent, fromSnapshot, type SessionState } from "@/core/session";
import type { SessionEvent } from "@/core/model";
import { serviceNow } from "./clock";
import type { Problem } from "./problem";
import { type Connection, currentConnection, onConnection, watchSession } from "./socket";

export interface Watched {
  readonly state: SessionState;
  /** Why the session cannot be watched; null while it can. */
  readonly problem: Problem | null;
}

interface Kept {
  watched: Watched;
  readonly listeners: Set<() => void>;
  readonly eventListeners: Set<(event: SessionEvent) => void>;
  stop: () => void;
}

/** How long a session that nobody looks at any more goes on being followed: going to and fro costs nothing. */
const LINGER_MS = 5_000;
const kept = new Map<string, Kept>();

function keep(sessionId: string): Kept {
  const known = kept.get(sessionId);
  if (known !== undefined) return known;
  const made: Kept = {
    watched: { state: emptySession(sessionId), problem: null },
    listeners: new Set(),
    eventListeners: new Set(),
    stop: () => undefined,
  };
  kept.set(sessionId, made);
  const change = (watched: Watched) => {
    made.watched = watched;
    for (const each of made.listeners) each();
  };
  made.stop = watchSession(sessionId, {
    snapshot(snapshot) {
      change({ state: fromSnapshot(snapshot), problem: null });
    },
    event(event) {
      change({ state: foldEvent(made.watched.state, event), problem: null });
      for (const each of made.eventListeners) each(event);
    },
    refused(problem) {
      change({ ...made.watched, problem });
    },
  });
  return made;
}

function listen<L>(sessionId: string, choose: (of: Kept) => Set<L>, listener: L): () => void {
  const session = keep(sessionId);
  choose(session).add(listener);
  return () => {
    choose(session).delete(listener);
    setTimeout(() => {
      if (session.listeners.size + session.eventListeners.size > 0 || kept.get(sessionId) !== session) return;
      kept.delete(sessionId);
      session.stop();
    }, LINGER_MS);
  };
}

const listenersOf = (of: Kept) => of.listeners;
const eventListenersOf = (of: Kept) => of.eventListeners;

/** One session, live. Look at `state.isKnown` first: until the snapshot came, nothing is known. */
export function useSession(sessionId: string): Watched {
  const subscribe = useCallback(
    (listener: () => void) => listen(sessionId, listenersOf, listener),
    [sessionId],
  );
  const unknown = useMemo(() => ({ state: emptySession(sessionId), problem: null }), [sessionId]);
  return useSyncExternalStore(subscribe, () => kept.get(sessionId)?.watched ?? unknown);
}

/** Several sessions, live, by their ids. Those whose snapshot did not come yet are not among them. */
export function useManySessions(sessionIds: readonly string[]): ReadonlyMap<string, SessionState> {
  // By their names and not by the array, which callers make anew each time.
  const names = JSON.stringify([...sessionIds].sort());
  const [subscribe, current] = useMemo(() => many(JSON.parse(names) as string[]), [names]);
  return useSyncExternalStore(subscribe, current);
}

function many(sessionIds: readonly string[]) {
  let seen: readonly (SessionState | undefined)[] = [];
  let states: ReadonlyMap<string, SessionState> = new Map();
  const subscribe = (listener: () => void) => {
    const ends = sessionIds.map((each) => listen(each, listenersOf, listener));
    return () => {
      for (const end of ends) end();
    };
  };
  const current = () => {
    const now = sessionIds.map((each) => kept.get(each)?.watched.state);
    if (now.some((each, at) => each !== seen[at])) {
      seen = now;
      states = new Map(now.flatMap((each) => (each?.isKnown === true ? [[each.sessionId, each]] : [])));
    }
    return states;
  };
  return [subscribe, current] as const;
}

/** Hear each event of a session as it comes (not those of the snapshot), for toasts and sounds.
 *
 * @param heard Keep it stable with `useCallback`.
 */
export function useSessionEvents(sessionId: string, heard: (event: SessionEvent) => void): void {
  useEffect(() => listen(sessionId, eventListenersOf, heard), [sessionId, heard]);
}

export function useConnection(): Connection {
  return useSyncExternalStore(onConnection, currentConnection);
}

/** Epoch seconds, by the service's clock unless another is given, kept going: for countdowns and "a minute ago". */
export function useNow(everyMs = 1_000, clock = serviceNow): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(clock());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs, clock]);
  return now;
}
