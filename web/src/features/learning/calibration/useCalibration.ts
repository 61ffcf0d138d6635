import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Calibration } from "./words";

/** The service counts anew every minute at most. */
const EVERY_MS = 60_000;

/** How often rooms recovered beside how often it was said, in one event or (null) in all that the caller may read. */
export function useCalibration(eventId: string | null) {
  return useQuery<Calibration, Problem>({
    queryKey: ["learning", "calibration", eventId],
    queryFn: async ({ signal }) => {
      const query = eventId === null ? {} : { event_id: eventId };
      return answer(api.GET("/api/v1/analytics/agent/calibration", { params: { query }, signal }));
    },
    refetchInterval: EVERY_MS,
  });
}
