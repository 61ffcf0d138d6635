/** What people type for figures. */

/** The figure that somebody typed, with a point or a comma; NaN for none. */
export function numberOf(text: string): number {
  const said = text.trim().replace(",", ".");
  return said === "" ? NaN : Number(said);
}
