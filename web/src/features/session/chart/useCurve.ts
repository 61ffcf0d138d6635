import { useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import type { Problem } from "@/api/problem";
import { ANOMALY_WORDS, ARM_WORDS, percent } from "@/core/words";
import type { Mark, Point } from "./layout";

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

/** What happened in a session before what its snapshot still tells. */
export function useOldMarks(sessionId: string, isWanted: boolean): readonly Mark[] {
  const { data } = useQuery({
    queryKey: ["old marks", sessionId],
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId } };
      const said = await answer(
        api.GET("/api/v1/analytics/sessions/{session_id}/anomalies", { params, signal }),
      );
      return said.anomalies.flatMap(marksOfAnomaly);
    },
    enabled: isWanted,
    refetchInterval: 60_000,
  });
  return data ?? NO_MARKS;
}

function marksOfAnomaly(anomaly: Schemas["AnomalyAnswer"]): Mark[] {
  const { anomaly_id: id, at, type, severity, current, expected, decisions } = anomaly;
  const text = `${ANOMALY_WORDS[type]} (${severity.toLowerCase()}): ${percent(current)}, expected ${percent(expected)}`;
  return [
    { id, at, kind: severity === "CRITICAL" ? "critical" : "warning", text },
    ...decisions.map((each): Mark => ({
      id: each.decision_id,
      at: each.at,
      kind: "decision",
      text: `Decided: ${ARM_WORDS[each.type]}`,
    })),
  ];
}
