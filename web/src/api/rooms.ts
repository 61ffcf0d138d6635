/** A room as it is now, for React, and what somebody can do in it. */
import { useState, useSyncExternalStore } from "react";
import { ENDED } from "@/core/refusal";
import { foldRoom, type RoomView, UNKNOWN_ROOM } from "@/core/room";
import type { OwnAct, Phase, RoomEvent } from "@/core/roomModel";
import { asProblem, type Problem } from "./problem";
import { emitInRoom, joinRoom } from "./socket";

/** What people do here. Each is refused with a `Problem`, except for messages: a message that was not taken says why. */
export interface Deeds {
  /** @param key Of a message that was not taken, to send it again. */
  send(content: string, key?: string): void;
  discard(key: string): void;
  /** What comes faster than the room counts is left out. */
  react(emoji: string): void;
  vote(pollId: string, optionId: string): Promise<void>;
  ask(content: string): Promise<void>;
  upvote(questionId: string): Promise<void>;
  doneWithNudge(nudgeId: string): void;
  /** Speakers only, as everything that follows. */
  markAnswered(questionId: string): Promise<void>;
  showSlide(slide: number): Promise<void>;
  setPhase(phase: Phase | null, isInterruptible: boolean): Promise<void>;
}

export interface Room {
  readonly view: RoomView;
  /** Why this room may not be joined; null while it can. */
  readonly problem: Problem | null;
  readonly deeds: Deeds;
}

/** So often somebody's browser says that it is still there; the room forgets who is silent for 150 s. */
const HEARTBEAT_MS = 45_000;
/** The room counts the same reaction of one person once in this time. */
const SAME_REACTION_MS = 500;
/** Nothing is painted in a tab that nobody sees, and what came is to be taken in all the same. */
const UNSEEN_FLUSH_MS = 250;

/** The room of a session, joined while this is shown. Keep one for a page, and give it a `key` by its session. */
export function useRoom(sessionId: string): Room {
  const [kept] = useState(() => new KeptRoom(sessionId));
  return useSyncExternalStore(kept.listen, kept.current);
}

class KeptRoom {
  private room: Room;
  private readonly listeners = new Set<() => void>();
  private readonly reactedAt = new Map<string, number>();
  private waiting: (RoomEvent | OwnAct)[] = [];
  private paint: number | null = null;
  private timer = 0;
  private made = 0;
  private stop: () => void = () => undefined;

  constructor(private readonly sessionId: string) {
    this.room = { view: UNKNOWN_ROOM, problem: null, deeds: this.deeds() };
  }

  readonly current = (): Room => this.room;

  readonly listen = (listener: () => void): (() => void) => {
    if (this.listeners.size === 0) this.stop = this.join();
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  };

  private join(): () => void {
    const leave = joinRoom(this.sessionId, {
      event: (event) => {
        if (this.concerns(event)) this.tell(event);
      },
      refused: (problem) => {
        if (problem.code === ENDED) this.tell({ type: "own.ended" });
        this.change({ ...this.room, problem });
      },
    });
    const beat = setInterval(() => {
      quietly(emitInRoom("presence:heartbeat"));
    }, HEARTBEAT_MS);
    const look = () => {
      quietly(emitInRoom("presence:focus", { focused: !document.hidden }));
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      leave();
      clearInterval(beat);
      document.removeEventListener("visibilitychange", look);
      this.flush();
    };
  }

  /** Before its snapshot, what comes may be of a room that this page was in earlier. */
  private concerns(event: RoomEvent): boolean {
    if (event.type === "session.snapshot") return event.snapshot.sessionId === this.sessionId;
    if (event.type === "session.ended") return event.sessionId === this.sessionId;
    return this.room.view.isKnown || this.waiting.some((each) => each.type === "session.snapshot");
  }

  /** Take things in with the next paint, all that came until then at once. */
  private tell(told: RoomEvent | OwnAct): void {
    this.waiting.push(told);
    if (this.paint !== null) return;
    this.paint = requestAnimationFrame(this.flush);
    this.timer = window.setTimeout(this.flush, UNSEEN_FLUSH_MS);
  }

  private readonly flush = (): void => {
    if (this.paint !== null) cancelAnimationFrame(this.paint);
    clearTimeout(this.timer);
    this.paint = null;
    const all = this.waiting;
    this.waiting = [];
    if (all.length === 0) return;
    const isBack = all.some((each) => each.type === "session.snapshot");
    const view = foldRoom(this.room.view, all);
    this.change({ ...this.room, view, problem: isBack ? null : this.room.problem });
  };

  private change(room: Room): void {
    this.room = room;
    for (const each of this.listeners) each();
  }

  private async emit(name: string, payload: object): Promise<Record<string, unknown>> {
    try {
      return await emitInRoom(name, payload);
    } catch (error) {
      if (asProblem(error).code === ENDED) this.tell({ type: "own.ended" });
      throw error;
    }
  }

  private deeds(): Deeds {
    const done = async (name: string, payload: object) => {
      await this.emit(name, payload);
    };
    return {
      send: (content, key = `own-${++this.made}`) => void this.send(content, key),
      discard: (key) => {
        this.tell({ type: "own.discarded", key });
      },
      react: (emoji) => {
        this.react(emoji);
      },
      vote: async (pollId, optionId) => {
        await this.emit("poll:vote", { pollId, optionId });
        this.tell({ type: "own.voted", pollId, optionId });
      },
      ask: (content) => done("qna:ask", { content }),
      upvote: async (questionId) => {
        await this.emit("qna:upvote", { questionId });
        this.tell({ type: "own.upvoted", questionId });
      },
      doneWithNudge: (nudgeId) => {
        this.tell({ type: "own.nudgeDone", nudgeId });
      },
      markAnswered: (questionId) => done("qna:answered", { questionId }),
      showSlide: (slide) => done("content:slide", { slide }),
      setPhase: (phase, interruptible) => done("content:phase", { phase, interruptible }),
    };
  }

  private async send(content: string, key: string): Promise<void> {
    this.tell({ type: "own.sending", key, content });
    try {
      const { messageId } = await this.emit("chat:send", { content });
      this.tell({ type: "own.sent", key, messageId: String(messageId) });
    } catch (error) {
      this.tell({ type: "own.unsent", key, why: asProblem(error).message });
    }
  }

  private react(emoji: string): void {
    const now = performance.now();
    if (now - (this.reactedAt.get(emoji) ?? -Infinity) < SAME_REACTION_MS) return;
    this.reactedAt.set(emoji, now);
    quietly(this.emit("reaction:send", { emoji }));
  }
}

/** Of something that nobody waits for: the badge of the connection says when it does not work. */
function quietly(done: Promise<unknown>): void {
  done.catch(() => undefined);
}
