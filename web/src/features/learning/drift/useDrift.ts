import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Drift } from "./words";

/** The service looks it up anew every ten minutes at most. */
const EVERY_MS = 600_000;

/** How the last weeks differ from those before, in one event or (null) in all that the caller may read. */
export function useDrift(eventId: string | null, weeks: number) {
  return useQuery<Drift, Problem>({
    queryKey: ["learning", "drift", eventId, weeks],
    queryFn: async ({ signal }) => {
      const query = eventId === null ? { weeks } : { weeks, event_id: eventId };
      return answer(api.GET("/api/v1/analytics/agent/drift", { params: { query }, signal }));
    },
    refetchInterval: EVERY_MS,
  });
}
