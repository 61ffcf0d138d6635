/** Settings of an event while somebody edits them: what is changed, and what is wrong with it. */
import type { Schemas } from "@/api/client";
import type { Arm, Mode } from "@/core/model";
import { numberOf } from "@/core/numbers";
import type { Style } from "@/core/words";

export type Saved = Schemas["SettingsAnswer"];
export type Patch = Schemas["SettingsPatch"];

/** As the fields hold them: texts where people type figures. */
export interface Draft {
  readonly enabled: boolean;
  readonly mode: Mode;
  /** In whole per cent. */
  readonly thresholdPercent: number;
  readonly maxPerHour: string;
  readonly arms: readonly Arm[];
  readonly label: string;
  readonly style: Style;
  readonly shareChat: boolean;
  readonly quietEndMin: string;
  /** In whole per cent. */
  readonly holdoutPercent: string;
}

export type Field = keyof Draft;
export type Faults = Readonly<Partial<Record<Field, string>>>;

export const ARMS: readonly Arm[] = ["POLL", "CHAT_PROMPT", "NUDGE", "QNA_PROMOTE"];
export const LABEL_MAX = 60;
export const PER_HOUR_MAX = 60;
export const QUIET_END_MAX_MIN = 60;
export const HOLDOUT_MAX_PERCENT = 50;

/** Under which name the service knows each field. */
const NAMES: Readonly<Record<Field, keyof Patch>> = {
  enabled: "agent_enabled",
  mode: "agent_mode",
  thresholdPercent: "auto_approve_threshold",
  maxPerHour: "max_interventions_per_hour",
  arms: "allowed_interventions",
  label: "label",
  style: "style",
  shareChat: "share_chat",
  quietEndMin: "quiet_end_s",
  holdoutPercent: "holdout_share",
};

export function draftOf(saved: Saved): Draft {
  return {
    enabled: saved.agent_enabled,
    mode: saved.agent_mode,
    thresholdPercent: Math.round(saved.auto_approve_threshold * 100),
    maxPerHour: String(saved.max_interventions_per_hour),
    arms: ARMS.filter((each) => saved.allowed_interventions.includes(each)),
    label: saved.label,
    style: saved.style,
    shareChat: saved.share_chat,
    quietEndMin: String(Math.round(saved.quiet_end_s / 6) / 10),
    holdoutPercent: String(Math.round(saved.holdout_share * 1000) / 10),
  };
}

/** What the service would be told: what differs from what is saved, and nothing else. */
export function patchOf(draft: Draft, saved: Saved): Patch {
  const before = draftOf(saved);
  const all: Patch = {
    agent_enabled: draft.enabled,
    agent_mode: draft.mode,
    auto_approve_threshold: draft.thresholdPercent / 100,
    max_interventions_per_hour: Number(draft.maxPerHour),
    allowed_interventions: [...draft.arms],
    label: draft.label.trim(),
    style: draft.style,
    share_chat: draft.shareChat,
    quiet_end_s: Math.round(numberOf(draft.quietEndMin) * 60),
    holdout_share: Math.round(numberOf(draft.holdoutPercent) * 10) / 1000,
  };
  const changed = (Object.keys(NAMES) as Field[]).filter((field) => differs(draft[field], before[field]));
  return Object.fromEntries(changed.map((field) => [NAMES[field], all[NAMES[field]]]));
}

export function isChanged(draft: Draft, saved: Saved): boolean {
  return Object.keys(patchOf(draft, saved)).length > 0;
}

/** What is wrong, seen before the service is asked. */
export function faultsOf(draft: Draft): Faults {
  const faults: Partial<Record<Field, string>> = {};
  const perHour = numberOf(draft.maxPerHour);
  if (!Number.isInteger(perHour) || perHour < 0 || perHour > PER_HOUR_MAX) {
    faults.maxPerHour = `A whole number from 0 to ${PER_HOUR_MAX}.`;
  }
  const quiet = numberOf(draft.quietEndMin);
  if (!(quiet >= 0 && quiet <= QUIET_END_MAX_MIN)) {
    faults.quietEndMin = `A number of minutes from 0 to ${QUIET_END_MAX_MIN}.`;
  }
  const holdout = numberOf(draft.holdoutPercent);
  if (!(holdout >= 0 && holdout <= HOLDOUT_MAX_PERCENT)) {
    faults.holdoutPercent = `A number of per cent from 0 to ${HOLDOUT_MAX_PERCENT}.`;
  }
  const label = draft.label.trim();
  if (!/\p{L}/u.test(label))
    faults.label = "Say who is posting, with at least one letter: it is never left out.";
  else if (lengthOf(label) > LABEL_MAX) faults.label = `At most ${LABEL_MAX} characters.`;
  return faults;
}

/** What the service found wrong, at its fields; `rest` is what belongs to none. */
export function refusedOf(
  details: Readonly<Record<string, unknown>>,
  message: string,
): { faults: Faults; rest: string } {
  const faults: Partial<Record<Field, string>> = {};
  const errors = Array.isArray(details.errors) ? (details.errors as readonly unknown[]) : [];
  for (const each of errors) {
    const { where, what } = (each ?? {}) as { where?: unknown; what?: unknown };
    const field = typeof where === "string" ? fieldAt(where) : undefined;
    if (field !== undefined && typeof what === "string") faults[field] ??= `${what}.`;
  }
  // A label is judged as a whole, and refused without a place.
  if (Object.keys(faults).length === 0 && /\blabel\b/i.test(message)) faults.label = message;
  return { faults, rest: Object.keys(faults).length === 0 ? message : "" };
}

function fieldAt(where: string): Field | undefined {
  const name = where.split(".")[1];
  return (Object.keys(NAMES) as Field[]).find((field) => NAMES[field] === name);
}

/** In characters as the service counts them, an emoji as one. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
