import { getRouteApi } from "@tanstack/react-router";
import { LearningPage } from "@/features/learning/LearningPage";

const route = getRouteApi("/dashboard/events/$eventId/learning");

export function LearningRoute() {
  return <LearningPage eventId={route.useParams().eventId} />;
}
