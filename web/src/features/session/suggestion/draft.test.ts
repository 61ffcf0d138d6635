import { describe, expect, test } from "vitest";
import type { Content, PollContent } from "@/core/model";
import { contentOf, draftOf, faultsOf, fieldOf } from "./draft";

const POLL: PollContent = {
  arm: "POLL",
  question: "What now?",
  options: ["Costs", "Scale", "Safety"],
  timing: "IMMEDIATE",
  displayDurationS: 60,
  showResults: true,
};

const CONTENTS: readonly Content[] = [
  POLL,
  { arm: "CHAT_PROMPT", message: "What would you try?", pinned: true, highlighted: false, targetUsers: [] },
  {
    arm: "NUDGE",
    message: "Hello {{name}}",
    callToAction: "Join in",
    segment: "LURKERS",
    expiresAfterS: 300,
  },
  { arm: "QNA_PROMOTE", strategy: "SURFACE_BEST", questionIds: ["q-4"], message: "" },
];

describe("a draft", () => {
  test.each(CONTENTS)(
    "of $arm that nobody changed is the same content again, and has no faults",
    (content) => {
      expect(faultsOf(draftOf(content))).toEqual({});
      expect(contentOf(draftOf(content))).toEqual(content);
    },
  );

  test("loses the blanks around its texts", () => {
    const draft = draftOf({ ...POLL, question: "  What now? ", options: ["Costs ", " Scale", "Safety"] });
    expect(contentOf(draft)).toEqual(POLL);
  });

  test("needs a question and two options that differ", () => {
    expect(Object.keys(faultsOf(draftOf({ ...POLL, question: " " })))).toEqual(["question"]);
    expect(Object.keys(faultsOf(draftOf({ ...POLL, options: ["One"] })))).toEqual(["options"]);
    expect(faultsOf(draftOf({ ...POLL, options: ["One", "One "] }))).toEqual({
      "options.1": "The same as another option.",
    });
  });

  test("says by how much a text is too long", () => {
    expect(faultsOf(draftOf({ ...POLL, question: "x".repeat(203) })).question).toBe(
      "3 characters too long: 200 at most.",
    );
  });

  test.each(["", "0", "3601", "soon"])("does not stand for '%s' seconds", (seconds) => {
    const draft = { ...draftOf(POLL), seconds } as ReturnType<typeof draftOf>;
    expect(Object.keys(faultsOf(draft))).toEqual(["seconds"]);
  });

  test("of a question that is asked for needs words; of questions that are there it does not", () => {
    const asked: Content = { arm: "QNA_PROMOTE", strategy: "REQUEST_NEW", questionIds: [], message: "" };
    expect(Object.keys(faultsOf(draftOf(asked)))).toEqual(["message"]);
  });
});

test.each([
  ["body.content.PollBody.options.0", "options.0"],
  ["body.content.options", "options"],
  ["body.content.PollBody.display_duration_s", "seconds"],
  ["body.content.NudgeBody.call_to_action", "callToAction"],
  ["body.content.PromptBody.message", "message"],
])("what the service finds at %s belongs to the field %s", (where, field) => {
  expect(fieldOf(where)).toBe(field);
});
