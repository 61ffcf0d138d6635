import { getRouteApi } from "@tanstack/react-router";
import { SpeakPage } from "@/features/speak/SpeakPage";

const route = getRouteApi("/speak/$sessionId");

export function SpeakRoute() {
  const { sessionId } = route.useParams();
  return <SpeakPage key={sessionId} sessionId={sessionId} />;
}
