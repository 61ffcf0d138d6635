import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Pending } from "../Fallbacks";

const route = getRouteApi("/dashboard/events/$eventId/engagement-conductor");

const SessionsPage = lazy(() =>
  import("@/features/sessions/SessionsPage").then((each) => ({ default: each.SessionsPage })),
);
const SessionPage = lazy(() =>
  import("@/features/session/SessionPage").then((each) => ({ default: each.SessionPage })),
);

/** An event's sessions, or one of them. What a session's page takes from other features is put together here. */
export function EventPage() {
  const { eventId } = route.useParams();
  const { session } = route.useSearch();
  return (
    <Suspense fallback={<Pending />}>
      {session === undefined ? (
        <SessionsPage eventId={eventId} />
      ) : (
        <SessionPage key={session} eventId={eventId} sessionId={session} />
      )}
    </Suspense>
  );
}
