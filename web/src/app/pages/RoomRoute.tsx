import { getRouteApi } from "@tanstack/react-router";
import { RoomPage } from "@/features/room/RoomPage";
import { ConnectionBadge } from "../ConnectionBadge";
import { ThemeSwitch } from "../ThemeSwitch";

const route = getRouteApi("/room/$sessionId");

export function RoomRoute() {
  const { sessionId } = route.useParams();
  const tools = (isOver: boolean) => (
    <>
      <ConnectionBadge isOver={isOver} />
      <ThemeSwitch />
    </>
  );
  return <RoomPage key={sessionId} sessionId={sessionId} tools={tools} />;
}
