import { describe, expect, it } from "vitest";
import { Misfit } from "./fields";
import { readRoomEvent } from "./roomMessages";

const MESSAGE = {
  messageId: "m1",
  userId: null,
  displayName: "AI assistant",
  content: "What do you think?",
  author: "agent",
  isQuestion: true,
  label: "AI assistant",
  pinned: true,
  highlighted: true,
  timestamp: 1_700_000_000.5,
};

const SNAPSHOT = {
  sessionId: "s1",
  eventId: "e1",
  timestamp: 1_700_000_001,
  title: "A talk",
  phase: "middle",
  interruptible: false,
  slide: 4,
  ended: false,
  you: { userId: "me", displayName: null },
  presence: { count: 12 },
  chat: [MESSAGE, { content: "of an unknown kind" }],
  pinned: MESSAGE,
  poll: null,
  questions: [
    { questionId: "q1", content: "Why?", upvotes: 2, upvoted: true, timestamp: 1, displayName: null },
  ],
  nudges: [],
};

describe("what a room tells", () => {
  it("is read into a message with its label", () => {
    expect(readRoomEvent("chat.message", MESSAGE, 0)).toMatchObject({
      message: { id: "m1", author: "agent", label: "AI assistant", isPinned: true },
    });
  });

  it("is read into a snapshot, whose misfits hide nothing else", () => {
    expect(readRoomEvent("session.snapshot", SNAPSHOT, 5)).toMatchObject({
      heardAt: 5,
      snapshot: {
        userId: "me",
        count: 12,
        phase: "middle",
        isInterruptible: false,
        chat: [{ id: "m1" }],
        questions: [{ id: "q1", name: "Guest" }],
        upvoted: ["q1"],
      },
    });
  });

  it("is a misfit where it lacks what it needs", () => {
    expect(() => readRoomEvent("presence.count", {}, 0)).toThrow(Misfit);
    expect(() => readRoomEvent("chat.message", "words", 0)).toThrow(Misfit);
  });

  it("says which session is over", () => {
    expect(readRoomEvent("session.ended", { sessionId: "s1" }, 0)).toEqual({
      type: "session.ended",
      sessionId: "s1",
    });
    expect(() => readRoomEvent("session.ended", {}, 0)).toThrow(Misfit);
  });

  it("counts reactions by emoji", () => {
    const event = readRoomEvent("reaction.tick", { counts: { "👏": 3 } }, 0);
    expect(event.type === "reaction.tick" && [...event.counts]).toEqual([["👏", 3]]);
  });
});
