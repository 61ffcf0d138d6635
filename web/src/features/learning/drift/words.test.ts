import { describe, expect, it } from "vitest";
import {
  chanceInWords,
  type Drift,
  lengthInWords,
  movedInWords,
  type Shift,
  subjectOf,
  tooFewInWords,
  toldOf,
} from "./words";

const SCORES: Shift = {
  measure: "score",
  session_type: "workshop",
  type: null,
  words: "",
  before: 0.71,
  after: 0.58,
  count_before: 42,
  count_after: 15,
  p_value: 0.6,
  stability_index: 0.1,
  is_drift: false,
  weeks: [],
};
const CHAT: Shift = { ...SCORES, measure: "chat", session_type: "talk", before: 4.04, after: 5.26 };
const POLLS: Shift = {
  ...SCORES,
  measure: "success",
  session_type: null,
  type: "POLL",
  before: 0.62,
  after: 0.4,
};
const ALONE: Shift = { ...POLLS, measure: "left_alone", type: null };

const drift = (shifts: readonly Shift[], more: Partial<Drift> = {}): Drift => ({
  since: 0,
  parted_at: 1,
  until: 2,
  sessions: 60,
  words: [],
  too_few: [],
  shifts: [...shifts],
  ...more,
});

describe("drift", () => {
  it("tells what moved, from where to where, in its own unit", () => {
    expect([SCORES, CHAT, POLLS, ALONE].map(movedInWords)).toEqual([
      "Scores of workshops fell from 71 % to 58 %.",
      "Chat in talks rose from 4.0 to 5.3 messages a minute and 100 people.",
      "Success of polls fell from 62 % to 40 %.",
      "Success of rooms left alone fell from 62 % to 40 %.",
    ]);
    expect(movedInWords({ ...SCORES, after: 0.712 })).toBe(
      "Scores of workshops: around 71 % as before, but spread differently.",
    );
    expect(subjectOf({ ...POLLS, type: null })).toBe("Success of interventions");
  });

  it("says that nothing has changed, of the kinds of sessions that were compared", () => {
    const rests = toldOf(drift([SCORES, CHAT, POLLS]), 2).map((each) => each.rest);
    expect(rests).toEqual([
      "Signals in workshops and talks: as before.",
      "Success of interventions: as before.",
    ]);
  });

  it("tells each change, and that all else is as before", () => {
    const [signals, success] = toldOf(drift([SCORES, CHAT, { ...POLLS, is_drift: true }, ALONE]), 2);
    expect(signals?.changes).toEqual([]);
    expect(success?.changes.map(subjectOf)).toEqual(["Success of polls"]);
    expect(success?.rest).toBe("All else about success: as before.");
    expect(toldOf(drift([{ ...SCORES, is_drift: true }]), 2)[0]?.rest).toBe("");
  });

  it("does not take what was not compared for what has not changed", () => {
    expect(toldOf(drift([SCORES]), 1)[1]?.rest).toBe(
      "Success of interventions: not known yet; it takes interventions in 8 sessions in the last week, and in as many of the three weeks before.",
    );
    expect(tooFewInWords(drift([SCORES], { too_few: ["talk", "panel"] }))).toBe(
      "There are too few talks and panels to compare.",
    );
    expect(tooFewInWords(drift([SCORES]))).toBeNull();
  });

  it("offers what to compare in few words", () => {
    expect([1, 2].map(lengthInWords)).toEqual(["1 week with the 3 before", "2 weeks with the 6 before"]);
  });

  it("writes chances as people read them", () => {
    expect([0.0001, 0.034, 0.6, 1.2].map(chanceInWords)).toEqual(["under 0.1 %", "3.4 %", "60 %", "100 %"]);
  });
});
