import { getRouteApi } from "@tanstack/react-router";
import { SpeakPage } from "@/features/speak/SpeakPage";
import { ConnectionBadge } from "../ConnectionBadge";
import { ThemeSwitch } from "../ThemeSwitch";

const route = getRouteApi("/speak/$sessionId");

export function SpeakRoute() {
  const { sessionId } = route.useParams();
  const tools = (isOver: boolean) => (
    <>
      <ConnectionBadge isOver={isOver} />
      <ThemeSwitch />
    </>
  );
  return <SpeakPage key={sessionId} sessionId={sessionId} tools={tools} />;
}
