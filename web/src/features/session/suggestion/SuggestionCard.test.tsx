// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Decision } from "@/core/model";
import { SuggestionCard } from "./SuggestionCard";

afterEach(cleanup);

const NOW = Date.now() / 1000;

const ASKED: Decision = {
  id: "d1",
  anomalyId: "a1",
  at: NOW,
  arm: "POLL",
  confidence: 0.62,
  reasoning: "The chat fell silent.",
  context: { anomalyType: "", phase: "", sessionType: "", sizeBucket: "", engagementBucket: "" },
  past: { successRate: 0.5, attempts: 4, isExploring: false },
  autonomy: "ASK",
  heldOut: false,
  holdoutShare: 0,
  origin: "AGENT",
  propensity: 0.5,
  scoreBefore: 0.41,
  content: {
    arm: "POLL",
    question: "What now?",
    options: ["Costs", "Scale"],
    timing: "IMMEDIATE",
    displayDurationS: 60,
    showResults: true,
  },
  generation: { method: "SONNET", model: "a-sonnet", latencyMs: 1240, costUsd: 0.0031 },
  expiresAt: NOW + 60,
  analysis: null,
};

function show(decision: Decision, client = new QueryClient()) {
  return render(
    <QueryClientProvider client={client}>
      <SuggestionCard sessionId="s1" decision={decision} score={0.45} label="AI assistant" />
    </QueryClientProvider>,
  );
}

const isDisabled = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name }).disabled;

test("a poll is shown as the room will see it, with who worded it", () => {
  show(ASKED);
  expect(screen.getByText("What now?")).toBeTruthy();
  expect(screen.getAllByRole("listitem").map((each) => each.textContent)).toEqual(["Costs", "Scale"]);
  expect(screen.getByText("AI assistant")).toBeTruthy();
  expect(screen.getByTitle(/a-sonnet/).textContent).toBe("✦AI · Sonnet · 1.2 s · $0.0031");
});

test("while it is being written it can be approved and dismissed, and not edited", () => {
  show({ ...ASKED, content: null, generation: null });
  expect(screen.getByText(/being written/)).toBeTruthy();
  expect(["Approve", "Edit", "Dismiss"].map(isDisabled)).toEqual([false, true, false]);
});

test("when the time is over nothing can be answered any more", () => {
  show({ ...ASKED, at: NOW - 90, expiresAt: NOW - 30 });
  expect(screen.getByRole("timer").textContent).toBe("Time is over");
  expect(["Approve", "Edit", "Dismiss"].map(isDisabled)).toEqual([true, true, true]);
});

test("what is wrong with an edit is said at its field, which gets the focus, and nothing is sent", () => {
  show(ASKED);
  fireEvent.click(screen.getByRole("button", { name: "Edit" }));
  const option = screen.getByLabelText("Option 2");
  fireEvent.change(option, { target: { value: "Costs" } });
  fireEvent.click(screen.getByRole("button", { name: "Launch as edited" }));
  expect(option.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("The same as another option.")).toBeTruthy();
  expect(document.activeElement).toBe(option);
});

test("a nudge shows what is filled in person by person", () => {
  const content = {
    arm: "NUDGE",
    message: "Hello {{name}}, a poll is open.",
    callToAction: "Vote",
    segment: "LURKERS",
    expiresAfterS: 300,
  } as const;
  show({ ...ASKED, arm: "NUDGE", content });
  expect(screen.getByText("their name").tagName).toBe("MARK");
  expect(screen.getByText("Vote")).toBeTruthy();
});

test("questions for the speaker are shown in their words, best first", () => {
  const content = {
    arm: "QNA_PROMOTE",
    strategy: "SURFACE_BEST",
    questionIds: ["q2", "q1"],
    message: "",
  } as const;
  const client = new QueryClient();
  client.setQueryData(["questions", "s1", "q2", "q1"], new Map([["q2", "And in Kelvin?"]]));
  show({ ...ASKED, arm: "QNA_PROMOTE", content }, client);
  expect(screen.getByText(/2 best open questions/)).toBeTruthy();
  expect(screen.getAllByRole("listitem").map((each) => each.textContent)).toEqual([
    "And in Kelvin?",
    "Its words are not known here.",
  ]);
});
