/** Reading JSON that others wrote: what does not fit is a fault, and what is missing has its default. */

export type Fields = Readonly<Record<string, unknown>>;

/** A message does not have what every message of its kind has. */
export class Misfit extends Error {
  override readonly name = "Misfit";
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function object(value: unknown, what: string): Fields {
  if (!isFields(value)) throw new Misfit(`${what} is not an object`);
  return value;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((each): each is string => typeof each === "string");
}

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new Misfit(`${name} is not a text`);
  return value;
}

export function textOr<D extends string | null>(fields: Fields, name: string, otherwise: D): string | D {
  const value = fields[name];
  return typeof value === "string" ? value : otherwise;
}

export function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Misfit(`${name} is not a number`);
  return value;
}

export function numberOr<D extends number | null>(fields: Fields, name: string, otherwise: D): number | D {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/** One of a few words. A word that is not known here is a newer service's: the message is passed over. */
export function word<W extends string>(fields: Fields, name: string, words: readonly W[]): W {
  const value = fields[name];
  const known = words.find((each) => each === value);
  if (known === undefined) throw new Misfit(`${name} is none of ${words.join(", ")}`);
  return known;
}

export function wordOr<W extends string, D>(
  fields: Fields,
  name: string,
  words: readonly W[],
  otherwise: D,
): W | D {
  return words.find((each) => each === fields[name]) ?? otherwise;
}

/** Epoch seconds of a moment that is told as ISO 8601 or as epoch seconds; null if it is neither. */
export function momentOf(value: unknown): number | null {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "string") return null;
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? null : parsed / 1000;
}

export function moment(fields: Fields, name: string): number {
  const at = momentOf(fields[name]);
  if (at === null) throw new Misfit(`${name} is no moment`);
  return at;
}
