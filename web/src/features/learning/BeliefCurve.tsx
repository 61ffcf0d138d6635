import { attemptsOf, type Belief, densityOf, intervalOf, meanOf } from "@/core/beta";
import { percent } from "@/core/words";
import { Axis } from "./Axis";
import css from "./Curves.module.css";

const [WIDTH, GROUND, TOP] = [240, 98, 6];
const HEIGHT = GROUND + 1;
const PLACES = 160;

const x = (share: number) => share * WIDTH;

interface Props {
  /** What is done in the room. */
  readonly name: string;
  /** One of what was seen. */
  readonly seen: string;
  readonly belief: Belief;
  /** The density that fills the picture: one for all, so that they can be compared. */
  readonly top: number;
}

/** The highest that a belief's curve gets. */
export function peakOf(belief: Belief): number {
  return Math.max(...densityOf(belief, PLACES).map((each) => each.y));
}

export function BeliefCurve({ name, seen, belief, top }: Props) {
  const attempts = attemptsOf(belief);
  const isKnown = attempts > 0;
  const [low, high] = intervalOf(belief);
  const points = densityOf(belief, PLACES);
  const y = (density: number) => GROUND - (density / top) * (GROUND - TOP);
  const line = (some: typeof points) =>
    some.map((each) => `${x(each.x).toFixed(1)},${y(each.y).toFixed(1)}`).join(" ");
  const inside = points.filter((each) => each.x >= low && each.x <= high);
  const words = isKnown
    ? `${percent(meanOf(belief))}, with 95 % between ${percent(low)} and ${percent(high)}`
    : "not tried yet";
  return (
    <li className={css.curve}>
      <h3>{name}</h3>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${name} succeeds: ${words}`}>
        {isKnown && inside.length > 0 && (
          <polygon
            className={css.inside}
            points={`${x(low).toFixed(1)},${GROUND} ${line(inside)} ${x(high).toFixed(1)},${GROUND}`}
          />
        )}
        <polyline className={isKnown ? css.hill : css.flat} points={line(points)} />
        {isKnown && (
          <line className={css.mean} x1={x(meanOf(belief))} x2={x(meanOf(belief))} y1={TOP} y2={GROUND} />
        )}
        <line className={css.ground} x1={0} x2={WIDTH} y1={GROUND} y2={GROUND} />
      </svg>
      <Axis className={css.ticks} ticks={[0, 0.5, 1].map(percent)} />
      <p className={css.believed}>
        {isKnown ? (
          <>
            <strong>{percent(meanOf(belief))}</strong>
            <span>
              likely {Math.round(low * 100)} to {percent(high)}
            </span>
            <span>{tried(attempts, seen)}</span>
          </>
        ) : (
          <span>not tried yet</span>
        )}
      </p>
    </li>
  );
}

/** Attempts have parts where old ones weigh less. */
function tried(attempts: number, seen: string): string {
  const rounded = attempts < 10 ? Math.round(attempts * 10) / 10 : Math.round(attempts);
  return rounded === 1 ? `from 1 ${seen}` : `from ${rounded} ${seen}s`;
}
