import { getRouteApi } from "@tanstack/react-router";
import { SettingsPage } from "@/features/settings/SettingsPage";

const route = getRouteApi("/dashboard/events/$eventId/settings");

export function SettingsRoute() {
  return <SettingsPage eventId={route.useParams().eventId} />;
}
