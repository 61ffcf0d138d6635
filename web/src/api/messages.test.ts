import { expect, test } from "vitest";
import { Misfit } from "./fields";
import { readEvent, readSnapshot } from "./messages";

const about = { session_id: "s1", event_id: "e1", timestamp: "2026-05-01T09:00:00.500Z" };

test("a message becomes an event with times in seconds", () => {
  const data = { window: "hour", spent_usd: 1.5, limit_usd: 2 };
  expect(readEvent({ ...about, type: "agent.budget", data })).toEqual({
    type: "agent.budget",
    sessionId: "s1",
    eventId: "e1",
    at: Date.parse(about.timestamp) / 1000,
    window: "hour",
    spentUsd: 1.5,
    limitUsd: 2,
  });
});

test("a type of a newer service is passed over, and what does not fit is refused", () => {
  expect(readEvent({ ...about, type: "agent.sings", data: {} })).toBeNull();
  expect(() =>
    readEvent({ ...about, type: "agent.status", data: { status: "SLEEPING", mode: "AUTO" } }),
  ).toThrow(Misfit);
});

test("one misfit does not hide the rest of a snapshot", () => {
  const fine = { ...about, type: "session.closed", data: {} };
  const snapshot = readSnapshot({
    ...about,
    event_id: null,
    is_open: false,
    profile: null,
    status: "IDLE",
    degraded: [{ component: "model", since: about.timestamp }, { component: "coffee" }],
    updates: [{ ...about, type: "engagement.update", data: {} }, 7],
    history: [fine],
    pending: null,
  });
  expect(snapshot.outages).toEqual([{ component: "model", since: Date.parse(about.timestamp) / 1000 }]);
  expect(snapshot.updates).toEqual([]);
  expect(snapshot.history).toMatchObject([{ type: "session.closed" }]);
});

test("an answer to a question says who gave it, by their id where no name is known", () => {
  const data = {
    decision_id: "d1",
    verdict: "REJECTED",
    by: "olga",
    name: "",
    reason: "Not now",
    at: about.timestamp,
  };
  expect(readEvent({ ...about, type: "agent.decision.answered", data })).toMatchObject({
    answer: { decisionId: "d1", verdict: "REJECTED", by: "olga", name: "", reason: "Not now" },
  });
  expect(() =>
    readEvent({ ...about, type: "agent.decision.answered", data: { ...data, verdict: "LAPSED" } }),
  ).toThrow(Misfit);
});

test("a message of an outage says what is gone, since when, and until when", () => {
  const data = { component: "database", since: "2026-05-01T08:58:00.000Z", until: null };
  const outage = { component: "database", since: Date.parse(data.since) / 1000 };
  const read = (until: string | null) =>
    readEvent({ ...about, type: "agent.degraded", data: { ...data, until } });
  expect(read(null)).toMatchObject({ outage, until: null });
  expect(read(about.timestamp)).toMatchObject({ outage, until: Date.parse(about.timestamp) / 1000 });
});
