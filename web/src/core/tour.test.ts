import { expect, test } from "vitest";
import { PLACES, STEPS } from "./tour";

test("the tour has seven steps, one for each place", () => {
  expect(STEPS.map((each) => each.place)).toEqual(Object.keys(PLACES));
  expect(STEPS).toHaveLength(7);
});

test("the tour changes from the list to a session once", () => {
  const pages = STEPS.map((each) => each.page);
  expect(pages.filter((page, index) => page !== pages[index - 1])).toEqual(["sessions", "session"]);
});
