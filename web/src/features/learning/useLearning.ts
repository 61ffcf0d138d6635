import { useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import type { Problem } from "@/api/problem";

/** Outcomes come minutes apart. */
const EVERY_MS = 30_000;

/** How the arms did, in one event or (null) in all that the caller may read. */
export function usePerformance(eventId: string | null) {
  return useQuery<Schemas["PerformanceAnswer"], Problem>({
    queryKey: ["learning", "performance", eventId],
    queryFn: async ({ signal }) => {
      const query = eventId === null ? {} : { event_id: eventId };
      return answer(api.GET("/api/v1/analytics/agent/performance", { params: { query }, signal }));
    },
    refetchInterval: EVERY_MS,
  });
}

export function usePosteriors() {
  return useQuery<readonly Schemas["PosteriorRow"][], Problem>({
    queryKey: ["learning", "posteriors"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/analytics/agent/posteriors", { signal }))).posteriors,
    refetchInterval: EVERY_MS,
  });
}

export function useNarrowing() {
  return useQuery<readonly Schemas["Narrowing"][], Problem>({
    queryKey: ["learning", "narrowing"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/analytics/agent/narrowing", { signal }))).arms,
    refetchInterval: EVERY_MS,
  });
}

export function useLift() {
  return useQuery<Schemas["LiftAnswer"], Problem>({
    queryKey: ["learning", "lift"],
    queryFn: async ({ signal }) => answer(api.GET("/api/v1/analytics/agent/lift", { signal })),
    refetchInterval: EVERY_MS,
  });
}
