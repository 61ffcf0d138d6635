import { useState } from "react";
import type { Schemas } from "@/api/client";
import { percent } from "@/core/words";
import { Card } from "@/ui/Card";
import { Hint } from "@/ui/Field";
import { EmptyState } from "@/ui/States";
import css from "./LearningPage.module.css";
import { Parted } from "./Parted";
import { PerformanceTable } from "./PerformanceTable";
import type { Scope } from "./scope";
import { usePerformance } from "./useLearning";
import { Where } from "./Where";

export function Performance({ eventId }: { readonly eventId: string }) {
  const [scope, setScope] = useState<Scope>("event");
  const performance = usePerformance(scope === "event" ? eventId : null);
  return (
    <Card title="What it did, and how rooms went on" aside={<Where scope={scope} onChange={setScope} />}>
      <Parted what="results" query={performance} height="12rem">
        {(data) =>
          data.attempts === 0 ? (
            <EmptyState title="Nothing was measured yet">
              <p>
                {scope === "event"
                  ? "The first figures come two minutes after the first intervention in this event."
                  : "The first figures come two minutes after the first intervention. Demos do not count here."}
              </p>
            </EmptyState>
          ) : (
            <Results data={data} />
          )
        }
      </Parted>
    </Card>
  );
}

/** Below that a share says little. */
const FEW = 10;

function Results({ data }: { readonly data: Schemas["PerformanceAnswer"] }) {
  return (
    <>
      <dl className={css.figures}>
        <Figure term="Interventions measured" value={String(data.attempts)} />
        <Figure term="Of these a success" value={String(data.successes)} />
        <Figure term="Success rate" value={data.success_rate == null ? "–" : percent(data.success_rate)} />
      </dl>
      {data.attempts < FEW && (
        <p className={css.note}>
          {data.attempts === 1 ? "This is one room" : `These are only ${data.attempts}`}: too few to conclude
          anything from.
        </p>
      )}
      <PerformanceTable rows={data.rows} />
      <Hint>
        Success alone shows no help: rooms also recover by themselves, and do so most after the worst moments.
        Whether the agent helps shows only beside rooms that were left alone.
      </Hint>
    </>
  );
}

function Figure({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
