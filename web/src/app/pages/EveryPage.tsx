import { SessionsPage } from "@/features/sessions/SessionsPage";

export function EveryPage() {
  return <SessionsPage eventId={null} />;
}
