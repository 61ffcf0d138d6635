import { describe, expect, it } from "vitest";
import { foldRoom, MESSAGES_KEPT, type RoomView, UNKNOWN_ROOM } from "./room";
import type { Message, Poll, PollResults, Question, RoomEvent, RoomSnapshot } from "./roomModel";
import { barsOf, nudgeAt, secondsLeft, showsResults, sortedQuestions } from "./roomShown";

function message(id: string, more: Partial<Message> = {}): Message {
  const person = { userId: "ana", name: "Ana", author: "attendee" as const, label: null };
  return { id, content: `Words of ${id}`, isPinned: false, isHighlighted: false, at: 1, ...person, ...more };
}

function said(...ids: string[]): RoomEvent[] {
  return ids.map((id) => ({ type: "chat.message", message: message(id) }));
}

function question(id: string, more: Partial<Question> = {}): Question {
  const about = { userId: "ana", name: "Ana", label: null, upvotes: 0, isAnswered: false, isPromoted: false };
  return { id, content: `Why ${id}?`, at: 1, ...about, ...more };
}

const POLL: Poll = {
  id: "poll-1",
  question: "Which one?",
  options: [
    { id: "0", text: "This" },
    { id: "1", text: "That" },
  ],
  label: "AI assistant",
  showsResults: true,
  closesAt: 100,
};

const NUDGE = {
  id: "n1",
  message: "Join in?",
  callToAction: "Write",
  label: "AI assistant",
  expiresAt: 50,
};

function results(votes: readonly number[], more: Partial<PollResults> = {}): PollResults {
  const counted = votes.map((each, at) => [String(at), each] as const);
  const total = votes.reduce((sum, each) => sum + each, 0);
  return { pollId: "poll-1", votes: new Map(counted), total, isClosed: false, ...more };
}

function snapshot(more: Partial<RoomSnapshot> = {}): RoomEvent {
  const room = { sessionId: "s", eventId: "e", at: 1_000, title: "A talk", hasEnded: false, userId: "me" };
  const stage = { phase: null, isInterruptible: true, slide: null, count: 3 };
  const things = { chat: [], pinned: null, poll: null, questions: [], upvoted: [], nudges: [] };
  return { type: "session.snapshot", heardAt: 990, snapshot: { ...room, ...stage, ...things, ...more } };
}

function room(...events: Parameters<typeof foldRoom>[1]): RoomView {
  return foldRoom(UNKNOWN_ROOM, [snapshot(), ...events]);
}

const ids = (view: RoomView) => view.messages.map((each) => each.id);

describe("the chat of a room", () => {
  it("shows a message once, however often it comes", () => {
    expect(ids(room(...said("a", "b", "a")))).toEqual(["a", "b"]);
  });

  it("keeps the last 300", () => {
    const view = room(...said(...Array.from({ length: MESSAGES_KEPT + 20 }, (_, at) => `m${at}`)));
    expect(view.messages).toHaveLength(MESSAGES_KEPT);
    expect(view.messages[0]?.id).toBe("m20");
    expect(view.heard).toBe(MESSAGES_KEPT + 20);
  });

  it("pins the latest message that is to stay in sight", () => {
    const pins = ["p1", "p2"].map((id): RoomEvent => ({
      type: "chat.message",
      message: message(id, { isPinned: true }),
    }));
    expect(room(...pins, ...said("a")).pinned?.id).toBe("p2");
  });

  it("keeps after an outage what was in view, without showing anything twice", () => {
    const before = room(...said("a", "b"));
    const after = foldRoom(before, [snapshot({ chat: [message("b"), message("c")] })]);
    expect(ids(after)).toEqual(["a", "b", "c"]);
  });

  it("knows how far the service's clock is ahead", () => {
    expect(room().aheadS).toBe(10);
  });
});

describe("a message of one's own", () => {
  const sending = { type: "own.sending", key: "k", content: "Hello" } as const;

  it("is on its way until the room shows it", () => {
    const sent = room(sending, { type: "own.sent", key: "k", messageId: "m" });
    expect(sent.unsent).toHaveLength(1);
    const shown = foldRoom(sent, said("m"));
    expect([shown.unsent.length, ids(shown)]).toEqual([0, ["m"]]);
  });

  it("is shown once where the room shows it before it answers", () => {
    const view = foldRoom(room(sending, ...said("m")), [{ type: "own.sent", key: "k", messageId: "m" }]);
    expect([view.unsent.length, ids(view)]).toEqual([0, ["m"]]);
  });

  it("says why it was not taken, and can be sent again or discarded", () => {
    const failed = room(sending, { type: "own.unsent", key: "k", why: "You are not connected." });
    expect(failed.unsent[0]?.why).toBe("You are not connected.");
    expect(foldRoom(failed, [sending]).unsent).toEqual([
      { key: "k", content: "Hello", why: null, messageId: null },
    ]);
    expect(foldRoom(failed, [{ type: "own.discarded", key: "k" }]).unsent).toEqual([]);
  });

  it("is no longer on its way where it came with a snapshot", () => {
    const sent = room(sending, { type: "own.sent", key: "k", messageId: "m" });
    expect(foldRoom(sent, [snapshot({ chat: [message("m")] })]).unsent).toEqual([]);
  });
});

describe("a poll", () => {
  const open = room({ type: "poll.launched", poll: POLL });

  it("shows how the votes stand to who voted, and to everybody once it is closed", () => {
    const counted = foldRoom(open, [{ type: "poll.results", results: results([3, 1]) }]);
    const voted = foldRoom(counted, [{ type: "own.voted", pollId: "poll-1", optionId: "1" }]);
    const closed = foldRoom(counted, [{ type: "poll.closed", results: results([3, 1], { isClosed: true }) }]);
    const shown = [counted, voted, closed].map((view) => view.poll !== null && showsResults(view.poll, 10));
    expect(shown).toEqual([false, true, true]);
  });

  it("keeps results to its end where they are not to be shown before", () => {
    const secret = room(
      { type: "poll.launched", poll: { ...POLL, showsResults: false } },
      { type: "own.voted", pollId: "poll-1", optionId: "0" },
      { type: "poll.results", results: results([1, 0]) },
    );
    expect(secret.poll !== null && showsResults(secret.poll, 10)).toBe(false);
  });

  it("says each option's share, the leading one and one's own", () => {
    const view = foldRoom(open, [
      { type: "poll.results", results: results([3, 1]) },
      { type: "own.voted", pollId: "poll-1", optionId: "1" },
    ]);
    expect(view.poll && barsOf(view.poll)).toEqual([
      { id: "0", text: "This", votes: 3, share: 0.75, isOwn: false, isLeading: true },
      { id: "1", text: "That", votes: 1, share: 0.25, isOwn: true, isLeading: false },
    ]);
  });

  it("counts its seconds down and does not go below none", () => {
    expect([97.2, 100, 130].map((now) => open.poll && secondsLeft(open.poll, now))).toEqual([3, 0, 0]);
  });

  it("passes over results of another poll", () => {
    const view = foldRoom(open, [{ type: "poll.results", results: results([9, 9], { pollId: "earlier" }) }]);
    expect(view.poll?.results).toBeNull();
  });

  it("is closed where it ended during an outage", () => {
    expect(foldRoom(open, [snapshot()]).poll?.isClosed).toBe(true);
  });
});

describe("questions and nudges", () => {
  it("stand with the most wanted first and the answered last", () => {
    const questions = [
      question("old"),
      question("done", { isAnswered: true, upvotes: 9 }),
      question("wanted", { upvotes: 4 }),
      question("new", { at: 2 }),
    ];
    const view = room({ type: "qna.updated", questions });
    expect(sortedQuestions(view.questions).map((each) => each.id)).toEqual(["wanted", "old", "new", "done"]);
  });

  it("keep one's own upvotes when they are told again", () => {
    const view = room(
      { type: "own.upvoted", questionId: "q" },
      { type: "qna.updated", questions: [question("q", { upvotes: 1 })] },
    );
    expect(view.upvoted.has("q")).toBe(true);
  });

  it("keep answered questions over an outage, whose snapshot holds only open ones", () => {
    const before = room({ type: "qna.updated", questions: [question("q", { isAnswered: true })] });
    const after = foldRoom(before, [snapshot({ questions: [question("p")] })]);
    expect(sortedQuestions(after.questions).map((each) => each.id)).toEqual(["p", "q"]);
  });

  it("show a nudge until it runs out or was dealt with", () => {
    const view = room({ type: "nudge.received", nudge: NUDGE });
    expect([nudgeAt(view, 49)?.id, nudgeAt(view, 50)]).toEqual(["n1", null]);
    expect(nudgeAt(foldRoom(view, [{ type: "own.nudgeDone", nudgeId: "n1" }]), 49)).toBeNull();
    expect(nudgeAt(foldRoom(view, [{ type: "own.ended" }]), 49)).toBeNull();
    expect(nudgeAt(foldRoom(view, [{ type: "session.ended", sessionId: "s1" }]), 49)).toBeNull();
  });
});
