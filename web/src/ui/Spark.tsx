import { bandOf, HIGH_FROM, LOW_BELOW, percent } from "@/core/words";
import css from "./Spark.module.css";

interface Props {
  /** Oldest first; scores in [0, 1]. */
  readonly points: readonly { readonly at: number; readonly score: number }[];
  /** How many seconds the width stands for. */
  readonly windowS: number;
  /** Whether it is too early to judge, and so to colour. */
  readonly early?: boolean;
}

const [WIDTH, HEIGHT, MARGIN] = [140, 36, 3];

/** A small line of the last minutes. */
export function Spark({ points, windowS, early = false }: Props) {
  const last = points.at(-1);
  const first = points[0];
  if (last === undefined || first === undefined || points.length < 2) {
    return <span className={css.empty}>no curve yet</span>;
  }
  const x = (at: number) => WIDTH - MARGIN - ((last.at - at) / windowS) * (WIDTH - 2 * MARGIN);
  const y = (score: number) => MARGIN + (1 - score) * (HEIGHT - 2 * MARGIN);
  const line = points.map((each) => `${x(each.at).toFixed(1)},${y(each.score).toFixed(1)}`).join(" ");
  const label = `Score of the last minutes: from ${percent(first.score)} to ${percent(last.score)}`;
  return (
    <svg className={css.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {[LOW_BELOW, HIGH_FROM].map((each) => (
        <line key={each} className={css.bound} x1={0} x2={WIDTH} y1={y(each)} y2={y(each)} />
      ))}
      <polyline className={css.line} points={line} />
      <circle
        className={css[early ? "unknown" : bandOf(last.score)]}
        cx={x(last.at)}
        cy={y(last.score)}
        r={MARGIN}
      />
    </svg>
  );
}
