/** What the sockets tell people in a room, read into typed events. Only `socket.ts` calls this. */
import type {
  Message,
  Nudge,
  Phase,
  Poll,
  PollResults,
  Question,
  RoomEvent,
  RoomEventType,
  RoomSnapshot,
} from "@/core/roomModel";
import {
  type Fields,
  isFields,
  list,
  Misfit,
  moment,
  momentOf,
  number,
  numberOr,
  object,
  text,
  textOr,
  wordOr,
} from "./fields";

/** Under which name somebody is shown of whom no name is known. */
const NAMELESS = "Guest";
const AUTHORS = ["attendee", "host", "agent", "bot"] as const;
const PHASES: readonly Phase[] = ["opening", "middle", "closing", "qa"];

type Data<T extends RoomEventType> = Omit<Extract<RoomEvent, { type: T }>, "type">;
type Readers = { readonly [T in RoomEventType]: (fields: Fields, heardAt: number) => Data<T> };

const READERS: Readers = {
  "session.snapshot": (fields, heardAt) => ({ snapshot: readRoomSnapshot(fields), heardAt }),
  "chat.message": (fields) => ({ message: readMessage(fields) }),
  "poll.launched": (fields) => ({ poll: readPoll(fields) }),
  "poll.results": (fields) => ({ results: readResults(fields) }),
  "poll.closed": (fields) => ({ results: { ...readResults(fields), isClosed: true } }),
  "reaction.tick": (fields) => ({ counts: readCounts(object(fields.counts, "counts")) }),
  "qna.updated": (fields) => ({ questions: every(fields.questions, readQuestion) }),
  "qna.promoted": (fields) => ({ questions: every(fields.questions, readQuestion) }),
  "nudge.received": (fields) => ({ nudge: readNudge(fields) }),
  "presence.count": (fields) => ({ count: number(fields, "count") }),
  "content.slide": (fields) => ({ slide: number(fields, "slide") }),
  "content.phase": (fields) => readPhase(fields),
  "session.ended": (fields) => ({ sessionId: text(fields, "sessionId") }),
};

export const ROOM_EVENT_TYPES = Object.keys(READERS) as readonly RoomEventType[];

/** The event that a message tells.
 *
 * @param heardAt When it came, in epoch seconds by this machine's clock.
 * @throws {Misfit} It does not fit its type.
 */
export function readRoomEvent(type: RoomEventType, message: unknown, heardAt: number): RoomEvent {
  return { type, ...READERS[type](object(message, type), heardAt) } as RoomEvent;
}

function readRoomSnapshot(fields: Fields): RoomSnapshot {
  const poll = isFields(fields.poll) ? fields.poll : null;
  const questions = list(fields.questions).filter(isFields);
  return {
    sessionId: text(fields, "sessionId"),
    eventId: textOr(fields, "eventId", ""),
    at: moment(fields, "timestamp"),
    title: textOr(fields, "title", ""),
    ...readPhase(fields),
    slide: numberOr(fields, "slide", null),
    hasEnded: fields.ended === true,
    userId: text(object(fields.you, "you"), "userId"),
    count: number(object(fields.presence, "presence"), "count"),
    chat: every(fields.chat, readMessage),
    pinned: isFields(fields.pinned) ? readMessage(fields.pinned) : null,
    poll: poll && {
      poll: readPoll(poll),
      ownVote: textOr(poll, "ownVote", null),
      results: isFields(poll.results) ? readResults(poll.results) : null,
    },
    questions: every(questions, readQuestion),
    upvoted: questions.filter((each) => each.upvoted === true).map((each) => text(each, "questionId")),
    nudges: every(fields.nudges, readNudge),
  };
}

function readPhase(fields: Fields): { phase: Phase | null; isInterruptible: boolean } {
  return { phase: wordOr(fields, "phase", PHASES, null), isInterruptible: fields.interruptible !== false };
}

function readMessage(fields: Fields): Message {
  return {
    id: text(fields, "messageId"),
    userId: textOr(fields, "userId", null),
    name: nameOf(fields),
    content: text(fields, "content"),
    author: wordOr(fields, "author", AUTHORS, "attendee"),
    label: textOr(fields, "label", null),
    isPinned: fields.pinned === true,
    isHighlighted: fields.highlighted === true,
    at: moment(fields, "timestamp"),
  };
}

function readPoll(fields: Fields): Poll {
  return {
    id: text(fields, "pollId"),
    question: text(fields, "question"),
    options: every(fields.options, (each) => ({ id: text(each, "optionId"), text: text(each, "text") })),
    label: textOr(fields, "label", null),
    showsResults: fields.showResults !== false,
    closesAt: momentOf(fields.closesAt),
  };
}

function readResults(fields: Fields): PollResults {
  const votes = every(fields.options, (each) => [text(each, "optionId"), number(each, "votes")] as const);
  return {
    pollId: text(fields, "pollId"),
    votes: new Map(votes),
    total: number(fields, "total"),
    isClosed: fields.closed === true,
  };
}

function readQuestion(fields: Fields): Question {
  return {
    id: text(fields, "questionId"),
    userId: textOr(fields, "userId", null),
    name: nameOf(fields),
    content: text(fields, "content"),
    label: textOr(fields, "label", null),
    upvotes: number(fields, "upvotes"),
    isAnswered: fields.answered === true,
    isPromoted: fields.promoted === true,
    at: moment(fields, "timestamp"),
  };
}

function readNudge(fields: Fields): Nudge {
  return {
    id: text(fields, "nudgeId"),
    message: text(fields, "message"),
    callToAction: textOr(fields, "callToAction", ""),
    label: textOr(fields, "label", ""),
    expiresAt: moment(fields, "expiresAt"),
  };
}

function readCounts(fields: Fields): ReadonlyMap<string, number> {
  return new Map(Object.keys(fields).map((emoji) => [emoji, number(fields, emoji)]));
}

function nameOf(fields: Fields): string {
  const name = textOr(fields, "displayName", "");
  return name === "" ? NAMELESS : name;
}

/** All of a list that fit: one misfit must not hide the others. */
function every<T>(value: unknown, read: (fields: Fields) => T): readonly T[] {
  return list(value).flatMap((each) => {
    try {
      return [read(object(each, "an entry"))];
    } catch (error) {
      if (error instanceof Misfit) return [];
      throw error;
    }
  });
}
