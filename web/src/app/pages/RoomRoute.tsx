import { getRouteApi } from "@tanstack/react-router";
import { RoomPage } from "@/features/room/RoomPage";

const route = getRouteApi("/room/$sessionId");

export function RoomRoute() {
  const { sessionId } = route.useParams();
  return <RoomPage key={sessionId} sessionId={sessionId} />;
}
