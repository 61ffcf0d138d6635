import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

/** Under which everything is shown that the agent posts, until the event's settings say otherwise. */
const USUAL_LABEL = "AI assistant";

export function useLabel(eventId: string): string {
  const { data } = useQuery({
    queryKey: ["settings", eventId, "label"],
    queryFn: async ({ signal }) => {
      const params = { path: { event_id: eventId } };
      const said = await answer(api.GET("/api/v1/events/{event_id}/settings", { params, signal }));
      return said.label;
    },
    staleTime: 60_000,
  });
  return data ?? USUAL_LABEL;
}
