import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Summary } from "./text";

/** How a session went so far. */
export function summaryOf(sessionId: string) {
  return queryOptions<Summary, Problem>({
    queryKey: ["summary", sessionId],
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId } };
      return answer(api.GET("/api/v1/analytics/sessions/{session_id}/summary", { params, signal }));
    },
    staleTime: 5_000,
  });
}

export function clockOf(at: number): string {
  return new Date(at * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
