/** Who is signed in, and the token that says so.
 *
 * A tab keeps its own token, so that an organiser and several attendees can sit in one browser; a new tab begins with
 * the last token of its area (dashboard, room or speaker's strip).
 */

export type Area = "dashboard" | "room" | "speak";
export type Role = "ORGANISER" | "SPEAKER" | "ATTENDEE" | "SERVICE";

/** What a token says. It is not checked here: the services do that. */
export interface Identity {
  readonly userId: string;
  readonly role: Role;
  readonly name: string;
  /** `*` for every event. */
  readonly eventId: string;
  /** Empty for all sessions. */
  readonly sessionIds: readonly string[];
  readonly expiresAt: number;
}

/** Why somebody has to sign in (again). */
export type SignedOut = "missing" | "expired" | "invalid" | "left";

const KEY = "conductor.token.";
const WHY = "conductor.signedOut";
const listeners = new Set<() => void>();

export function areaOf(path: string): Area {
  if (path.startsWith("/room")) return "room";
  return path.startsWith("/speak") ? "speak" : "dashboard";
}

export function areaFor(role: Role): Area {
  if (role === "ATTENDEE") return "room";
  return role === "SPEAKER" ? "speak" : "dashboard";
}

/** The token of the area that this page lies in. */
export function token(area: Area = areaOf(location.pathname)): string | null {
  return sessionStorage.getItem(KEY + area) ?? localStorage.getItem(KEY + area);
}

export function identity(area?: Area): Identity | null {
  const kept = token(area);
  return kept === null ? null : readToken(kept);
}

/** Keep a token.
 *
 * @returns Who it is for; null if it is none of ours.
 */
export function signIn(given: string, area?: Area): Identity | null {
  const who = readToken(given);
  if (who === null) return null;
  const key = KEY + (area ?? areaFor(who.role));
  sessionStorage.removeItem(WHY);
  sessionStorage.setItem(key, given);
  localStorage.setItem(key, given);
  tell();
  return who;
}

export function signOut(why: SignedOut, area: Area = areaOf(location.pathname)): void {
  // Kept with the tab: a link that is opened in it loads the page anew.
  sessionStorage.setItem(WHY, why);
  const own = token(area);
  sessionStorage.removeItem(KEY + area);
  if (localStorage.getItem(KEY + area) === own) localStorage.removeItem(KEY + area);
  tell();
}

export function whySignedOut(): SignedOut {
  const kept = sessionStorage.getItem(WHY);
  return kept === "expired" || kept === "invalid" || kept === "left" ? kept : "missing";
}

export function onSignIn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What stands in an address's fragment under a name, `#token=…`: browsers send it nowhere. */
export function inFragment(fragment: string, name: "token" | "invite"): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get(name);
}

const INVITATION = "conductor.invitation";

/** Keep an invitation until somebody says under which name they accept it, or until the tab is closed. */
export function keepInvitation(invitation: string | null): void {
  if (invitation === null) sessionStorage.removeItem(INVITATION);
  else sessionStorage.setItem(INVITATION, invitation);
}

export function keptInvitation(): string | null {
  return sessionStorage.getItem(INVITATION);
}

export function readToken(given: string): Identity | null {
  try {
    const claims = JSON.parse(decoded(given.split(".")[1] ?? "")) as Record<string, unknown>;
    const { sub, role, exp } = claims;
    if (typeof sub !== "string" || !isRole(role) || typeof exp !== "number") return null;
    return {
      userId: sub,
      role,
      name: typeof claims.name === "string" ? claims.name : "",
      eventId: typeof claims.event === "string" ? claims.event : "*",
      sessionIds: Array.isArray(claims.sessions) ? claims.sessions.map(String) : [],
      expiresAt: exp,
    };
  } catch {
    return null;
  }
}

function decoded(part: string): string {
  const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (each) =>
    each.charCodeAt(0),
  );
  return new TextDecoder().decode(bytes);
}

function isRole(value: unknown): value is Role {
  return value === "ORGANISER" || value === "SPEAKER" || value === "ATTENDEE" || value === "SERVICE";
}

function tell(): void {
  for (const each of listeners) each();
}

/** Where somebody begins; null if their token names no session to begin with. */
export function homeOf(who: Identity): string | null {
  if (who.role === "ORGANISER") return "/dashboard";
  const session = who.sessionIds[0];
  if (session === undefined || who.role === "SERVICE") return null;
  return `/${who.role === "SPEAKER" ? "speak" : "room"}/${encodeURIComponent(session)}`;
}
