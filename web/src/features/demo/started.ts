/** Which demos somebody started in this browser. */

const KEY = "conductor.demos";

/** More than run while anybody looks. */
const KEPT = 20;

export function rememberStarted(sessionId: string): void {
  localStorage.setItem(KEY, [sessionId, ...started()].slice(0, KEPT).join(" "));
}

export function wasStartedHere(sessionId: string): boolean {
  return started().includes(sessionId);
}

function started(): readonly string[] {
  return (localStorage.getItem(KEY) ?? "").split(" ").filter(Boolean);
}
