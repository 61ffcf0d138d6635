import { SessionsPage } from "@/features/sessions/SessionsPage";
import { TourOnce } from "@/features/tour/TourOnce";
import { useDemoButton } from "../useDemoButton";

export function EveryPage() {
  return (
    <>
      <SessionsPage eventId={null} demo={useDemoButton()} />
      <TourOnce eventId={null} />
    </>
  );
}
