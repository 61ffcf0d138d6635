/** How a session went, as text for the clipboard: notes, a mail, a chat. */
import type { Schemas } from "@/api/client";
import { nameOf } from "@/core/sessions";
import { ARM_WORDS, clockTime, METHOD_WORDS, percent, signedPercent } from "@/core/words";

export type Summary = Schemas["SummaryAnswer"];
export type Done = Summary["interventions"][number];

/** Writes a moment (epoch seconds) as the reader's own clock shows it. */
export type Clock = (at: number) => string;

export function summaryText(summary: Summary, clock: Clock): string {
  const { score, interventions } = summary;
  const lines = [
    nameOf({ title: summary.title, sessionId: summary.session_id }),
    [summary.opened_at != null && clock(summary.opened_at), `watched for ${clockTime(summary.scored_s)}`]
      .filter(Boolean)
      .join(", "),
    "",
  ];
  if (score == null) lines.push("Engagement score: none was measured");
  else {
    lines.push(
      `Engagement score: ${percent(score.average)} on average`,
      `  highest ${percent(score.peak)} (${clock(score.peak_at)}), lowest ${percent(score.low)} (${clock(score.low_at)}), last ${percent(score.last)}`,
      `  under 50 % for ${clockTime(summary.under_half_s)}`,
    );
  }
  lines.push(`Falls: ${fallsText(summary)}`, "", interventionsHead(summary));
  lines.push(...interventions.map((each) => `  ${clock(each.at)}  ${doneText(each)}`));
  return `${lines.join("\n").trimEnd()}\n`;
}

export function fallsText({ anomalies }: Pick<Summary, "anomalies">): string {
  const [critical, warnings] = [anomalies.CRITICAL ?? 0, anomalies.WARNING ?? 0];
  const counted = [
    critical > 0 && `${critical} critical`,
    warnings > 0 && `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
  ].filter(Boolean);
  return counted.length === 0 ? "none" : counted.join(", ");
}

function interventionsHead({ interventions, measured, successes }: Summary): string {
  if (interventions.length === 0) return "Interventions: none";
  return `Interventions: ${interventions.length}; measured ${measured}, of these a success ${successes}`;
}

function doneText(done: Done): string {
  const who = `${ARM_WORDS[done.type]} (${METHOD_WORDS[done.method]}), seen by ${done.delivered_to}`;
  return `${who}: ${outcomeText(done)}`;
}

export function outcomeText({ outcome }: Done): string {
  if (outcome == null) return "outcome not measured";
  const change = `${percent(outcome.before)} → ${percent(outcome.after)} (${signedPercent(outcome.delta)})`;
  return `${change}, ${outcome.success ? "a success" : "no success"}`;
}

/** A name for a file that every system takes: "building-with-models-interventions.csv". */
export function fileName(title: string, ending: "csv" | "json"): string {
  const plain = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .slice(0, 60)
    .replace(/^-|-$/g, "");
  return `${plain === "" ? "session" : plain}-interventions.${ending}`;
}
