import { getRouteApi } from "@tanstack/react-router";
import { Fragment, lazy, Suspense } from "react";
import { DEMO_EVENT } from "@/core/demo";
import { TourOnce } from "@/features/tour/TourOnce";
import { Pending } from "../Fallbacks";
import { useDemoButton } from "../useDemoButton";

const route = getRouteApi("/dashboard/events/$eventId/engagement-conductor");

const SessionsPage = lazy(() =>
  import("@/features/sessions/SessionsPage").then((each) => ({ default: each.SessionsPage })),
);
const SessionPage = lazy(() =>
  import("@/features/session/SessionPage").then((each) => ({ default: each.SessionPage })),
);

const DemoGuide = lazy(() =>
  import("@/features/demo/DemoGuide").then((each) => ({ default: each.DemoGuide })),
);
const ExportMenu = lazy(() =>
  import("@/features/export/ExportMenu").then((each) => ({ default: each.ExportMenu })),
);

/** An event's sessions, or one of them. What a session's page takes from other features is put together here. */
export function EventPage() {
  const { eventId } = route.useParams();
  const { session } = route.useSearch();
  const demo = useDemoButton();
  return (
    <Suspense fallback={<Pending />}>
      {session === undefined ? (
        <>
          <SessionsPage eventId={eventId} demo={demo} />
          <TourOnce eventId={eventId} />
        </>
      ) : (
        <Fragment key={session}>
          {eventId === DEMO_EVENT && <DemoGuide sessionId={session} />}
          <SessionPage eventId={eventId} sessionId={session} actions={<ExportMenu sessionId={session} />} />
        </Fragment>
      )}
    </Suspense>
  );
}
