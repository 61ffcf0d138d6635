import { type RefObject, useEffect } from "react";

/** Keep an element as high as what can be seen: where a keyboard lies over the page, some browsers tell it only so. */
export function useVisibleHeight(of: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const seen = window.visualViewport;
    if (seen === null) return undefined;
    const fit = () => {
      // Somebody who has zoomed in sees less, and the page stays as it is.
      if (seen.scale === 1) of.current?.style.setProperty("--visible-height", `${seen.height}px`);
    };
    fit();
    seen.addEventListener("resize", fit);
    return () => {
      seen.removeEventListener("resize", fit);
    };
  }, [of]);
}
