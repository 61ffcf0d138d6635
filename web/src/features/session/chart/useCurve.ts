import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Point } from "./layout";
import { type Mark, marksOfFall, marksOfIntervention } from "./marks";

/** A session's scores from its first on: asked for when somebody wants them, and once a minute while they look. */
export function useCurve(sessionId: string, isWanted: boolean) {
  return useQuery<readonly Point[], Problem>({
    queryKey: ["curve", sessionId],
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId } };
      const said = await answer(
        api.GET("/api/v1/analytics/sessions/{session_id}/engagement", { params, signal }),
      );
      return thinned(said.points, MOST_POINTS);
    },
    enabled: isWanted,
    refetchInterval: 60_000,
  });
}

/** More would be drawn on the same pixels. */
const MOST_POINTS = 2_000;

/** At most as many, evenly chosen; the last one stays. */
export function thinned<T>(points: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(points.length / most);
  return step <= 1 ? points : points.filter((_, index) => (points.length - 1 - index) % step === 0);
}

const NO_MARKS: readonly Mark[] = [];

/** What happened in a session before what its snapshot still tells: falls, decisions, interventions and outcomes. */
export function useOldMarks(sessionId: string, isWanted: boolean): readonly Mark[] {
  const { data } = useQuery<readonly Mark[], Problem>({
    queryKey: ["old marks", sessionId],
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId } };
      const [falls, summary] = await Promise.all([
        answer(api.GET("/api/v1/analytics/sessions/{session_id}/anomalies", { params, signal })),
        answer(api.GET("/api/v1/analytics/sessions/{session_id}/summary", { params, signal })),
      ]);
      return [...falls.anomalies.flatMap(marksOfFall), ...summary.interventions.flatMap(marksOfIntervention)];
    },
    enabled: isWanted,
    refetchInterval: 60_000,
  });
  return data ?? NO_MARKS;
}
