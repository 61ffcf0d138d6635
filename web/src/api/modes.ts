/** How much the agent may do by itself in one session: a mode of its own, or its event's. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Mode } from "@/core/model";
import { answer, api } from "./client";
import type { Problem } from "./problem";

/** A session's own mode; null where it follows its event. */
export type OwnMode = Mode | null;

/** A session's own mode; undefined while that is not known.
 *
 * @param told The mode in force, as the agent tells it: with another one, somebody may have chosen.
 */
export function useOwnMode(sessionId: string, told: Mode | null): OwnMode | undefined {
  const { data } = useQuery<OwnMode, Problem>({
    queryKey: ["own-mode", sessionId, told],
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId } };
      const status = await answer(api.GET("/api/v1/agent/sessions/{session_id}/status", { params, signal }));
      return status.own_mode;
    },
    // The event's own mode may have been what somebody chose here.
    refetchInterval: 30_000,
  });
  return data;
}

interface Heard {
  readonly onDone: (own: OwnMode) => void;
  readonly onRefused: (problem: Problem, own: OwnMode) => void;
}

/** Giving a session a mode of its own, or its event's again. */
export function useSetMode(sessionId: string, { onDone, onRefused }: Heard) {
  const queries = useQueryClient();
  return useMutation<Mode, Problem, OwnMode>({
    mutationFn: async (own) => {
      const params = { path: { session_id: sessionId } };
      const path = "/api/v1/agent/sessions/{session_id}/mode";
      const asked =
        own === null ? api.DELETE(path, { params }) : api.PUT(path, { params, body: { mode: own } });
      return (await answer(asked)).mode;
    },
    onSuccess: async (_, own) => {
      onDone(own);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["own-mode", sessionId] }),
        queries.invalidateQueries({ queryKey: ["settings"] }),
      ]);
    },
    onError: onRefused,
  });
}
