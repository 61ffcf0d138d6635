import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Patch, Saved } from "./draft";

const key = (eventId: string) => ["settings", eventId] as const;

export function useSettings(eventId: string) {
  return useQuery<Saved, Problem>({
    queryKey: key(eventId),
    queryFn: async ({ signal }) => {
      const params = { path: { event_id: eventId } };
      return answer(api.GET("/api/v1/events/{event_id}/settings", { params, signal }));
    },
    // What somebody is editing is not changed under their hands.
    refetchOnWindowFocus: false,
  });
}

export function useSave(eventId: string) {
  const queries = useQueryClient();
  return useMutation<Saved, Problem, Patch>({
    mutationFn: async (body) => {
      const params = { path: { event_id: eventId } };
      return answer(api.PATCH("/api/v1/events/{event_id}/settings", { params, body }));
    },
    onSuccess: async (saved) => {
      queries.setQueryData(key(eventId), saved);
      // What other pages took out of them, such as the label.
      await queries.invalidateQueries({
        queryKey: key(eventId),
        predicate: (each) => each.queryKey.length > 2,
      });
    },
  });
}

export interface EventSession {
  readonly sessionId: string;
  readonly title: string;
  readonly isOpen: boolean;
}

/** As many as the service gives at once. */
const LIMIT = 500;

/** The sessions of the event, open ones first. */
export function useEventSessions(eventId: string) {
  return useQuery<readonly EventSession[], Problem>({
    queryKey: ["sessions", eventId, "names"],
    queryFn: async ({ signal }) => {
      const params = { query: { event_id: eventId, limit: LIMIT } };
      const said = await answer(api.GET("/api/v1/agent/sessions", { params, signal }));
      return said.sessions
        .map((each) => ({ sessionId: each.session_id, title: each.title, isOpen: each.is_open }))
        .sort((one, other) => Number(other.isOpen) - Number(one.isOpen));
    },
    staleTime: 10_000,
  });
}
