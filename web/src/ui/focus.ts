import { type FocusEvent, useLayoutEffect, useRef } from "react";

/** Give the focus to what has just appeared, so that the keyboard and the ear follow: as an element's `ref`. */
export function focusOn(element: HTMLElement | null): void {
  element?.focus();
}

/** The same, for the first field of a form. */
export function focusWithin(form: HTMLElement | null): void {
  form?.querySelector<HTMLElement>("input, textarea, select")?.focus();
}

/** Keep the focus in a place whose content is replaced: else it would fall back to the top of the page.
 *
 * @param content Says which content it is.
 * @returns Props of the place.
 */
export function useKeptFocus(content: string | null) {
  const place = useRef<HTMLDivElement>(null);
  const isWithin = useRef(false);
  useLayoutEffect(() => {
    if (isWithin.current && document.activeElement === document.body)
      place.current?.focus({ preventScroll: true });
  }, [content]);
  return {
    ref: place,
    tabIndex: -1,
    onFocus: () => {
      isWithin.current = true;
    },
    // What is taken away tells nobody that it has lost the focus. A button that is disabled while what it does is under way
    // does in some browsers; nobody has gone anywhere else then.
    onBlur: ({ currentTarget, target, relatedTarget }: FocusEvent) => {
      isWithin.current =
        relatedTarget === null ? target.matches(":disabled") : currentTarget.contains(relatedTarget);
    },
  };
}
