/** What of a room is shown, and in which order. */
import type { PollView, RoomView } from "./room";
import type { Nudge, Question } from "./roomModel";

/** Open questions first, those that most people want answered before others, of these the oldest first. */
export function sortedQuestions(questions: RoomView["questions"]): readonly Question[] {
  return [...questions.values()].sort(
    (one, other) =>
      Number(one.isAnswered) - Number(other.isAnswered) ||
      other.upvotes - one.upvotes ||
      one.at - other.at ||
      one.id.localeCompare(other.id),
  );
}

/** The nudge that is shown at `now`, by the service's clock: the latest that has not run out. */
export function nudgeAt(view: RoomView, now: number): Nudge | null {
  if (view.hasEnded) return null;
  return view.nudges.findLast((each) => each.expiresAt > now) ?? null;
}

/** Seconds until a poll closes by itself; null if it does not. */
export function secondsLeft(poll: PollView, now: number): number | null {
  if (poll.isClosed || poll.poll.closesAt === null) return null;
  return Math.max(0, Math.ceil(poll.poll.closesAt - now));
}

/** Whether votes are taken at `now`. */
export function isVotable(poll: PollView, now: number): boolean {
  return !poll.isClosed && (poll.poll.closesAt === null || poll.poll.closesAt > now);
}

/** Whether somebody sees how the votes stand: at its end everybody does, and before only who voted. */
export function showsResults(poll: PollView, now: number): boolean {
  if (poll.results === null) return false;
  return !isVotable(poll, now) || (poll.poll.showsResults && poll.ownVote !== null);
}

export interface Bar {
  readonly id: string;
  readonly text: string;
  readonly votes: number;
  /** Of all votes, in [0, 1]. */
  readonly share: number;
  readonly isOwn: boolean;
  readonly isLeading: boolean;
}

export function barsOf(poll: PollView): readonly Bar[] {
  const votesOf = (id: string) => poll.results?.votes.get(id) ?? 0;
  const total = poll.poll.options.reduce((sum, each) => sum + votesOf(each.id), 0);
  const most = Math.max(...poll.poll.options.map((each) => votesOf(each.id)));
  return poll.poll.options.map(({ id, text }) => ({
    id,
    text,
    votes: votesOf(id),
    share: total === 0 ? 0 : votesOf(id) / total,
    isOwn: id === poll.ownVote,
    isLeading: most > 0 && votesOf(id) === most,
  }));
}
