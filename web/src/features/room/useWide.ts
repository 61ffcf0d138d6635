import { useSyncExternalStore } from "react";

/** From here on chat, poll and questions stand side by side. */
const WIDE = "(min-width: 60rem)";

function listen(listener: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener("change", listener);
  return () => {
    query.removeEventListener("change", listener);
  };
}

export function useWide(): boolean {
  return useSyncExternalStore(listen, () => matchMedia(WIDE).matches);
}
