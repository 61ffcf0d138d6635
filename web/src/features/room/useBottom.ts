import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

/** So near to its end somebody still reads what is new, in pixels. */
const NEAR_PX = 60;
/** By these somebody scrolls, and what scrolls within this time after one is theirs. */
const MOVES = ["wheel", "touchmove", "keydown", "pointerdown"] as const;
const OWN_MOVE_MS = 400;

export interface Bottom {
  /** What scrolls. */
  readonly frame: RefObject<HTMLDivElement | null>;
  /** What is in it. */
  readonly content: RefObject<HTMLOListElement | null>;
  readonly isAtBottom: boolean;
  readonly toBottom: () => void;
}

/** Keep a list at its end while it grows, unless somebody has scrolled up. */
export function useBottom(): Bottom {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLOListElement>(null);
  const [isAtBottom, setAtBottom] = useState(true);
  const follows = useRef(true);
  const toBottom = useCallback(() => {
    follows.current = true;
    setAtBottom(true);
    const outer = frame.current;
    outer?.scrollTo({ top: outer.scrollHeight });
  }, []);
  useEffect(() => {
    const outer = frame.current;
    const inner = content.current;
    if (outer === null || inner === null) return undefined;
    let movedAt = -Infinity;
    const move = () => {
      movedAt = performance.now();
    };
    const look = () => {
      const isNear = outer.scrollHeight - outer.scrollTop - outer.clientHeight < NEAR_PX;
      // What comes below and goes above moves the list too: only whoever moves it themselves leaves its end.
      if (isNear) follows.current = true;
      else if (performance.now() - movedAt < OWN_MOVE_MS) follows.current = false;
      setAtBottom(follows.current);
    };
    const sizes = new ResizeObserver(() => {
      if (follows.current) outer.scrollTop = outer.scrollHeight;
    });
    sizes.observe(inner);
    sizes.observe(outer);
    outer.addEventListener("scroll", look, { passive: true });
    for (const each of MOVES) outer.addEventListener(each, move, { passive: true });
    return () => {
      sizes.disconnect();
      outer.removeEventListener("scroll", look);
      for (const each of MOVES) outer.removeEventListener(each, move);
    };
  }, []);
  return { frame, content, isAtBottom, toBottom };
}
