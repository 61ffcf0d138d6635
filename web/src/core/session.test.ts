import { expect, test } from "vitest";
import type { Decision, SessionEvent } from "./model";
import { emptySession, foldEvent, fromSnapshot, pendingAt, SCORES_KEPT, type SessionState } from "./session";

const about = { sessionId: "s1", eventId: "e1" };
const signals = {
  chatPerMin: 0,
  questionsPerMin: 0,
  reactionsPerMin: 0,
  upvotesPerMin: 0,
  votesPerMin: 0,
  pollParticipation: 0,
  present: 10,
  active: 4,
  joinsPerMin: 0,
  leavesPerMin: 0,
  elapsedS: 60,
  phase: "middle",
};

function update(at: number, score: number): SessionEvent {
  return { ...about, at, type: "engagement.update", score, parts: [], signals, state: "HEALTHY" };
}

function decision(more: Partial<Decision> = {}): SessionEvent {
  return {
    ...about,
    at: 100,
    type: "agent.decision",
    decision: {
      id: "d1",
      anomalyId: "a1",
      at: 100,
      arm: "POLL",
      confidence: 0.7,
      reasoning: "",
      context: { anomalyType: "", phase: "", sessionType: "", sizeBucket: "", engagementBucket: "" },
      past: { successRate: 0.5, attempts: 2, isExploring: false },
      autonomy: "ASK",
      heldOut: false,
      holdoutShare: 0,
      origin: "AGENT",
      propensity: 0.4,
      scoreBefore: 0.4,
      content: null,
      generation: null,
      expiresAt: 200,
      analysis: null,
      ...more,
    },
  };
}

const analysis: SessionEvent = {
  ...about,
  at: 101,
  type: "agent.analysis",
  analysis: {
    decisionId: "d1",
    topic: "Scaling",
    hypotheses: ["Too long"],
    suggested: null,
    generation: null,
  },
};

const answered: SessionEvent = {
  ...about,
  at: 110,
  type: "agent.decision.answered",
  answer: { decisionId: "d1", verdict: "APPROVED", by: "ada", name: "Ada", reason: "" },
};

const executed: SessionEvent = {
  ...about,
  at: 120,
  type: "agent.intervention.executed",
  intervention: { id: "i1", decisionId: "d1", arm: "POLL", content: null, generation: null, deliveredTo: 9 },
};

const outcome: SessionEvent = {
  ...about,
  at: 240,
  type: "agent.outcome",
  outcome: {
    interventionId: "i1",
    decisionId: "",
    success: true,
    before: 0.4,
    after: 0.7,
    delta: 0.3,
    heldOut: false,
  },
};

function after(...events: SessionEvent[]): SessionState {
  return events.reduce(foldEvent, emptySession("s1"));
}

test("scores older than five minutes are let go, so that an hour takes no more memory than five minutes", () => {
  const hour = Array.from({ length: 3600 }, (_, at) => update(at, 0.5));
  const { scores } = after(...hour);
  expect(scores).toHaveLength(SCORES_KEPT);
  expect(scores[0]?.at).toBe(3300);
});

test("a score that was heard before or comes late changes nothing", () => {
  const state = after(update(10, 0.5), update(15, 0.6));
  expect(foldEvent(state, update(15, 0.1)).scores).toBe(state.scores);
  expect(foldEvent(state, update(12, 0.1)).score).toBe(0.6);
});

test("events of other sessions change nothing", () => {
  const state = after(update(10, 0.5));
  expect(foldEvent(state, { ...update(15, 0.9), sessionId: "s2" })).toBe(state);
});

test("a question waits until it runs out", () => {
  const state = after(update(99, 0.4), decision());
  expect(pendingAt(state, 199)?.id).toBe("d1");
  expect(pendingAt(state, 200)).toBeNull();
});

test("a question told again with its words keeps what was said about it", () => {
  const content = {
    arm: "CHAT_PROMPT",
    message: "What now?",
    pinned: true,
    highlighted: true,
    targetUsers: [],
  } as const;
  const state = after(update(99, 0.4), decision(), analysis, decision({ content }));
  expect(state.asked?.content).toEqual(content);
  expect(state.asked?.analysis?.topic).toBe("Scaling");
  expect(state.feed.filter((each) => each.kind === "decision")).toHaveLength(1);
});

test("a question that was approved, carried out or given up waits no more", () => {
  const asked = after(update(99, 0.4), decision());
  const lapsed: SessionEvent = {
    ...about,
    at: 150,
    type: "agent.decision.lapsed",
    decisionId: "d1",
    why: "No.",
  };
  expect(foldEvent(asked, decision({ autonomy: "ACT" })).asked).toBeNull();
  expect(foldEvent(asked, executed).asked).toBeNull();
  expect(foldEvent(asked, lapsed).asked).toBeNull();
});

test("a question that somebody answered waits for nobody else, and who it was stands in the feed", () => {
  const state = after(update(99, 0.4), decision(), answered, answered);
  expect(pendingAt(state, 111)).toBeNull();
  expect(state.feed).toMatchObject([{ kind: "decision", fate: "WAITING", answer: { name: "Ada" } }]);
  const done = [decision({ autonomy: "ACT" }), executed].reduce(foldEvent, state);
  expect(done.feed).toMatchObject([{ fate: "EXECUTED", answer: { verdict: "APPROVED", name: "Ada" } }]);
});

test("an answer to another question leaves this one open", () => {
  const asked = after(update(99, 0.4), decision({ id: "d2" }));
  expect(pendingAt(foldEvent(asked, answered), 111)?.id).toBe("d2");
});

test("the feed shows what became of each decision, and the chart where it was", () => {
  const { feed, markers } = after(decision(), executed, outcome);
  expect(feed).toMatchObject([{ kind: "decision", fate: "EXECUTED", outcome: { delta: 0.3 } }]);
  expect(markers).toEqual([{ kind: "intervention", id: "i1", at: 120, arm: "POLL", success: true }]);
});

test("a fall that becomes critical stays one happening", () => {
  const fall = (at: number, severity: "WARNING" | "CRITICAL"): SessionEvent => ({
    ...about,
    at,
    type: "anomaly.detected",
    anomaly: {
      id: "a1",
      type: "SUDDEN_DROP",
      severity,
      evidence: 0.7,
      current: 0.4,
      expected: 0.7,
      deviation: -3,
    },
  });
  const cleared: SessionEvent = {
    ...about,
    at: 90,
    type: "anomaly.cleared",
    anomalyId: "a1",
    becameNormal: false,
  };
  const state = after(fall(50, "WARNING"), fall(60, "CRITICAL"), cleared);
  expect(state.feed).toMatchObject([{ at: 50, anomaly: { severity: "CRITICAL" }, clearedAt: 90 }]);
  expect(state.markers).toMatchObject([{ at: 50, severity: "CRITICAL" }]);
  expect(state.anomaly).toBeNull();
});

test("a snapshot gives what the events before it gave", () => {
  const state = fromSnapshot({
    sessionId: "s1",
    at: 125,
    eventId: "e1",
    isOpen: true,
    profile: null,
    status: "LEARNING",
    mode: "AUTO",
    score: 0.6,
    state: "HEALTHY",
    pending: null,
    answer: null,
    outages: [],
    updates: [update(99, 0.4), update(104, 0.6)],
    history: [decision(), analysis, executed],
  });
  const told = after(update(99, 0.4), decision(), analysis, update(104, 0.6), executed);
  expect(state).toEqual({ ...told, isKnown: true, status: "LEARNING", mode: "AUTO" });
});

test("the end of a session takes away what waited", () => {
  const state = after(update(99, 0.4), decision(), { ...about, at: 130, type: "session.closed" });
  expect(state).toMatchObject({ isOpen: false, status: "IDLE", asked: null, anomaly: null });
});

test("what the agent does without stands in the feed once, with its end", () => {
  const outage = { component: "model", since: 100 } as const;
  const gone: SessionEvent = { ...about, at: 103, type: "agent.degraded", outage, until: null };
  const back: SessionEvent = { ...about, at: 160, type: "agent.degraded", outage, until: 158 };
  const state = after(gone, gone);
  expect(state.outages.now).toEqual([outage]);
  expect(state.feed).toMatchObject([{ kind: "outage", at: 100, until: null }]);
  const over = [back, gone].reduce(foldEvent, state);
  expect(over.outages).toEqual({ now: [], last: { ...outage, until: 158 } });
  expect(over.feed).toMatchObject([{ kind: "outage", at: 100, until: 158 }]);
});
