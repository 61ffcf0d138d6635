import { describe, expect, it } from "vitest";
import { foldRoom, UNKNOWN_ROOM } from "./room";
import type { Question } from "./roomModel";
import { questionsFor, turnedTo } from "./speak";

function question(id: string, more: Partial<Question> = {}): Question {
  const about = { userId: "ana", name: "Ana", label: null, upvotes: 0, isAnswered: false, isPromoted: false };
  return { id, content: `Why ${id}?`, at: 1, ...about, ...more };
}

describe("a speaker's questions", () => {
  it("are those brought forward, apart from others that are open", () => {
    const questions = [
      question("other", { upvotes: 9 }),
      question("brought", { isPromoted: true }),
      question("done", { isPromoted: true, isAnswered: true }),
    ];
    const view = foldRoom(UNKNOWN_ROOM, [{ type: "qna.promoted", questions }]);
    const { promoted, next, openCount } = questionsFor(view.questions);
    expect([promoted, next].map((list) => list.map((each) => each.id))).toEqual([["brought"], ["other"]]);
    expect(openCount).toBe(2);
  });
});

describe("turning slides", () => {
  it("begins with the first where none is known, and stays within what there can be", () => {
    expect([turnedTo(null, 1), turnedTo(4, 1), turnedTo(4, -1), turnedTo(0, -1)]).toEqual([1, 5, 3, 0]);
  });
});
