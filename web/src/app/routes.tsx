/** Every address of the app. Pages are loaded when somebody goes there. */
import {
  createRootRoute,
  createRoute,
  lazyRouteComponent,
  Outlet,
  type ParsedLocation,
  redirect,
} from "@tanstack/react-router";
import { type Area, identity } from "@/api/auth";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Outlet });

function signedIn(area: Area) {
  return ({ location }: { location: ParsedLocation }) => {
    if (identity(area) === null) redirect({ to: "/sign-in", search: { next: location.href }, throw: true });
  };
}

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => redirect({ to: "/dashboard", throw: true }),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  /** Where to go on, once signed in. */
  validateSearch: (search): { next?: string } =>
    typeof search.next === "string" && /^\/(?!\/)/.test(search.next) ? { next: search.next } : {},
  component: lazyRouteComponent(() => import("@/features/signin/SignInPage"), "SignInPage"),
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: "/dashboard",
  beforeLoad: signedIn("dashboard"),
  component: Shell,
});

const everySession = createRoute({
  getParentRoute: () => dashboard,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/EveryPage"), "EveryPage"),
});

const event = createRoute({
  getParentRoute: () => dashboard,
  path: "events/$eventId/engagement-conductor",
  validateSearch: (search): { session?: string } =>
    typeof search.session === "string" || typeof search.session === "number"
      ? { session: String(search.session) }
      : {},
  component: lazyRouteComponent(() => import("./pages/EventPage"), "EventPage"),
});

const settings = createRoute({
  getParentRoute: () => dashboard,
  path: "events/$eventId/settings",
  component: lazyRouteComponent(() => import("./pages/SettingsRoute"), "SettingsRoute"),
});

const learning = createRoute({
  getParentRoute: () => dashboard,
  path: "events/$eventId/learning",
  component: lazyRouteComponent(() => import("./pages/LearningRoute"), "LearningRoute"),
});

const room = createRoute({
  getParentRoute: () => root,
  path: "/room/$sessionId",
  beforeLoad: signedIn("room"),
  component: lazyRouteComponent(() => import("./pages/RoomRoute"), "RoomRoute"),
});

const speak = createRoute({
  getParentRoute: () => root,
  path: "/speak/$sessionId",
  beforeLoad: signedIn("speak"),
  component: lazyRouteComponent(() => import("./pages/SpeakRoute"), "SpeakRoute"),
});

export const routes = root.addChildren([
  home,
  signIn,
  dashboard.addChildren([everySession, event, settings, learning]),
  room,
  speak,
]);
