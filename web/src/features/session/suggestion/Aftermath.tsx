import { memo } from "react";
import { useNow } from "@/api/sessions";
import type { DecisionEntry } from "@/core/feed";
import { ago, answerInWords, ARM_WORDS, percent, signedPercent } from "@/core/words";
import { Badge, type Tone } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/States";
import { classes } from "@/ui/classes";
import { LEFT_ALONE } from "../feed/words";
import { MadeBy } from "../MadeBy";
import { sentence } from "../waiting";
import { Preview } from "./Preview";
import css from "./SuggestionCard.module.css";

interface Props {
  readonly sessionId: string;
  /** The newest decision; null where there was none. */
  readonly entry: DecisionEntry | null;
  readonly label: string;
  readonly isOpen: boolean;
}

/** Nothing is asked: what became of the last decision. No score changes it. */
export const Aftermath = memo(function Aftermath({ sessionId, entry, label, isOpen }: Props) {
  const now = useNow(5_000);
  if (entry === null) {
    return (
      <Card title="Suggestion">
        <EmptyState title={isOpen ? "Nothing to decide" : "Nothing was decided"}>
          <p>
            {isOpen
              ? "When the room falls, what the agent suggests stands here."
              : "The agent saw no reason to do anything in this session."}
          </p>
        </EmptyState>
      </Card>
    );
  }
  const { decision, intervention } = entry;
  const content = intervention?.content ?? decision.content;
  const [tone, word] = fateOf(entry);
  return (
    <Card
      title={`Last: ${ARM_WORDS[decision.arm]}`}
      aside={<Badge tone={tone}>{word}</Badge>}
      className={css.aftermath}
    >
      <p className={css.soft}>{fateInWords(entry, now)}</p>
      {entry.outcome !== null && (
        <p className={css.result}>
          <span className={classes(css.big, entry.outcome.success ? css.gain : css.loss)}>
            {signedPercent(entry.outcome.delta)}
          </span>
          <span>
            from {percent(entry.outcome.before)} to {percent(entry.outcome.after)}
          </span>
        </p>
      )}
      {entry.outcome !== null && (
        <p className={css.soft}>
          Without votes in its own poll and what it posted itself. Whether rooms recover without help as
          often, Learning says.
        </p>
      )}
      {content !== null &&
        (entry.fate === "LAPSED" ? (
          <details>
            <summary className={css.soft}>What it would have shown</summary>
            <Preview sessionId={sessionId} content={content} label={label} />
          </details>
        ) : (
          <Preview sessionId={sessionId} content={content} label={label} />
        ))}
      <MadeBy by={intervention?.generation ?? decision.generation} />
    </Card>
  );
});

function fateOf({ decision, answer, fate, outcome, unknownWhy }: DecisionEntry): readonly [Tone, string] {
  if (decision.heldOut) return ["neutral", "Left alone"];
  if (fate === "LAPSED" || answer?.verdict === "REJECTED") return ["neutral", "Not done"];
  if (fate === "WAITING") return ["accent", "Under way"];
  if (outcome !== null) return outcome.success ? ["high", "Recovered"] : ["fair", "No gain"];
  return unknownWhy === "" ? ["accent", "Posted"] : ["neutral", "Outcome unknown"];
}

function fateInWords(entry: DecisionEntry, now: number): string {
  const { answer, fate, fateAt, why, intervention, outcome, unknownWhy } = entry;
  const when = ago(fateAt ?? entry.at, now);
  if (entry.decision.heldOut) return `${LEFT_ALONE} Decided ${when}.`;
  if (answer?.verdict === "REJECTED") return sentence(answerInWords(answer));
  if (fate === "LAPSED") return `Not done ${when}: ${why}.`;
  const { autonomy, expiresAt } = entry.decision;
  if (fate === "WAITING" && answer === null && autonomy === "ASK" && expiresAt !== null && now >= expiresAt) {
    return "The time to answer is over.";
  }
  const approved = answer === null ? "" : sentence(answerInWords(answer));
  if (approved !== "" && fate === "WAITING") return `${approved} It waits for the right moment.`;
  if (fate === "WAITING" || intervention === null) return `Decided ${when}; it waits for the right moment.`;
  const posted = `${approved} Posted ${when}; ${intervention.deliveredTo} people could see it.`.trimStart();
  if (outcome !== null) return posted;
  return unknownWhy === ""
    ? `${posted} What became of it is being measured.`
    : `${posted} What became of it is not known: ${unknownWhy}.`;
}
