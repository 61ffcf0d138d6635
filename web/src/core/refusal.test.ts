import { expect, test } from "vitest";
import { ENDED, refusalOf } from "./refusal";

test("a room that is over is not to be tried again, and one that has not begun is", () => {
  expect(refusalOf(ENDED).isPassing).toBe(false);
  expect(refusalOf("session_not_begun").isPassing).toBe(true);
});

test("who stands before a room that nobody knows is told what to do", () => {
  for (const code of ["no_session", "session_not_begun", "forbidden"]) {
    expect(refusalOf(code).advice).toMatch(/check the link/i);
  }
});

test("for what is not known here, the service has the word", () => {
  expect(refusalOf("never_heard_of")).toEqual({
    title: "This room cannot be entered",
    advice: null,
    isPassing: true,
  });
});
