import { expect, test } from "vitest";
import type { Component, Outage } from "./model";
import { ENDED_SHOWN_S, foldOutages, justEnded, type Outages, together, UNHARMED } from "./outages";

function outage(component: Component, since: number): Outage {
  return { component, since };
}

function after(...messages: (readonly [Outage, until: number | null])[]): Outages {
  return messages.reduce((outages, [each, until]) => foldOutages(outages, each, until), UNHARMED);
}

const database = outage("database", 100);
const model = outage("model", 120);

test("what the agent does without lasts until it is said to be over", () => {
  expect(after([database, null], [model, null]).now).toEqual([database, model]);
  expect(after([database, null], [model, null], [database, 150]).now).toEqual([model]);
});

test("an outage that is told twice is shown once", () => {
  expect(after([database, null], [database, null]).now).toEqual([database]);
});

test("what is told late of an outage that is over does not begin it again", () => {
  expect(after([database, null], [database, 150], [database, null]).now).toEqual([]);
});

test("that one outage of a component is over says nothing of the next", () => {
  const next = outage("database", 200);
  expect(after([database, null], [next, null], [database, 150]).now).toEqual([next]);
});

test("it is said for a while that an outage is over", () => {
  const outages = after([database, null], [database, 150]);
  expect(justEnded(outages, 151)).toEqual({ ...database, until: 150 });
  expect(justEnded(outages, 151 + ENDED_SHOWN_S)).toBeNull();
});

test("it is not said to be over while it has begun again, nor of the bus, which tells all of it afterwards", () => {
  const bus = outage("bus", 100);
  expect(justEnded(after([database, 150], [outage("database", 152), null]), 153)).toBeNull();
  expect(justEnded(after([bus, null], [bus, 150]), 151)).toBeNull();
});

test("of several sessions each component is told once, gone since the first of them missed it", () => {
  const late = after([outage("database", 130), null], [model, null]);
  expect(together([late, after([database, null]), UNHARMED]).now).toEqual([database, model]);
  expect(together([after([database, 150]), after([model, 170]), late]).last).toEqual({
    ...model,
    until: 170,
  });
});
