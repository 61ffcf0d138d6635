import { expect, test } from "vitest";
import { draftOf, faultsOf, isChanged, patchOf, refusedOf, type Saved } from "./draft";

const SAVED: Saved = {
  event_id: "event-1",
  agent_enabled: true,
  agent_mode: "SEMI_AUTO",
  auto_approve_threshold: 0.75,
  max_interventions_per_hour: 3,
  allowed_interventions: ["QNA_PROMOTE", "POLL"],
  label: "AI assistant",
  style: "friendly",
  share_chat: false,
  quiet_end_s: 90,
  holdout_share: 0.1,
  session_modes: {},
};

test("what nobody touched is no change", () => {
  expect(isChanged(draftOf(SAVED), SAVED)).toBe(false);
});

test("only what differs is sent, in the service's units", () => {
  const draft = { ...draftOf(SAVED), thresholdPercent: 80, quietEndMin: "2,5" };
  expect(patchOf(draft, SAVED)).toEqual({ auto_approve_threshold: 0.8, quiet_end_s: 150 });
});

test("the share that is left alone is typed in per cent", () => {
  expect(patchOf({ ...draftOf(SAVED), holdoutPercent: "12,5" }, SAVED)).toEqual({ holdout_share: 0.125 });
});

test("the tone is the event's", () => {
  expect(patchOf({ ...draftOf(SAVED), style: "playful" }, SAVED)).toEqual({ style: "playful" });
});

test("a change that is taken back is none", () => {
  const draft = { ...draftOf(SAVED), maxPerHour: "4" };
  expect(isChanged({ ...draft, maxPerHour: "3" }, SAVED)).toBe(false);
});

test("all arms may be taken away", () => {
  expect(patchOf({ ...draftOf(SAVED), arms: [] }, SAVED)).toEqual({ allowed_interventions: [] });
});

test.each([
  ["maxPerHour", ""],
  ["maxPerHour", "2.5"],
  ["maxPerHour", "61"],
  ["quietEndMin", "-1"],
  ["quietEndMin", "soon"],
  ["holdoutPercent", "51"],
  ["holdoutPercent", ""],
  ["label", "  "],
  ["label", "…!"],
  ["label", "a".repeat(61)],
] as const)("%s cannot be %j", (field, value) => {
  expect(Object.keys(faultsOf({ ...draftOf(SAVED), [field]: value }))).toEqual([field]);
});

test("what the service refuses stands at its field", () => {
  const details = {
    errors: [{ where: "body.quiet_end_s", what: "Input should be less than 3600", type: "x" }],
  };
  expect(refusedOf(details, "?")).toEqual({
    faults: { quietEndMin: "Input should be less than 3600." },
    rest: "",
  });
});

test("a refused label stands at the label though no place is named", () => {
  expect(refusedOf({}, "the label has a line break").faults).toEqual({ label: "the label has a line break" });
});

test("what belongs to no field is said as a whole", () => {
  expect(refusedOf({}, "not allowed")).toEqual({ faults: {}, rest: "not allowed" });
});
