import { describe, expect, test } from "vitest";
import type { ScorePart } from "@/core/model";
import type { ScorePoint } from "@/core/session";
import { apportioned, cardsOf, trendOf } from "./parts";

const part = (name: string, level: number, weight = 0.2): ScorePart => ({
  name,
  level,
  weight,
  contribution: level * weight,
});

const point = (at: number, level: number): ScorePoint => ({
  at,
  score: level,
  state: "HEALTHY",
  parts: [part("chat", level)],
});

describe("points of a score", () => {
  test("add up to the score as it is shown", () => {
    expect(apportioned([10.4, 10.4, 10.4, 10.4])).toEqual([11, 11, 10, 10]);
    expect(apportioned([33.3, 33.3, 33.4])).toEqual([33, 33, 34]);
    expect(apportioned([])).toEqual([]);
  });

  test("are told with how many there could be", () => {
    const [chat, polls] = cardsOf([part("chat", 0.5, 0.6), part("polls", 0.25, 0.4)], null, []);
    expect([chat?.points, chat?.pointsAtMost]).toEqual([30, 60]);
    expect([polls?.points, polls?.pointsAtMost]).toEqual([10, 40]);
    expect(chat?.figure).toBe("–");
  });
});

describe("a trend", () => {
  test("is of the last minute", () => {
    expect(trendOf("chat", [point(0, 0.9), point(40, 0.3), point(100, 0.5)])).toBe("rising");
    expect(trendOf("chat", [point(60, 0.5), point(100, 0.3)])).toBe("falling");
  });

  test("is steady where little changed, and unknown of a single score", () => {
    expect(trendOf("chat", [point(60, 0.5), point(100, 0.52)])).toBe("steady");
    expect(trendOf("chat", [point(100, 0.5)])).toBe("unknown");
    expect(trendOf("polls", [point(60, 0.5), point(100, 0.9)])).toBe("unknown");
  });
});
