import { useEffect, useState } from "react";

/** Whether what was lost came back a moment ago: for `shownMs`, in milliseconds. */
export function useIsBack(isLost: boolean, isHere: boolean, shownMs: number): boolean {
  const [wasLost, setWasLost] = useState(false);
  if (isLost && !wasLost) setWasLost(true);
  const isBack = wasLost && isHere;
  useEffect(() => {
    if (!isBack) return;
    const timer = setTimeout(() => {
      setWasLost(false);
    }, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, [isBack, shownMs]);
  return isBack;
}
