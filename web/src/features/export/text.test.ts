import { expect, test } from "vitest";
import { fallsText, fileName, type Summary, summaryText } from "./text";

const SUMMARY: Summary = {
  session_id: "s1",
  event_id: "e1",
  title: "Scaling live events",
  opened_at: 0,
  last_score_at: 1800,
  scored_s: 1800,
  under_half_s: 95,
  score: { peak: 0.91, peak_at: 60, low: 0.3, low_at: 600, average: 0.68, last: 0.74 },
  anomalies: { WARNING: 1, CRITICAL: 2 },
  interventions: [
    {
      intervention_id: "i1",
      at: 610,
      type: "POLL",
      method: "TEMPLATE",
      delivered_to: 118,
      outcome: { success: true, before: 0.41, after: 0.66, delta: 0.25, measured_at: 730 },
    },
    { intervention_id: "i2", at: 1700, type: "NUDGE", method: "HAIKU", delivered_to: 3, outcome: null },
  ],
  measured: 1,
  successes: 1,
};

const clock = (at: number) => `${at}s`;

test("a session is summed up in plain words", () => {
  expect(summaryText(SUMMARY, clock)).toBe(
    [
      "Scaling live events",
      "0s, watched for 30:00",
      "",
      "Engagement score: 68 % on average",
      "  highest 91 % (60s), lowest 30 % (600s), last 74 %",
      "  under 50 % for 1:35",
      "Falls: 2 critical, 1 warning",
      "",
      "Interventions: 2; measured 1, of these a success 1",
      "  610s  Poll (Template), seen by 118: 41 % → 66 % (+25 points), a success",
      "  1700s  Nudge (Haiku), seen by 3: outcome not measured",
      "",
    ].join("\n"),
  );
});

test("of falls only those are told that there were", () => {
  expect(fallsText({ anomalies: { CRITICAL: 1, WARNING: 0 } })).toBe("1 critical");
  expect(fallsText({ anomalies: { WARNING: 2 } })).toBe("2 warnings");
});

test("a session without scores and interventions says so", () => {
  const empty = { ...SUMMARY, title: "", opened_at: null, score: null, anomalies: {}, interventions: [] };
  const text = summaryText(empty, clock);
  expect(text).toContain("s1\nwatched for 30:00");
  expect(text).toContain("none was measured");
  expect(text).toContain("Falls: none");
  expect(text).toContain("Interventions: none");
});

test.each([
  ["Scaling: live/events!", "scaling-live-events-interventions.csv"],
  ["Überblick", "uberblick-interventions.csv"],
  ["会議", "会議-interventions.csv"],
  ["…", "session-interventions.csv"],
])("a file of %j is called %j", (title, name) => {
  expect(fileName(title, "csv")).toBe(name);
});
