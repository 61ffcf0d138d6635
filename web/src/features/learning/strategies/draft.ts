/** A strategy test while somebody sets it up: what is wrong with it, and what the service would be told. */
import type { Schemas } from "@/api/client";
import { numberOf } from "@/core/numbers";
import type { Style } from "@/core/words";
import { dealtInWords, type Design, type Policy } from "./words";

export type Body = Schemas["StrategyTestBody"];

/** One of the two ways, as the fields hold it; what is empty stays as the event has it. */
export interface VariantDraft {
  readonly name: string;
  readonly policy: Policy | "";
  readonly style: Style | "";
  /** In per cent. */
  readonly threshold: string;
  /** In per cent. */
  readonly actBelow: string;
}

export interface Draft {
  readonly design: Design;
  readonly variants: readonly [VariantDraft, VariantDraft];
  /** How much goes the second way, in per cent. */
  readonly sharePercent: string;
  readonly blockMin: string;
  readonly burnInMin: string;
}

export type VariantFaults = Readonly<Partial<Record<keyof VariantDraft, string>>>;

export interface Faults {
  readonly variants: readonly [VariantFaults, VariantFaults];
  readonly sharePercent?: string;
  readonly blockMin?: string;
  readonly burnInMin?: string;
}

export const NAME_MAX = 60;
export const LEAST_BLOCK_MIN = 5;
export const MOST_BLOCK_MIN = 7 * 24 * 60;

const AS_IT_IS: VariantDraft = { name: "usual", policy: "", style: "", threshold: "", actBelow: "" };

export const NEW: Draft = {
  design: "sessions",
  variants: [AS_IT_IS, { ...AS_IT_IS, name: "" }],
  sharePercent: "50",
  blockMin: "30",
  burnInMin: "5",
};

export function hasBlocks({ design }: Draft): boolean {
  return design !== "sessions";
}

/** What is wrong, seen before the service is asked. */
export function faultsOf(draft: Draft): Faults {
  const [first, second] = draft.variants;
  const share = numberOf(draft.sharePercent);
  const [block, burnIn] = [numberOf(draft.blockMin), numberOf(draft.burnInMin)];
  return {
    variants: [variantFaults(first), { ...alike(first, second), ...variantFaults(second) }],
    ...(!(share >= 1 && share <= 99) && { sharePercent: "From 1 to 99 per cent." }),
    ...(hasBlocks(draft) && blockFaults(block, burnIn)),
  };
}

export function isFaulty({ variants, ...rest }: Faults): boolean {
  return [...variants, rest].some((each) => Object.keys(each).length > 0);
}

function variantFaults({ name, threshold, actBelow }: VariantDraft): VariantFaults {
  const length = Array.from(name.trim()).length;
  return {
    ...(length === 0 && { name: "Give it a name: you read it in the results." }),
    ...(length > NAME_MAX && { name: `At most ${NAME_MAX} characters.` }),
    ...(!isPercent(threshold) && { threshold: PERCENT }),
    ...(!isPercent(actBelow) && { actBelow: PERCENT }),
  };
}

/** Two that are called or do the same tell nothing. */
function alike(first: VariantDraft, second: VariantDraft): VariantFaults {
  if (first.name.trim() === second.name.trim()) return { name: "Both are called the same." };
  const [one, other] = [bodyOfVariant(first), bodyOfVariant(second)];
  if (JSON.stringify({ ...one, name: "" }) !== JSON.stringify({ ...other, name: "" })) return {};
  return { policy: "Both do the same: change something in one of them." };
}

function blockFaults(block: number, burnIn: number) {
  return {
    ...(!(Number.isInteger(block) && block >= LEAST_BLOCK_MIN && block <= MOST_BLOCK_MIN) && {
      blockMin: `Whole minutes, from ${LEAST_BLOCK_MIN} to a week (${MOST_BLOCK_MIN}).`,
    }),
    ...(!(Number.isInteger(burnIn) && burnIn >= 0 && burnIn < block) && {
      burnInMin: "Whole minutes, from 0 to less than the block has.",
    }),
  };
}

const PERCENT = "From 0 to 100 per cent, or empty.";

function isPercent(text: string): boolean {
  const value = numberOf(text);
  return text.trim() === "" || (value >= 0 && value <= 100);
}

/** What the service is told.
 *
 * @param testId Tells tests apart: another id deals anew.
 */
export function bodyOf(draft: Draft, testId: string): Body {
  return {
    test_id: testId,
    design: draft.design,
    variants: draft.variants.map(bodyOfVariant),
    share: numberOf(draft.sharePercent) / 100,
    // Whole sessions have no blocks: what the service has by itself fits.
    ...(hasBlocks(draft) && {
      block_s: Math.round(numberOf(draft.blockMin) * 60),
      burn_in_s: Math.round(numberOf(draft.burnInMin) * 60),
    }),
  };
}

/** One of the two ways, as the service takes it. */
export function bodyOfVariant({ name, policy, style, threshold, actBelow }: VariantDraft) {
  return {
    name: name.trim(),
    policy: policy === "" ? null : policy,
    threshold: ratioOf(threshold),
    act_below: ratioOf(actBelow),
    style: style === "" ? null : style,
  };
}

function ratioOf(text: string): number | null {
  return text.trim() === "" ? null : Math.round(numberOf(text) * 10) / 1000;
}

/** What will happen, for whoever is to confirm it. */
export function startInWords({ design, variants, sharePercent }: Draft): string {
  const dealt = dealtInWords(design, numberOf(sharePercent) / 100);
  const among = design === "sessions" ? ", those that are open now among them," : "";
  return `${dealt}${among} go the way of “${variants[1].name.trim()}” from now on, by chance; all else goes the way of “${variants[0].name.trim()}”.`;
}
