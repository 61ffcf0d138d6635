/** How a belief narrowed: where recovery lay with 95 % after each outcome. */
import type { Schemas } from "@/api/client";
import { intervalOf, meanOf } from "@/core/beta";
import { percent } from "@/core/words";

export interface Band {
  readonly attempts: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** From before the first outcome, where every probability was as likely, to the last. */
export function bandsOf(points: readonly Schemas["ArmSoFar"][]): readonly Band[] {
  return [{ attempts: 0, successes: 0 }, ...points].map(({ attempts, successes }) => {
    const belief = { alpha: successes + 1, beta: attempts - successes + 1 };
    const [low, high] = intervalOf(belief);
    return { attempts, mean: meanOf(belief), low, high };
  });
}

/** "40 to 78 % after 12 outcomes", and "a band of 38 points, 95 at first". */
export function narrowedInWords(bands: readonly Band[]): readonly string[] {
  const [first, last] = [bands[0], bands.at(-1)];
  if (first === undefined || last === undefined || last.attempts === 0) return ["not tried yet"];
  const outcomes = last.attempts === 1 ? "1 outcome" : `${last.attempts} outcomes`;
  return [
    `${Math.round(last.low * 100)} to ${percent(last.high)} after ${outcomes}`,
    `a band of ${widthOf(last)} points, ${widthOf(first)} at first`,
  ];
}

function widthOf({ low, high }: Band): number {
  return Math.round((high - low) * 100);
}
