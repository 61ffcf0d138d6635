import { areaOf, homeOf, identity, inFragment, keepInvitation, readToken, signIn, signOut } from "@/api/auth";

/** Take a token or an invitation out of the address, before anything else sees it, and go to where it leads. */
export function enter(): void {
  const given = inFragment(location.hash, "token");
  if (given !== null) take(given);
  const invitation = inFragment(location.hash, "invite");
  if (invitation !== null) {
    const next = location.pathname + location.search;
    keepInvitation(invitation);
    show(`/sign-in?${new URLSearchParams({ next }).toString()}`);
    return;
  }
  const area = areaOf(location.pathname);
  const who = identity(area);
  if (who !== null && who.expiresAt * 1000 <= Date.now()) signOut("expired", area);
}

/** Somebody opens another link in a tab that is open already: browsers only tell that the fragment changed. */
export function followLinks(): void {
  addEventListener("hashchange", () => {
    if (inFragment(location.hash, "token") === null && inFragment(location.hash, "invite") === null) return;
    enter();
    location.reload();
  });
}

function take(given: string): void {
  const isSigningIn = location.pathname === "/sign-in" || location.pathname === "/";
  const area = isSigningIn ? undefined : areaOf(location.pathname);
  const who = readToken(given);
  if (who === null || who.expiresAt * 1000 <= Date.now()) {
    signOut(who === null ? "invalid" : "expired", area);
    show("/sign-in");
    return;
  }
  signIn(given, area);
  show(isSigningIn ? (homeOf(who) ?? "/sign-in") : location.pathname + location.search);
}

/** Show an address without the token, and without a way back to one that has it. */
function show(address: string): void {
  history.replaceState(null, "", address);
}
