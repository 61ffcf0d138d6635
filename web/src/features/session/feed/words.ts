/** The feed's entries in words. */
import type { AnomalyEntry, BudgetEntry, DecisionEntry, FeedEntry, OutageEntry } from "@/core/feed";
import { timeOfDay } from "@/core/times";
import { ANOMALY_WORDS, answerInWords, ARM_WORDS, OUTAGE_WORDS, percent, signedPercent } from "@/core/words";
import type { Tone } from "@/ui/Badge";
import { cost } from "../made";
import { holdInWords, sentence } from "../waiting";

export interface FeedWords {
  readonly title: string;
  /** Sentences below the title. */
  readonly lines: readonly string[];
  readonly badge: readonly [Tone, string] | null;
  readonly glyph: string;
  readonly tone: Tone;
}

export function entryInWords(entry: FeedEntry): FeedWords {
  switch (entry.kind) {
    case "opened":
      return { title: "The session began", lines: [], badge: null, glyph: "▶", tone: "neutral" };
    case "closed":
      return { title: "The session ended", lines: [], badge: null, glyph: "■", tone: "neutral" };
    case "hold":
      return {
        title: "The agent holds",
        lines: [holdInWords(entry)],
        badge: null,
        glyph: "∥",
        tone: "neutral",
      };
    case "budget":
      return budgetInWords(entry);
    case "outage":
      return outageInWords(entry);
    case "anomaly":
      return anomalyInWords(entry);
    case "decision":
      return decisionInWords(entry);
  }
}

function budgetInWords({ window, spentUsd, limitUsd }: BudgetEntry): FeedWords {
  const spent = `${cost(spentUsd)} of ${cost(limitUsd)} spent within the ${window}. Beyond it, templates are used.`;
  return {
    title: "The budget for models is nearly spent",
    lines: [spent],
    badge: null,
    glyph: "$",
    tone: "fair",
  };
}

function outageInWords({ outage, until }: OutageEntry): FeedWords {
  const { gone, means, back } = OUTAGE_WORDS[outage.component];
  const line = until === null ? means : `${back} since ${timeOfDay(until)}.`;
  return { title: gone, lines: [line], badge: null, glyph: "!", tone: until === null ? "fair" : "neutral" };
}

function anomalyInWords({ anomaly, clearedAt, becameNormal }: AnomalyEntry): FeedWords {
  const { type, severity, current, expected, evidence } = anomaly;
  const isCritical = severity === "CRITICAL";
  const seen = `${percent(current)} where ${percent(expected)} is usual; ${percent(evidence)} sure.`;
  const over = becameNormal ? "It has become what is normal here." : "The room has recovered since.";
  return {
    title: ANOMALY_WORDS[type],
    lines: clearedAt === null ? [seen] : [seen, over],
    badge: isCritical ? ["low", "Critical"] : ["fair", "Warning"],
    glyph: isCritical ? "▼" : "▽",
    tone: isCritical ? "low" : "fair",
  };
}

function decisionInWords(entry: DecisionEntry): FeedWords {
  const { decision, fate, outcome } = entry;
  const arm = ARM_WORDS[decision.arm];
  const glyph = outcome === null ? (fate === "EXECUTED" ? "●" : "◆") : outcome.success ? "✓" : "✕";
  const tone = outcome === null ? "accent" : outcome.success ? "high" : "fair";
  const lines = linesOf(entry);
  if (decision.heldOut) {
    return {
      title: `${arm} held back`,
      lines,
      badge: ["neutral", "Left alone"],
      glyph: "◇",
      tone: "neutral",
    };
  }
  if (fate === "LAPSED") {
    return { title: `${arm} not done`, lines, badge: ["neutral", "Not done"], glyph: "◇", tone: "neutral" };
  }
  if (fate === "EXECUTED") {
    const badge = outcome === null ? null : outcomeBadge(outcome.success, outcome.delta);
    return { title: `${arm} posted`, lines, badge, glyph, tone };
  }
  const title = decision.autonomy === "ASK" ? `${arm} suggested` : `${arm} decided`;
  return { title, lines, badge: null, glyph, tone };
}

/** What is said of a fall that nothing is done about, on purpose. */
export const LEFT_ALONE = "Left alone to learn what happens anyway.";

function outcomeBadge(success: boolean, delta: number): readonly [Tone, string] {
  return [success ? "high" : "fair", signedPercent(delta)];
}

function linesOf({
  decision,
  answer,
  fate,
  why,
  intervention,
  outcome,
  unknownWhy,
}: DecisionEntry): readonly string[] {
  const by = decision.origin === "ORGANISER" ? "An organiser asked for it." : null;
  const alone = decision.heldOut ? LEFT_ALONE : null;
  const answered = answer === null ? null : sentence(answerInWords(answer));
  // Of what somebody dismissed the agent only says again that somebody did.
  const lapsed =
    fate === "LAPSED" && why !== "" && answer?.verdict !== "REJECTED" ? `${capital(why)}.` : null;
  const reached = intervention === null ? null : `${intervention.deliveredTo} people could see it.`;
  const became =
    outcome === null
      ? unknownWhy === ""
        ? null
        : `What became of it is not known: ${unknownWhy}.`
      : `From ${percent(outcome.before)} to ${percent(outcome.after)}${outcome.heldOut ? ", with nothing done" : ""}.`;
  return [by, alone, answered, lapsed, reached, became].filter((each) => each !== null);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
