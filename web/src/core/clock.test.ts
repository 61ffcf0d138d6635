import { expect, test } from "vitest";
import { heard, KEPT, leadOf, type Leads } from "./clock";

function after(...messages: (readonly [at: number, heardAt: number])[]): number {
  return leadOf(messages.reduce<Leads>((leads, [at, heardAt]) => heard(leads, at, heardAt), []));
}

test("a clock that is five minutes fast or slow is known to be after one message", () => {
  expect(after([1000, 1300])).toBe(300);
  expect(after([1000, 700])).toBe(-300);
});

test("messages that took their time do not make a clock look faster than it is", () => {
  expect(after([1000, 1340], [1005, 1305], [1010, 1317])).toBe(300);
});

test("a clock that is about right is left alone", () => {
  expect(after()).toBe(0);
  expect(after([1000, 1000.4])).toBe(0);
  expect(after([1000, 999.2])).toBe(0);
});

test("a clock that was set right is believed after a while", () => {
  const slow = [1000, 700] as const;
  const right = Array.from({ length: KEPT }, (_, at) => [1005 + at * 5, 1005.1 + at * 5] as const);
  expect(after(slow, ...right.slice(1))).toBe(-300);
  expect(after(slow, ...right)).toBe(0);
});
