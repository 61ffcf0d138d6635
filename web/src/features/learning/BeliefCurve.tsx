import { attemptsOf, type Belief, densityOf, intervalOf, meanOf } from "@/core/beta";
import type { Arm } from "@/core/model";
import { ARM_WORDS, percent } from "@/core/words";
import css from "./LearningPage.module.css";

const [WIDTH, HEIGHT, FOOT, TOP] = [240, 116, 18, 6];
const PLACES = 160;

/** A hill of this height fills the picture; those of few attempts stay lower, so that four can be compared. */
const LEAST_TOP = 4;

const x = (share: number) => share * WIDTH;

interface Props {
  readonly arm: Arm;
  readonly belief: Belief;
}

export function BeliefCurve({ arm, belief }: Props) {
  const attempts = attemptsOf(belief);
  const isKnown = attempts > 0;
  const [low, high] = intervalOf(belief);
  const points = densityOf(belief, PLACES);
  const top = Math.max(LEAST_TOP, ...points.map((each) => each.y));
  const y = (density: number) => HEIGHT - FOOT - (density / top) * (HEIGHT - FOOT - TOP);
  const line = (some: typeof points) =>
    some.map((each) => `${x(each.x).toFixed(1)},${y(each.y).toFixed(1)}`).join(" ");
  const inside = points.filter((each) => each.x >= low && each.x <= high);
  const ground = HEIGHT - FOOT;
  const words = isKnown
    ? `${percent(meanOf(belief))}, with 95 % between ${percent(low)} and ${percent(high)}`
    : "not tried yet";
  return (
    <li className={css.curve}>
      <h3>{ARM_WORDS[arm]}</h3>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${ARM_WORDS[arm]} succeeds: ${words}`}>
        {isKnown && inside.length > 0 && (
          <polygon
            className={css.inside}
            points={`${x(low).toFixed(1)},${ground} ${line(inside)} ${x(high).toFixed(1)},${ground}`}
          />
        )}
        <polyline className={isKnown ? css.hill : css.flat} points={line(points)} />
        {isKnown && (
          <line className={css.mean} x1={x(meanOf(belief))} x2={x(meanOf(belief))} y1={TOP} y2={ground} />
        )}
        <line className={css.ground} x1={0} x2={WIDTH} y1={ground} y2={ground} />
        {[0, 0.5, 1].map((each) => (
          <text
            key={each}
            className={css.tick}
            x={x(each)}
            y={HEIGHT - 4}
            textAnchor={each === 0 ? "start" : each === 1 ? "end" : "middle"}
          >
            {percent(each)}
          </text>
        ))}
      </svg>
      <p className={css.believed}>
        {isKnown ? (
          <>
            <strong>{percent(meanOf(belief))}</strong>
            <span>
              between {percent(low)} and {percent(high)}
            </span>
            <span>{tried(attempts)}</span>
          </>
        ) : (
          <span>not tried yet</span>
        )}
      </p>
    </li>
  );
}

/** Attempts have parts where old ones weigh less. */
function tried(attempts: number): string {
  const rounded = attempts < 10 ? Math.round(attempts * 10) / 10 : Math.round(attempts);
  return rounded === 1 ? "from 1 attempt" : `from ${rounded} attempts`;
}
