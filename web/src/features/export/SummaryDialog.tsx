import { useQuery } from "@tanstack/react-query";
import { nameOf } from "@/core/sessions";
import { ARM_WORDS, clockTime, METHOD_WORDS } from "@/core/words";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ScoreChip } from "@/ui/ScoreChip";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { ErrorState } from "@/ui/States";
import css from "./Summary.module.css";
import { type Done, fallsText, outcomeText, type Summary } from "./text";
import { clockOf, summaryOf } from "./useSummary";

interface Props {
  readonly sessionId: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCopy: () => void;
}

export function SummaryDialog({ sessionId, open, onOpenChange, onCopy }: Props) {
  const { data, error, refetch } = useQuery({ ...summaryOf(sessionId), enabled: open });
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="How it went">
      {data !== undefined ? (
        <>
          <Contents summary={data} />
          <div className={css.actions}>
            <Button look="primary" onClick={onCopy}>
              Copy as text
            </Button>
          </div>
        </>
      ) : error !== null ? (
        <ErrorState
          title="There is no summary right now"
          message={error.message}
          requestId={error.requestId}
          onRetry={() => {
            void refetch();
          }}
        />
      ) : (
        <Loading what="the summary">
          <Skeleton height="14rem" />
        </Loading>
      )}
    </Dialog>
  );
}

function Contents({ summary }: { readonly summary: Summary }) {
  const { score, interventions } = summary;
  return (
    <div className={css.summary}>
      <p>
        <strong>{nameOf({ title: summary.title, sessionId: summary.session_id })}</strong>
        <span className={css.soft}>
          {summary.opened_at != null && `from ${clockOf(summary.opened_at)}, `}watched for{" "}
          {clockTime(summary.scored_s)}
        </span>
      </p>
      <dl className={css.figures}>
        <Score term="On average" score={score?.average ?? null} />
        <Score term="Highest" score={score?.peak ?? null} at={score?.peak_at} />
        <Score term="Lowest" score={score?.low ?? null} at={score?.low_at} />
        <div>
          <dt>Under 50 %</dt>
          <dd>{clockTime(summary.under_half_s)}</dd>
        </div>
        <div>
          <dt>Falls</dt>
          <dd>{fallsText(summary)}</dd>
        </div>
      </dl>
      <h3>
        Interventions
        {interventions.length > 0 && ` (${summary.successes} of ${summary.measured} measured a success)`}
      </h3>
      {interventions.length === 0 ? (
        <p className={css.soft}>None.</p>
      ) : (
        <ul className={css.list}>
          {interventions.map((each) => (
            <Intervention key={each.intervention_id} done={each} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface ScoreProps {
  readonly term: string;
  readonly score: number | null;
  readonly at?: number | undefined;
}

function Score({ term, score, at }: ScoreProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <ScoreChip score={score} />
        {at !== undefined && <span className={css.soft}> {clockOf(at)}</span>}
      </dd>
    </div>
  );
}

function Intervention({ done }: { readonly done: Done }) {
  const tone = done.outcome == null ? "neutral" : done.outcome.success ? "high" : "low";
  return (
    <li>
      <span className={css.soft}>{clockOf(done.at)}</span>
      <span>
        <strong>{ARM_WORDS[done.type]}</strong>{" "}
        <span className={css.soft}>
          {METHOD_WORDS[done.method]}, seen by {done.delivered_to}
        </span>
      </span>
      <Badge tone={tone}>{outcomeText(done)}</Badge>
    </li>
  );
}
