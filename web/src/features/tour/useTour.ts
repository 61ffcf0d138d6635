import { useNavigate } from "@tanstack/react-router";
import { toast } from "@/ui/toast";
import { useCallback } from "react";
import { answer, api, type Schemas } from "@/api/client";
import { keepSeen } from "./seen";

type Session = Schemas["SessionAnswer"];

/** An open session if there is one, of the event that is being looked at if there is one. */
export async function sessionToShow(eventId: string | null): Promise<Session | null> {
  const query = eventId === null ? { limit: 50 } : { limit: 50, event_id: eventId };
  const { sessions } = await answer(api.GET("/api/v1/agent/sessions", { params: { query } }));
  return sessions.find((each) => each.is_open) ?? sessions[0] ?? null;
}

/** What takes somebody around; from then on it counts as seen.
 *
 * @param eventId The event that is being looked at; null for all.
 * @param sessionId The session that is being looked at; null for the list.
 */
export function useTour(eventId: string | null, sessionId: string | null): () => Promise<void> {
  const navigate = useNavigate();
  return useCallback(async () => {
    try {
      const [shown, { drive }] = await Promise.all([
        sessionId === null || eventId === null
          ? sessionToShow(eventId)
          : { session_id: sessionId, event_id: eventId },
        import("./drive"),
      ]);
      const toSessions = async () => {
        if (eventId === null) await navigate({ to: "/dashboard" });
        else {
          const params = { eventId };
          await navigate({ to: "/dashboard/events/$eventId/engagement-conductor", params, search: {} });
        }
      };
      const toSession = async () => {
        if (shown === null) return;
        await navigate({
          to: "/dashboard/events/$eventId/engagement-conductor",
          params: { eventId: shown.event_id },
          search: { session: shown.session_id },
        });
      };
      await toSessions();
      keepSeen();
      drive(shown !== null, (page) => (page === "sessions" ? toSessions() : toSession()));
    } catch (error) {
      toast.error("The tour cannot be shown right now", {
        description: error instanceof Error ? error.message : String(error),
      });
    }
  }, [eventId, sessionId, navigate]);
}
