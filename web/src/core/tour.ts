/** Places on the pages that the tour shows: `data-tour={PLACES.chart}` marks one. */
export const PLACES = {
  sessions: "sessions",
  score: "score",
  chart: "chart",
  parts: "parts",
  decisions: "decisions",
  agent: "agent",
  feed: "feed",
} as const;

export type Place = keyof typeof PLACES;

export interface TourStep {
  readonly place: Place;
  /** On which page the place is. */
  readonly page: "sessions" | "session";
  readonly title: string;
  readonly words: string;
}

export const STEPS: readonly TourStep[] = [
  {
    place: "sessions",
    page: "sessions",
    title: "All your sessions",
    words:
      "Whoever needs you stands first: where the agent asks you something, then where a room is falling.",
  },
  {
    place: "score",
    page: "session",
    title: "One figure for the room",
    words:
      "0 to 100 %: how much people take part. Around 75 % is normal for this very room. ▲ high, ■ fair, ▼ low.",
  },
  {
    place: "chart",
    page: "session",
    title: "How it went",
    words:
      "The score of the last five minutes, or of the whole session, with every fall, decision and outcome marked.",
  },
  {
    place: "parts",
    page: "session",
    title: "What it is made of",
    words: "Chat, polls, reactions, who is active and who stays. Here you see why the score is what it is.",
  },
  {
    place: "decisions",
    page: "session",
    title: "What the agent suggests",
    words:
      "When a room falls, it suggests something here. Approve it, edit it first, or dismiss it; and read why.",
  },
  {
    place: "agent",
    page: "session",
    title: "How much it may do",
    words:
      "Manual: it always asks. Semi-auto: it acts where it is sure enough. Auto: it acts. Change it at any time.",
  },
  {
    place: "feed",
    page: "session",
    title: "What became of it",
    words:
      "Everything that happened, newest first. Two minutes after each intervention stands whether it helped.",
  },
];

export function selectorOf(place: Place): string {
  return `[data-tour="${PLACES[place]}"]`;
}
