/** Who is signed in, for React. */
import { useSyncExternalStore } from "react";
import { type Area, type Identity, onSignIn, readToken, token } from "./auth";

/** Who is signed in in an area; null if nobody is. */
export function useIdentity(area: Area = "dashboard"): Identity | null {
  const kept = useSyncExternalStore(onSignIn, () => token(area));
  return kept === null ? null : readToken(kept);
}
