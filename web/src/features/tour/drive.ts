/** The tour itself. This module is only loaded when somebody takes it. */
import { type DriveStep, type Driver, driver } from "driver.js";
import "driver.js/dist/driver.css";
import { selectorOf, STEPS, type TourStep } from "@/core/tour";
import "./tour.css";

/** A page that is being loaded has so long to show what the tour points at. */
const PATIENCE_MS = 4_000;

export type Page = TourStep["page"];

/** Show the tour.
 *
 * @param hasSession Whether there is a session to look at; without one, its steps stand in the middle.
 * @param goTo Shows a page; the tour goes there before the first step that is on it.
 */
export function drive(hasSession: boolean, goTo: (page: Page) => Promise<void>): void {
  const move = (from: Driver, by: 1 | -1) => {
    const at = from.getActiveIndex() ?? 0;
    const [here, there] = [STEPS[at], STEPS[at + by]];
    if (there === undefined) {
      from.destroy();
      return;
    }
    const isSamePage = here?.page === there.page || !hasSession;
    void (isSamePage ? Promise.resolve() : goTo(there.page)).then(() => {
      if (from.isActive()) from.moveTo(at + by);
    });
  };
  driver({
    steps: STEPS.map((each) => stepOf(each, hasSession)),
    waitForElement: PATIENCE_MS,
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    showProgress: true,
    progressText: "{{current}} of {{total}}",
    nextBtnText: "Next",
    prevBtnText: "Back",
    doneBtnText: "Done",
    popoverClass: "conductor-tour",
    stagePadding: 6,
    stageRadius: 10,
    overlayOpacity: 0.55,
    disableActiveInteraction: true,
    onHighlighted: (_element, _step, { state }) => {
      // Enter goes on; the button that closes comes first otherwise.
      state.popover?.nextButton.focus();
    },
    onNextClick: (_element, _step, { driver: active }) => {
      move(active, 1);
    },
    onPrevClick: (_element, _step, { driver: active }) => {
      move(active, -1);
    },
  }).drive();
}

function stepOf(step: TourStep, hasSession: boolean): DriveStep {
  const popover = { title: step.title, description: step.words };
  return hasSession ? { element: selectorOf(step.place), popover } : { popover };
}
