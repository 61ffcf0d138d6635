/** What people in a room see. Moments (`at`, `…At`) are epoch seconds by the service's clock. */

export type Author = "attendee" | "host" | "agent" | "bot";
export type Phase = "opening" | "middle" | "closing" | "qa";

export interface Message {
  readonly id: string;
  readonly userId: string | null;
  readonly name: string;
  readonly content: string;
  readonly author: Author;
  /** What the agent's messages are shown under; null for people's. */
  readonly label: string | null;
  readonly isPinned: boolean;
  readonly isHighlighted: boolean;
  readonly at: number;
}

export interface PollOption {
  readonly id: string;
  readonly text: string;
}

export interface Poll {
  readonly id: string;
  readonly question: string;
  readonly options: readonly PollOption[];
  readonly label: string | null;
  /** Whether everybody sees how the votes stand while it is open. */
  readonly showsResults: boolean;
  /** Null: only by hand. */
  readonly closesAt: number | null;
}

export interface PollResults {
  readonly pollId: string;
  /** Votes by option. */
  readonly votes: ReadonlyMap<string, number>;
  readonly total: number;
  readonly isClosed: boolean;
}

export interface Question {
  readonly id: string;
  readonly userId: string | null;
  readonly name: string;
  readonly content: string;
  readonly label: string | null;
  readonly upvotes: number;
  readonly isAnswered: boolean;
  /** Whether it was brought to the speaker. */
  readonly isPromoted: boolean;
  readonly at: number;
}

export interface Nudge {
  readonly id: string;
  readonly message: string;
  readonly callToAction: string;
  readonly label: string;
  readonly expiresAt: number;
}

/** All that somebody who joins has to see. */
export interface RoomSnapshot {
  readonly sessionId: string;
  readonly eventId: string;
  readonly at: number;
  readonly title: string;
  readonly phase: Phase | null;
  readonly isInterruptible: boolean;
  readonly slide: number | null;
  readonly hasEnded: boolean;
  readonly userId: string;
  readonly count: number;
  readonly chat: readonly Message[];
  readonly pinned: Message | null;
  readonly poll: {
    readonly poll: Poll;
    readonly ownVote: string | null;
    readonly results: PollResults | null;
  } | null;
  readonly questions: readonly Question[];
  /** Questions that this person voted for. */
  readonly upvoted: readonly string[];
  readonly nudges: readonly Nudge[];
}

export type RoomEvent =
  | { readonly type: "session.snapshot"; readonly snapshot: RoomSnapshot; readonly heardAt: number }
  | { readonly type: "chat.message"; readonly message: Message }
  | { readonly type: "poll.launched"; readonly poll: Poll }
  | { readonly type: "poll.results"; readonly results: PollResults }
  | { readonly type: "poll.closed"; readonly results: PollResults }
  | { readonly type: "reaction.tick"; readonly counts: ReadonlyMap<string, number> }
  | { readonly type: "qna.updated"; readonly questions: readonly Question[] }
  | { readonly type: "qna.promoted"; readonly questions: readonly Question[] }
  | { readonly type: "nudge.received"; readonly nudge: Nudge }
  | { readonly type: "presence.count"; readonly count: number }
  | { readonly type: "content.slide"; readonly slide: number }
  | { readonly type: "content.phase"; readonly phase: Phase | null; readonly isInterruptible: boolean }
  | { readonly type: "session.ended"; readonly sessionId: string };

export type RoomEventType = RoomEvent["type"];

/** What somebody does here, as far as it shows before the service says so. `key` is made by the caller. */
export type OwnAct =
  | { readonly type: "own.sending"; readonly key: string; readonly content: string }
  | { readonly type: "own.sent"; readonly key: string; readonly messageId: string }
  | { readonly type: "own.unsent"; readonly key: string; readonly why: string }
  | { readonly type: "own.discarded"; readonly key: string }
  | { readonly type: "own.voted"; readonly pollId: string; readonly optionId: string }
  | { readonly type: "own.upvoted"; readonly questionId: string }
  | { readonly type: "own.nudgeDone"; readonly nudgeId: string }
  | { readonly type: "own.ended" };
