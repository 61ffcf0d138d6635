import { memo, type ReactNode } from "react";
import type { Analysis, Decision } from "@/core/model";
import { ANOMALY_WORDS, ARM_WORDS, percent } from "@/core/words";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import css from "./Explainer.module.css";
import { LEFT_ALONE } from "./feed/words";
import { MadeBy } from "./MadeBy";

interface Props {
  readonly decision: Decision;
}

/** Why this, here: what the agent knew when it decided. No score changes it. */
export const Explainer = memo(function Explainer({ decision }: Props) {
  const { past } = decision;
  return (
    <Card title="Why this" aside={<Standing past={past} />} className={css.card}>
      <p>{decision.reasoning}</p>
      {decision.heldOut && (
        <p className={css.soft}>
          {LEFT_ALONE} This comes by chance, to {percent(decision.holdoutShare)} of decisions; organisers set
          how many.
        </p>
      )}
      <dl className={css.facts}>
        <Fact name="Confidence">
          {percent(decision.confidence)}
          <small>that it succeeds here</small>
        </Fact>
        <Fact name="Worked before">
          {past.attempts === 0 ? "never tried" : percent(past.successRate)}
          <small>{past.attempts === 0 ? "in such rooms" : `of ${times(past.attempts)} in such rooms`}</small>
        </Fact>
        <Fact name="Chosen with probability">
          {percent(decision.propensity)}
          <small>{chosenAs(past)}</small>
        </Fact>
      </dl>
      <h3>Circumstances</h3>
      <ul className={css.chips} aria-label="Circumstances">
        {circumstances(decision).map((each) => (
          <li key={each}>
            <Badge>{each}</Badge>
          </li>
        ))}
      </ul>
      {decision.analysis !== null && <Advice analysis={decision.analysis} />}
    </Card>
  );
});

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Advice({ analysis }: { readonly analysis: Analysis }) {
  return (
    <section className={css.advice} aria-label="What a language model makes of the room">
      <header>
        <h3>Advice by AI</h3>
        <MadeBy by={analysis.generation} />
      </header>
      {analysis.topic !== "" && (
        <p>
          The session seems to be about <strong>{analysis.topic}</strong>.
        </p>
      )}
      {analysis.hypotheses.length > 0 && (
        <>
          <p>Why the room may be falling, likeliest first:</p>
          <ol>
            {analysis.hypotheses.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ol>
        </>
      )}
      <p>
        {analysis.suggested === null
          ? "It would do nothing."
          : `It would use: ${ARM_WORDS[analysis.suggested]}.`}
      </p>
      <p className={css.soft}>Written by a language model; it may be wrong, and decides nothing.</p>
    </section>
  );
}

/** Whether it was chosen for what is known, or to learn. */
function Standing({ past }: Pick<Decision, "past">) {
  if (past.isExploring) return <Badge tone="accent">Exploring</Badge>;
  return <Badge>{past.attempts === 0 ? "First try" : "Best known"}</Badge>;
}

function chosenAs({ isExploring, attempts }: Decision["past"]): string {
  if (isExploring) return attempts === 0 ? "to learn about it" : "to learn, though another is the best known";
  return attempts === 0 ? "nothing better is known yet" : "as the best known here";
}

function times(attempts: number): string {
  return attempts === 1 ? "1 time" : `${attempts} times`;
}

function circumstances({ context }: Decision): readonly string[] {
  const anomaly = context.anomalyType;
  return [
    isAnomaly(anomaly) ? ANOMALY_WORDS[anomaly] : anomaly,
    context.phase === "qa" ? "Q&A" : context.phase,
    context.sessionType,
    context.sizeBucket && `${context.sizeBucket} audience`,
    context.engagementBucket && `${context.engagementBucket} engagement`,
  ].filter((each) => each !== "");
}

function isAnomaly(name: string): name is keyof typeof ANOMALY_WORDS {
  return name in ANOMALY_WORDS;
}
