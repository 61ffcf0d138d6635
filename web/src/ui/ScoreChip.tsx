import { bandOf, percent } from "@/core/words";
import { classes } from "./classes";
import css from "./ScoreChip.module.css";
import tones from "./tones.module.css";

const SHAPES = { low: "▼", fair: "■", high: "▲", unknown: "–" } as const;
const WORDS = { low: "low", fair: "fair", high: "high" } as const;

interface Props {
  /** In [0, 1]; null where nothing was measured yet. */
  readonly score: number | null;
  /** Whether it is too early to judge, and so to colour. */
  readonly early?: boolean;
  readonly large?: boolean;
}

/** A score as 0 to 100 %, with a colour and, for those who do not see it, a shape. */
export function ScoreChip({ score, early = false, large }: Props) {
  const band = early ? "unknown" : bandOf(score);
  const word = band !== "unknown" ? WORDS[band] : score === null ? "not known yet" : "too early to judge";
  return (
    <span className={classes(css.chip, tones[band], large && css.large)}>
      {(score === null || band !== "unknown") && (
        <span aria-hidden="true" className={css.shape}>
          {SHAPES[band]}
        </span>
      )}
      {score === null ? "" : percent(score)}
      <span className="unseen">{word}</span>
    </span>
  );
}
