import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Point } from "./layout";

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
