import { useMemo, useState } from "react";
import type { FeedEntry } from "@/core/feed";
import { type ScorePoint, WINDOW_S } from "@/core/session";
import { PLACES } from "@/core/tour";
import { Card } from "@/ui/Card";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { EmptyState, ErrorState } from "@/ui/States";
import { ToggleGroup } from "@/ui/ToggleGroup";
import { MarkList } from "./ChartMarks";
import { ScoreChart } from "./ScoreChart";
import css from "./ScoreChart.module.css";
import { joinedMarks, type Mark, marksOf, type Point, type Range } from "./layout";
import { useCurve, useOldMarks } from "./useCurve";

const VIEWS = [
  { value: "live", label: "5 min", title: "The last five minutes" },
  { value: "whole", label: "Whole session", title: "From its first score on" },
] as const;

/** A session that has just begun is shown over this time, and over ever more of it until the five minutes are full. */
const SHORTEST_S = 60;

/** As long as two scores lie apart. */
const EDGE_S = 5;

type View = (typeof VIEWS)[number]["value"];

interface Props {
  readonly sessionId: string;
  readonly scores: readonly ScorePoint[];
  readonly feed: readonly FeedEntry[];
  readonly isOpen: boolean;
}

export function ChartCard({ sessionId, scores, feed, isOpen }: Props) {
  const [chosen, setChosen] = useState<View | null>(null);
  // Of a session that was over before somebody came, only the whole can be seen.
  const view = chosen ?? (!isOpen && scores.length === 0 ? "whole" : "live");
  const curve = useCurve(sessionId, view === "whole");
  const whole = useMemo(() => joined(curve.data ?? [], scores), [curve.data, scores]);
  const points: readonly Point[] = view === "live" ? scores : whole;
  const old = useOldMarks(sessionId, view === "whole");
  const marks = useMemo(() => joinedMarks(old, marksOf(feed)), [old, feed]);
  const range = useMemo(() => rangeOf(points, marks, view), [points, marks, view]);
  return (
    <Card
      data-tour={PLACES.chart}
      title="Engagement score"
      aside={<ToggleGroup label="Time shown" value={view} options={VIEWS} onChange={setChosen} />}
    >
      {view === "whole" && curve.isPending && points.length === 0 ? (
        <Loading what="the whole session">
          <Skeleton height="18rem" />
        </Loading>
      ) : view === "whole" && curve.isError && curve.data === undefined ? (
        <ErrorState
          title="The whole session cannot be shown"
          message={curve.error.message}
          requestId={curve.error.requestId}
          onRetry={() => {
            void curve.refetch();
          }}
        />
      ) : points.length === 0 ? (
        <EmptyState title="No scores yet">
          <p>The first one is measured within seconds of the first signal.</p>
        </EmptyState>
      ) : (
        <ScoreChart points={points} marks={marks} range={range} />
      )}
      <Key />
      {marks.length > 0 && <AllMarks marks={marks} />}
    </Card>
  );
}

/** Everything in words. A long session has hundreds, so they are there only for whoever looks at them. */
function AllMarks({ marks }: { readonly marks: readonly Mark[] }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      className={css.all}
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open);
      }}
    >
      <summary>All that is marked, as a list ({marks.length})</summary>
      {isOpen && <MarkList marks={marks.toReversed()} />}
    </details>
  );
}

/** What is kept, and after it what was heard live since. */
function joined(kept: readonly Point[], live: readonly Point[]): readonly Point[] {
  const until = kept.at(-1)?.at ?? -Infinity;
  return [...kept, ...live.filter((each) => each.at > until)];
}

function rangeOf(points: readonly Point[], marks: readonly Mark[], view: View): Range {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  // What happened since the last score is at the edge, and in sight.
  const to = Math.max(last, ...marks.map((each) => Math.min(each.at, last + EDGE_S)));
  const from = view === "live" ? Math.max(to - WINDOW_S, Math.min(first, to - SHORTEST_S)) : first;
  return { from, to: Math.max(to, from + 1) };
}

function Key() {
  return (
    <p className={css.key}>
      <span>
        <i className={css.high} /> from 70 %
      </span>
      <span>
        <i className={css.fair} /> 50 to 70 %
      </span>
      <span>
        <i className={css.low} /> under 50 %
      </span>
      <span>▼ fall</span>
      <span>◆ decision</span>
      <span>● posted</span>
      <span>✓ ✕ outcome</span>
    </p>
  );
}
