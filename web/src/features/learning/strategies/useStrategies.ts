import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Body } from "./draft";
import type { Test } from "./words";

/** Scores of minutes are compared: a minute more changes little. */
const EVERY_MS = 60_000;

const key = (eventId: string) => ["learning", "strategies", eventId] as const;

/** The event's test; `test` is null where none runs. */
export function useStrategyTest(eventId: string) {
  return useQuery<{ readonly test: Test | null }, Problem>({
    queryKey: key(eventId),
    queryFn: async ({ signal }) => {
      const params = { query: { event_id: eventId } };
      const said = await answer(api.GET("/api/v1/analytics/agent/strategies", { params, signal }));
      return { test: said.tests[0] ?? null };
    },
    refetchInterval: EVERY_MS,
  });
}

export function useStart(eventId: string, onStarted: () => void) {
  const queries = useQueryClient();
  return useMutation<Test, Problem, Body>({
    mutationFn: async (body) => {
      const params = { path: { event_id: eventId } };
      return answer(api.PUT("/api/v1/events/{event_id}/strategy-test", { params, body }));
    },
    onSuccess: (test) => {
      queries.setQueryData(key(eventId), { test });
      onStarted();
    },
  });
}

export function useEnd(eventId: string, onEnded: () => void) {
  const queries = useQueryClient();
  return useMutation<unknown, Problem>({
    mutationFn: async () => {
      const params = { path: { event_id: eventId } };
      return answer(api.DELETE("/api/v1/events/{event_id}/strategy-test", { params }));
    },
    onSuccess: () => {
      queries.setQueryData(key(eventId), { test: null });
      onEnded();
    },
  });
}
