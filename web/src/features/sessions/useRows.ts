import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { momentOf } from "@/api/fields";
import type { Problem } from "@/api/problem";
import { useManySessions, useNow } from "@/api/sessions";
import { type Outages, together } from "@/core/outages";
import { type Listed, type Row, rowOf } from "@/core/sessions";

/** How often the list is asked for: as often as the agent measures. */
const EVERY_MS = 5_000;

/** As many open sessions as are followed live; of others is known what the list says. */
const FOLLOWED = 40;

/** As many as the service gives at once. */
const LIMIT = 500;

interface Rows {
  /** null until the list came for the first time. */
  readonly rows: readonly Row[] | null;
  readonly problem: Problem | null;
  /** What the agent does without, as those sessions tell it that are followed. */
  readonly outages: Outages;
  readonly retry: () => void;
}

/** The sessions of an event, or of all events, as they are now. */
export function useRows(eventId: string | null): Rows {
  const now = useNow();
  const { data, error, refetch } = useQuery<readonly Listed[], Problem>({
    queryKey: ["sessions", eventId],
    queryFn: async ({ signal }) => {
      const query = eventId === null ? { limit: LIMIT } : { limit: LIMIT, event_id: eventId };
      const said = await answer(api.GET("/api/v1/agent/sessions", { params: { query }, signal }));
      return said.sessions.map(listed);
    },
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  const open = (data ?? []).filter((each) => each.isOpen).slice(0, FOLLOWED);
  const live = useManySessions(open.map((each) => each.sessionId));
  return {
    rows: data?.map((each) => rowOf(each, live.get(each.sessionId), now)) ?? null,
    problem: error,
    outages: together([...live.values()].map((each) => each.outages)),
    retry: () => {
      void refetch();
    },
  };
}

function listed(said: Schemas["SessionAnswer"]): Listed {
  return {
    sessionId: said.session_id,
    eventId: said.event_id,
    title: said.title,
    type: said.type,
    isOpen: said.is_open,
    status: said.status ?? null,
    mode: said.mode ?? null,
    score: said.score ?? null,
    pendingDecisionId: said.pending_decision_id ?? null,
    updatedAt: momentOf(said.updated_at),
  };
}
