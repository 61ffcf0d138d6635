/** Give the focus to what has just appeared, so that the keyboard and the ear follow: as an element's `ref`. */
export function focusOn(element: HTMLElement | null): void {
  element?.focus();
}

/** The same, for the first field of a form. */
export function focusWithin(form: HTMLElement | null): void {
  form?.querySelector<HTMLElement>("input, textarea, select")?.focus();
}
