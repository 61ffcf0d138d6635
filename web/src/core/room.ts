/** A room as one person sees it, from what it tells them and what they do. Pure: the same input gives the same state. */
import type {
  Message,
  Nudge,
  OwnAct,
  Phase,
  Poll,
  PollResults,
  Question,
  RoomEvent,
  RoomSnapshot,
} from "./roomModel";

/** Messages in view; the room itself gives the last 50 to who joins. */
export const MESSAGES_KEPT = 300;
export const QUESTIONS_KEPT = 300;
export const NUDGES_KEPT = 5;

/** A message of one's own that the room has not shown yet. */
export interface Unsent {
  readonly key: string;
  readonly content: string;
  /** Why it was not taken; null while it is on its way. */
  readonly why: string | null;
  /** Under which id it will be shown; null until it was taken. */
  readonly messageId: string | null;
}

export interface PollView {
  readonly poll: Poll;
  readonly ownVote: string | null;
  readonly results: PollResults | null;
  readonly isClosed: boolean;
}

/** Reactions of the last second. `at` counts up, so that the same counts again are something new. */
export interface ReactionTick {
  readonly at: number;
  readonly counts: ReadonlyMap<string, number>;
}

export interface RoomView {
  readonly isKnown: boolean;
  readonly title: string;
  readonly hasEnded: boolean;
  readonly phase: Phase | null;
  readonly isInterruptible: boolean;
  readonly slide: number | null;
  readonly userId: string;
  readonly count: number;
  /** How far the service's clock is ahead of this one, in seconds. */
  readonly aheadS: number;
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Messages that came since joining, those that are no longer kept included. */
  readonly heard: number;
  readonly unsent: readonly Unsent[];
  readonly pinned: Message | null;
  /** The poll that was launched last, also after it closed. */
  readonly poll: PollView | null;
  readonly questions: ReadonlyMap<string, Question>;
  readonly upvoted: ReadonlySet<string>;
  readonly nudges: readonly Nudge[];
  readonly reactions: ReactionTick;
}

export const UNKNOWN_ROOM: RoomView = {
  isKnown: false,
  title: "",
  hasEnded: false,
  phase: null,
  isInterruptible: true,
  slide: null,
  userId: "",
  count: 0,
  aheadS: 0,
  messages: [],
  heard: 0,
  unsent: [],
  pinned: null,
  poll: null,
  questions: new Map(),
  upvoted: new Set(),
  nudges: [],
  reactions: { at: 0, counts: new Map() },
};

/** The state after several things, in their order. */
export function foldRoom(before: RoomView, all: readonly (RoomEvent | OwnAct)[]): RoomView {
  const messages: Message[] = [];
  const rest = all.reduce((view, each) => {
    if (each.type === "session.snapshot") messages.length = 0;
    if (each.type !== "chat.message") return foldOne(view, each);
    messages.push(each.message);
    return view;
  }, before);
  // A busy room says twenty things between two paints: the list is made anew once.
  return messages.length === 0 ? rest : withMessages(rest, messages);
}

function foldOne(view: RoomView, each: Exclude<RoomEvent, { type: "chat.message" }> | OwnAct): RoomView {
  switch (each.type) {
    case "session.snapshot":
      return fromSnapshot(view, each.snapshot, each.heardAt);
    case "poll.launched":
      if (view.poll?.poll.id === each.poll.id) return view;
      return { ...view, poll: { poll: each.poll, ownVote: null, results: null, isClosed: false } };
    case "poll.results":
    case "poll.closed":
      return withResults(view, each.results);
    case "reaction.tick":
      return { ...view, reactions: { at: view.reactions.at + 1, counts: each.counts } };
    case "qna.updated":
    case "qna.promoted":
      return { ...view, questions: withQuestions(view.questions, each.questions) };
    case "nudge.received":
      if (view.nudges.some((known) => known.id === each.nudge.id)) return view;
      return { ...view, nudges: [...view.nudges, each.nudge].slice(-NUDGES_KEPT) };
    case "presence.count":
      return { ...view, count: each.count };
    case "content.slide":
      return { ...view, slide: each.slide };
    case "content.phase":
      return { ...view, phase: each.phase, isInterruptible: each.isInterruptible };
    case "session.ended":
      return { ...view, hasEnded: true };
    default:
      return foldOwn(view, each);
  }
}

function foldOwn(view: RoomView, act: OwnAct): RoomView {
  switch (act.type) {
    case "own.sending": {
      const sending = { key: act.key, content: act.content, why: null, messageId: null };
      return { ...view, unsent: [...without(view.unsent, act.key), sending] };
    }
    case "own.sent":
      // The room may have shown it before it answered.
      if (view.messages.some((each) => each.id === act.messageId))
        return { ...view, unsent: without(view.unsent, act.key) };
      return { ...view, unsent: changed(view.unsent, act.key, { messageId: act.messageId }) };
    case "own.unsent":
      return { ...view, unsent: changed(view.unsent, act.key, { why: act.why }) };
    case "own.discarded":
      return { ...view, unsent: without(view.unsent, act.key) };
    case "own.voted":
      if (view.poll?.poll.id !== act.pollId) return view;
      return { ...view, poll: { ...view.poll, ownVote: act.optionId } };
    case "own.upvoted":
      return { ...view, upvoted: new Set([...view.upvoted, act.questionId]) };
    case "own.nudgeDone":
      return { ...view, nudges: view.nudges.filter((each) => each.id !== act.nudgeId) };
    case "own.ended":
      return { ...view, hasEnded: true };
  }
}

function fromSnapshot(view: RoomView, snapshot: RoomSnapshot, heardAt: number): RoomView {
  const shown = new Set(snapshot.chat.map((each) => each.id));
  // After an outage: what was in view stays, also what the snapshot no longer holds.
  const earlier = view.messages.filter((each) => !shown.has(each.id));
  const { poll } = snapshot;
  return {
    ...view,
    isKnown: true,
    title: snapshot.title,
    hasEnded: snapshot.hasEnded,
    phase: snapshot.phase,
    isInterruptible: snapshot.isInterruptible,
    slide: snapshot.slide,
    userId: snapshot.userId,
    count: snapshot.count,
    aheadS: snapshot.at - heardAt,
    messages: [...earlier, ...snapshot.chat].slice(-MESSAGES_KEPT),
    unsent: view.unsent.filter((each) => each.messageId === null || !shown.has(each.messageId)),
    pinned: snapshot.pinned,
    poll: poll === null ? closed(view.poll) : { ...poll, isClosed: false },
    // Answered ones are in no snapshot, and are kept from before.
    questions: withQuestions(
      new Map([...view.questions].filter(([, each]) => each.isAnswered)),
      snapshot.questions,
    ),
    upvoted: new Set(snapshot.upvoted),
    nudges: snapshot.nudges,
  };
}

/** A poll that ended during an outage: no snapshot says how it ended. */
function closed(poll: PollView | null): PollView | null {
  return poll === null ? null : { ...poll, isClosed: true };
}

function withMessages(view: RoomView, added: readonly Message[]): RoomView {
  const known = new Set(view.messages.map((each) => each.id));
  const fresh = added.filter((each) => !known.has(each.id) && known.add(each.id));
  if (fresh.length === 0) return view;
  return {
    ...view,
    messages: [...view.messages, ...fresh].slice(-MESSAGES_KEPT),
    heard: view.heard + fresh.length,
    pinned: fresh.findLast((each) => each.isPinned) ?? view.pinned,
    unsent: view.unsent.some((each) => each.messageId !== null && known.has(each.messageId))
      ? view.unsent.filter((each) => each.messageId === null || !known.has(each.messageId))
      : view.unsent,
  };
}

function withResults(view: RoomView, results: PollResults): RoomView {
  if (view.poll?.poll.id !== results.pollId) return view;
  return { ...view, poll: { ...view.poll, results, isClosed: view.poll.isClosed || results.isClosed } };
}

function withQuestions(
  known: ReadonlyMap<string, Question>,
  told: readonly Question[],
): ReadonlyMap<string, Question> {
  const all = new Map(known);
  for (const each of told) all.set(each.id, each);
  for (const id of all.keys()) {
    if (all.size <= QUESTIONS_KEPT) break;
    all.delete(id);
  }
  return all;
}

function without(unsent: readonly Unsent[], key: string): readonly Unsent[] {
  return unsent.filter((each) => each.key !== key);
}

function changed(unsent: readonly Unsent[], key: string, by: Partial<Unsent>): readonly Unsent[] {
  return unsent.map((each) => (each.key === key ? { ...each, ...by } : each));
}
