import { Tooltip } from "@/ui/Tooltip";
import { classes } from "@/ui/classes";
import css from "./ScoreChart.module.css";
import type { Cluster, Mark, MarkKind } from "./layout";
import { timeOfDay } from "@/core/times";

const GLYPHS: Readonly<Record<MarkKind, string>> = {
  warning: "▽",
  critical: "▼",
  decision: "◆",
  intervention: "●",
  success: "✓",
  failure: "✕",
};

interface Props {
  readonly clusters: readonly Cluster[];
  readonly leftPx: number;
}

/** What is marked on the chart, as buttons over it: the keyboard reaches each, and its words. */
export function ChartMarks({ clusters, leftPx }: Props) {
  return (
    <ol className={css.marks} aria-label="Marked on the chart" style={{ left: leftPx }}>
      {clusters.map((cluster) => (
        <li key={cluster.marks[0]?.id} style={{ left: cluster.x }}>
          <Tooltip text={<MarkList marks={cluster.marks} isPlain />}>
            <button type="button" className={classes(css.mark, css[cluster.kind])}>
              <span className="unseen">{cluster.marks.map(inWords).join("; ")}</span>
              <span aria-hidden="true">{GLYPHS[cluster.kind]}</span>
              {cluster.marks.length > 1 && <sup aria-hidden="true">{cluster.marks.length}</sup>}
            </button>
          </Tooltip>
        </li>
      ))}
    </ol>
  );
}

interface ListProps {
  readonly marks: readonly Mark[];
  /** On a ground on which the colours would not stand out. */
  readonly isPlain?: boolean;
}

export function MarkList({ marks, isPlain = false }: ListProps) {
  return (
    <ul className={css.list}>
      {marks.map((each) => (
        <li key={`${each.id} ${each.kind}`}>
          <span className={isPlain ? undefined : css[each.kind]} aria-hidden="true">
            {GLYPHS[each.kind]}
          </span>
          <span>{inWords(each)}</span>
        </li>
      ))}
    </ul>
  );
}

function inWords({ at, text }: Mark): string {
  return `${timeOfDay(at)} ${text}`;
}
