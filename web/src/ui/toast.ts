/** Short notices in a corner. What shows them is loaded when there is one to show, or when the page has come to rest. */
import type { ExternalToast } from "sonner";

type Kind = "success" | "error" | "info" | "warning";
type Sonner = Record<Kind, (title: string, more?: ExternalToast) => unknown>;

/** When a page has long been shown, in ms: from then on notices come without a connection too. */
const AT_REST_MS = 4_000;

const listeners = new Set<() => void>();
let isWanted = false;
let mounted: (sonner: Sonner) => void;
const shown = new Promise<Sonner>((resolve) => {
  mounted = resolve;
});

function say(kind: Kind) {
  return (title: string, more?: ExternalToast): void => {
    want();
    void shown.then((sonner) => sonner[kind](title, more));
  };
}

export const toast = {
  success: say("success"),
  error: say("error"),
  info: say("info"),
  warning: say("warning"),
};

/** Have notices shown from now on. */
export function want(): void {
  isWanted = true;
  for (const each of listeners) each();
}

/** Whether there is anything to show them for, for `useSyncExternalStore`. */
export function areWanted(): boolean {
  return isWanted;
}

export function onWanted(listener: () => void): () => void {
  listeners.add(listener);
  const timer = setTimeout(want, AT_REST_MS);
  return () => {
    clearTimeout(timer);
    listeners.delete(listener);
  };
}

/** What shows notices is there: those that wait come now. */
export function show(sonner: Sonner): void {
  mounted(sonner);
}
