import { describe, expect, test } from "vitest";
import type { Anomaly, SessionEvent } from "@/core/model";
import { emptySession, foldEvent, type SessionState } from "@/core/session";
import { waitsFor } from "./waiting";

const ABOUT = { sessionId: "s1", eventId: "e1", at: 100 };

const ANOMALY: Anomaly = {
  id: "a1",
  type: "SUDDEN_DROP",
  severity: "WARNING",
  evidence: 0.8,
  current: 0.55,
  expected: 0.8,
  deviation: -3,
};

const HELD: readonly SessionEvent[] = [
  { ...ABOUT, type: "session.opened", profile: null },
  { ...ABOUT, type: "anomaly.detected", anomaly: ANOMALY },
  {
    ...ABOUT,
    type: "agent.hold",
    hold: {
      anomalyId: "a1",
      reason: "SCORE_STILL_FINE",
      explanation: "the score is still fine",
      foreseen: "POLL",
    },
  },
];

function after(events: readonly SessionEvent[]): SessionState {
  return events.reduce(foldEvent, emptySession("s1"));
}

describe("what the agent waits for", () => {
  test("a hold says why, and what would be done", () => {
    expect(waitsFor(after(HELD), 100)).toBe(
      "The score is still fine. If the fall becomes critical, it will use: Poll.",
    );
  });

  test("a hold is over with its anomaly", () => {
    const cleared: SessionEvent = {
      ...ABOUT,
      type: "anomaly.cleared",
      anomalyId: "a1",
      becameNormal: false,
    };
    expect(waitsFor(after([...HELD, cleared]), 100)).toBe("It watches. Nothing is the matter.");
  });

  test("without signals it does nothing, and says so", () => {
    expect(waitsFor({ ...after(HELD), state: "SIGNAL_LOST" }, 100)).toContain(
      "does nothing until they are back",
    );
  });

  test("a session that is over leaves nothing to do", () => {
    expect(waitsFor({ ...after(HELD), isOpen: false }, 100)).toContain("is over");
  });
});
