import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

/** So near to its end somebody still reads what is new, in pixels. */
const NEAR_PX = 60;

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
    let lastTop = 0;
    const look = () => {
      const isNear = outer.scrollHeight - outer.scrollTop - outer.clientHeight < NEAR_PX;
      // What grows below pushes nobody away: only whoever scrolls up leaves the end.
      if (isNear) follows.current = true;
      else if (outer.scrollTop < lastTop) follows.current = false;
      lastTop = outer.scrollTop;
      setAtBottom(follows.current);
    };
    const sizes = new ResizeObserver(() => {
      if (follows.current) outer.scrollTop = outer.scrollHeight;
    });
    sizes.observe(inner);
    sizes.observe(outer);
    outer.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      outer.removeEventListener("scroll", look);
    };
  }, []);
  return { frame, content, isAtBottom, toBottom };
}
