/** Decisions that were answered on this page: whoever did so is not told of it as of somebody else's. */
const answered = new Set<string>();

export function noteAnswered(decisionId: string): void {
  answered.add(decisionId);
}

/** The answer did not get through. */
export function noteUnanswered(decisionId: string): void {
  answered.delete(decisionId);
}

export function wasAnsweredHere(decisionId: string): boolean {
  return answered.has(decisionId);
}
