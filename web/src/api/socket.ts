/** The one connection of a page to the rooms' sockets: every event that comes by it is read here into a typed one. */
import { io, type Socket } from "socket.io-client";
import type { SessionEvent, Snapshot } from "@/core/model";
import type { RoomEvent } from "@/core/roomModel";
import { heardFrom, ownNow } from "./clock";
import { onSignIn, signOut, token } from "./auth";
import { Misfit } from "./fields";
import { EVENT_TYPES, readEvent, readSnapshot } from "./messages";
import { asProblem, Problem, problemOf, unreachable } from "./problem";
import { readRoomEvent, ROOM_EVENT_TYPES } from "./roomMessages";

/** `refused` is for good: nobody is let in with this token, and no attempt follows. */
export type ConnectionState = "idle" | "connecting" | "connected" | "reconnecting" | "refused";

export interface Connection {
  readonly state: ConnectionState;
  /** Why it was refused or closed. */
  readonly problem: Problem | null;
}

export interface SessionListener {
  snapshot(snapshot: Snapshot): void;
  event(event: SessionEvent): void;
  /** This session may not be watched, or nobody answered. */
  refused(problem: Problem): void;
}

export interface RoomListener {
  /** First a snapshot, then each event; again from a snapshot after an outage. */
  event(event: RoomEvent): void;
  /** This session may not be joined, or nobody answered. */
  refused(problem: Problem): void;
}

/** Where the rooms are: the page's own origin unless it was built for another. */
export const LIVE_URL = import.meta.env.VITE_LIVE_URL ?? "";

const FIRST_ROOM = "conductor.room.first";
const ANSWER_WITHIN_MS = 10_000;
const watched = new Map<string, Set<SessionListener>>();
const connectionListeners = new Set<() => void>();
/** The room that this page is in; a connection is in one at most, so that what rooms say names none. */
let joined: { readonly sessionId: string; readonly listener: RoomListener; isIn: boolean } | null = null;
let socket: Socket | null = null;
let connection: Connection = { state: "idle", problem: null };
/** Messages that could not be read, by what was wrong; for whoever looks for a fault. */
export const misfits = new Map<string, number>();

export function currentConnection(): Connection {
  return connection;
}

export function onConnection(listener: () => void): () => void {
  connectionListeners.add(listener);
  return () => connectionListeners.delete(listener);
}

/** Hear everything of a session: first a snapshot, then each event; again from a snapshot after an outage.
 *
 * @returns A function that ends it.
 */
export function watchSession(sessionId: string, listener: SessionListener): () => void {
  const listeners = watched.get(sessionId) ?? new Set();
  watched.set(sessionId, listeners.add(listener));
  // Not connected yet: everything that is watched is subscribed to on connecting.
  if (connect().connected) subscribe(sessionId);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || watched.get(sessionId) !== listeners) return;
    watched.delete(sessionId);
    if (socket?.connected === true) socket.emit("agent:unsubscribe", { sessionId });
  };
}

/** Emit something of CONTRACTS §3, such as `chat:send`.
 *
 * @returns What the answer says beside `ok`.
 * @throws {Problem} It was refused, or nobody answered in time.
 */
export async function emit(name: string, payload: object = {}): Promise<Record<string, unknown>> {
  let answer: unknown;
  try {
    answer = await connect().timeout(ANSWER_WITHIN_MS).emitWithAck(name, payload);
  } catch {
    throw unreachable();
  }
  const { ok, error, ...rest } = answer as Record<string, unknown>;
  if (ok !== true) throw problemOf(error);
  return rest;
}

/** Be in a session's room, under the name of one's token; after an outage again.
 *
 * @returns A function that leaves it.
 */
export function joinRoom(sessionId: string, listener: RoomListener): () => void {
  const room = { sessionId, listener, isIn: false };
  joined = room;
  if (connect().connected) enterRoom();
  return () => {
    if (joined !== room) return;
    joined = null;
    if (room.isIn && socket?.connected === true) socket.emit("session:leave", {});
  };
}

/** Emit something in the room that this page is in.
 *
 * @throws {Problem} It was refused, nobody answered in time, or there is no connection: nothing is sent later then.
 */
export async function emitInRoom(name: string, payload: object = {}): Promise<Record<string, unknown>> {
  if (joined?.isIn !== true)
    throw new Problem("UNREACHABLE", "offline", "You are not connected right now. Try again in a moment.");
  return emit(name, payload);
}

function connect(): Socket {
  if (socket !== null) return socket;
  const made = io(`${LIVE_URL === "" ? location.origin : LIVE_URL}/events`, {
    auth: (give) => {
      give({ token: token() });
    },
    transports: ["websocket", "polling"],
    reconnectionDelayMax: 10_000,
  });
  socket = made;
  say({ state: "connecting", problem: null });
  made.on("connect", () => {
    say({ state: "connected", problem: null });
    for (const sessionId of watched.keys()) subscribe(sessionId);
    enterRoom();
  });
  made.on("disconnect", (reason) => {
    if (joined !== null) joined.isIn = false;
    // The server hangs up on purpose only after it said why.
    if (reason === "io server disconnect") say({ state: "refused", problem: connection.problem });
    else if (reason !== "io client disconnect") say({ state: "reconnecting", problem: null });
  });
  made.on("connect_error", (error: Error & { data?: unknown }) => {
    if (made.active) say({ state: "reconnecting", problem: unreachable() });
    else refuse(problemOf(error.data, "AUTHENTICATION"));
  });
  made.on("connection.closed", (error: unknown) => {
    refuse(problemOf(error, "AUTHENTICATION"));
  });
  made.on("agent.snapshot", (message: unknown) => {
    const snapshot = fitting(() => readSnapshot(message));
    if (snapshot === null) return;
    heardFrom(snapshot.at);
    for (const each of watched.get(snapshot.sessionId) ?? []) each.snapshot(snapshot);
  });
  for (const type of EVENT_TYPES) {
    made.on(type, (message: unknown) => {
      const event = fitting(() => readEvent(message));
      if (event === null) return;
      // Scores are told as soon as they are measured.
      if (event.type === "engagement.update") heardFrom(event.at);
      for (const each of watched.get(event.sessionId) ?? []) each.event(event);
    });
  }
  for (const type of ROOM_EVENT_TYPES) {
    made.on(type, (message: unknown) => {
      const event = fitting(() => readRoomEvent(type, message, ownNow()));
      if (event === null || joined === null) return;
      // The snapshot comes once somebody is in, and before the answer says so.
      if (event.type === "session.snapshot") joined.isIn = event.snapshot.sessionId === joined.sessionId;
      joined.listener.event(event);
    });
  }
  return made;
}

/** Connect anew, such as after a refusal. */
export function reconnect(): void {
  const before = socket;
  socket = null;
  if (joined !== null) joined.isIn = false;
  before?.removeAllListeners();
  before?.disconnect();
  connect();
}

// Another token is another person: what was heard as the one before must not go on.
onSignIn(() => {
  if (socket === null) return;
  if (token() !== null) {
    reconnect();
    return;
  }
  socket.removeAllListeners();
  socket.disconnect();
  socket = null;
  say({ state: "idle", problem: connection.problem });
});

function subscribe(sessionId: string): void {
  emit("agent:subscribe", { sessionId }).catch((error: unknown) => {
    for (const each of watched.get(sessionId) ?? []) each.refused(asProblem(error));
  });
}

function enterRoom(): void {
  const room = joined;
  if (room === null) return;
  const { sessionId } = room;
  emit("session:join", { sessionId, isFirstSession: isFirst(sessionId) }).then(
    () => {
      room.isIn = joined === room && socket?.connected === true;
    },
    (error: unknown) => {
      if (joined === room) room.listener.refused(asProblem(error));
    },
  );
}

/** Whether this browser was in no other room before: some reminders are for those who are new. */
function isFirst(sessionId: string): boolean {
  const first = localStorage.getItem(FIRST_ROOM) ?? sessionId;
  localStorage.setItem(FIRST_ROOM, first);
  return first === sessionId;
}

function refuse(problem: Problem): void {
  say({ state: "refused", problem });
  if (problem.code === "token_expired") signOut("expired");
  else if (problem.category === "AUTHENTICATION") signOut("invalid");
}

function say(next: Connection): void {
  connection = next;
  for (const each of connectionListeners) each();
}

function fitting<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    count(error.message);
    return null;
  }
}

function count(why: string): void {
  misfits.set(why, (misfits.get(why) ?? 0) + 1);
}
