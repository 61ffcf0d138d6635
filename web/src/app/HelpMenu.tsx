import { useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { API_URL } from "@/api/client";
import { useIdentity } from "@/api/identity";
import { DEMO_EVENT } from "@/core/demo";
import { useTour } from "@/features/tour/useTour";
import { IconButton } from "@/ui/Button";
import { HelpIcon } from "@/ui/icons";
import { Menu, MenuItem, MenuLink } from "@/ui/Menu";

const DemoDialog = lazy(() =>
  import("@/features/demo/DemoDialog").then((each) => ({ default: each.DemoDialog })),
);

/** What helps whoever is new here. */
export function HelpMenu() {
  const { eventId = null } = useParams({ strict: false });
  const { session = null } = useSearch({ strict: false });
  const [isDemoOpen, setIsDemoOpen] = useState(false);
  const mayShow = useMayShowDemos();
  const tour = useTour(eventId, session);
  return (
    <>
      <Menu
        trigger={
          <IconButton label="Help">
            <HelpIcon />
          </IconButton>
        }
      >
        {mayShow && (
          <MenuItem
            hint="A simulated room, and the agent as it is"
            onSelect={() => {
              setIsDemoOpen(true);
            }}
          >
            Watch a 60-second rescue
          </MenuItem>
        )}
        <MenuItem
          hint="Seven steps, a minute"
          onSelect={() => {
            void tour();
          }}
        >
          Take the tour
        </MenuItem>
        <MenuLink href={`${API_URL}/docs`}>Description of the API ↗</MenuLink>
      </Menu>
      {mayShow && isDemoOpen && (
        <Suspense fallback={null}>
          <DemoDialog open onOpenChange={setIsDemoOpen} />
        </Suspense>
      )}
    </>
  );
}

/** Demos are an event of their own, which not every token is for. */
export function useMayShowDemos(): boolean {
  const who = useIdentity();
  return who?.role === "ORGANISER" && ["*", DEMO_EVENT].includes(who.eventId) && who.sessionIds.length === 0;
}
