import { useEffect } from "react";
import { wasSeen } from "./seen";
import { sessionToShow, useTour } from "./useTour";

/** On the list of sessions: shows the tour to whoever did not see it, once there is something to look at. */
export function TourOnce({ eventId }: { readonly eventId: string | null }) {
  const start = useTour(eventId, null);
  useEffect(() => {
    if (wasSeen()) return undefined;
    let isGone = false;
    sessionToShow(eventId).then(
      (session) => {
        // Nobody is stopped who is being asked something.
        if (isGone || session === null || session.pending_decision_id != null || wasSeen()) return;
        void start();
      },
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [eventId, start]);
  return null;
}
