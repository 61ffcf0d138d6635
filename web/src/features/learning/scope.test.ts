import { expect, it } from "vitest";
import { maySeeAll } from "./scope";

it("offers all events to those only whose token is for all of them", () => {
  expect(maySeeAll({ eventId: "*", sessionIds: [] })).toBe(true);
  expect(maySeeAll({ eventId: "summit", sessionIds: [] })).toBe(false);
  expect(maySeeAll({ eventId: "*", sessionIds: ["talk-1"] })).toBe(false);
  expect(maySeeAll(null)).toBe(false);
});
