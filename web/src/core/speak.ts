/** What a speaker sees of their room. Pure. */
import type { RoomView } from "./room";
import type { Phase, Question } from "./roomModel";
import { sortedQuestions } from "./roomShown";

/** Open questions beside those that were brought forward: more cannot be read while talking. */
export const NEXT_SHOWN = 5;

export interface SpeakersQuestions {
  /** Those that were brought to the speaker and are open, the most wanted first. */
  readonly promoted: readonly Question[];
  /** The most wanted of the others. */
  readonly next: readonly Question[];
  /** Open questions in all. */
  readonly openCount: number;
}

export function questionsFor(questions: RoomView["questions"]): SpeakersQuestions {
  const open = sortedQuestions(questions).filter((each) => !each.isAnswered);
  return {
    promoted: open.filter((each) => each.isPromoted),
    next: open.filter((each) => !each.isPromoted).slice(0, NEXT_SHOWN),
    openCount: open.length,
  };
}

export const PHASES: readonly { readonly phase: Phase; readonly name: string }[] = [
  { phase: "opening", name: "Opening" },
  { phase: "middle", name: "Middle" },
  { phase: "closing", name: "Closing" },
  { phase: "qa", name: "Q&A" },
];

/** Slides have the numbers from 0 to this. */
export const SLIDES_MOST = 100_000;

/** The slide after or before the one that is shown; where none is known, the first. */
export function turnedTo(slide: number | null, by: 1 | -1): number {
  if (slide === null) return 1;
  return Math.min(SLIDES_MOST, Math.max(0, slide + by));
}
