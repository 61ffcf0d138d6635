import { useEffect, useState, useSyncExternalStore } from "react";
import type { Theme, Toaster as Shown } from "./Toaster";
import { areWanted, onWanted } from "./toast";

/** When what shows notices could not be loaded, it is tried again after so long, in ms. */
const AGAIN_MS = 2_000;

/** Notices in a corner, in whatever shows them: nothing until there are some. */
export function Notices({ theme }: { readonly theme: Theme }) {
  const isWanted = useSyncExternalStore(onWanted, areWanted);
  const [Toaster, setToaster] = useState<typeof Shown | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = () => {
      import("./Toaster").then(
        (found) => {
          setToaster(() => found.Toaster);
        },
        () => {
          timer = setTimeout(load, AGAIN_MS);
        },
      );
    };
    load();
    return () => {
      clearTimeout(timer);
    };
  }, [isWanted]);
  return Toaster === null ? null : <Toaster theme={theme} />;
}
