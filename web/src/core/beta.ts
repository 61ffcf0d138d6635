/** What is believed of a probability: the Beta distribution, as curves and intervals. */

export interface Belief {
  /** Above 0; successes plus one. */
  readonly alpha: number;
  /** Above 0; failures plus one. */
  readonly beta: number;
}

/** Nothing was seen yet: every probability is as likely as any other. */
export const UNKNOWN: Belief = { alpha: 1, beta: 1 };

/** What so many attempts say by themselves, where every probability was as likely before. */
export function beliefOf(successes: number, attempts: number): Belief {
  return { alpha: successes + 1, beta: attempts - successes + 1 };
}

/** What several circumstances say together, as if they were one. */
export function pooled(beliefs: readonly Belief[]): Belief {
  return beliefs.reduce(
    (sum, each) => ({ alpha: sum.alpha + each.alpha - 1, beta: sum.beta + each.beta - 1 }),
    UNKNOWN,
  );
}

export function meanOf({ alpha, beta }: Belief): number {
  return alpha / (alpha + beta);
}

export function attemptsOf({ alpha, beta }: Belief): number {
  return alpha + beta - 2;
}

export interface CurvePoint {
  readonly x: number;
  /** Density: over all of [0, 1] it adds up to 1. */
  readonly y: number;
}

/** The density, at as many places as asked for, evenly from 0 to 1 and between these ends. */
export function densityOf({ alpha, beta }: Belief, places: number): readonly CurvePoint[] {
  // In logarithms: hundreds of attempts leave the range of floats otherwise.
  const logs = Array.from({ length: places }, (_, index) => {
    const x = (index + 0.5) / places;
    return { x, log: (alpha - 1) * Math.log(x) + (beta - 1) * Math.log1p(-x) };
  });
  const most = Math.max(...logs.map((each) => each.log));
  const raw = logs.map(({ x, log }) => ({ x, y: Math.exp(log - most) }));
  const area = raw.reduce((sum, each) => sum + each.y, 0) / places;
  return raw.map(({ x, y }) => ({ x, y: y / area }));
}

/** Fine enough for an interval that is shown in whole per cent. */
const STEPS = 2000;

/** Where the probability lies with 95 %, as much of the rest on either side. */
export function intervalOf(belief: Belief): readonly [low: number, high: number] {
  const density = densityOf(belief, STEPS);
  let below = 0;
  let [low, high] = [0, 1];
  for (const { x, y } of density) {
    const after = below + y / STEPS;
    if (below < 0.025 && after >= 0.025) low = x;
    if (below < 0.975 && after >= 0.975) high = x;
    below = after;
  }
  return [low, high];
}
