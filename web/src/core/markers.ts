/** What a chart of the score marks: falls, interventions and what came of them. */
import type { AnomalyType, Arm, SessionEvent, Severity } from "./model";

/** As many as the feed can hold anomalies and interventions of several hours. */
export const MARKERS_KEPT = 200;

export type Marker =
  | {
      readonly kind: "anomaly";
      readonly id: string;
      readonly at: number;
      readonly type: AnomalyType;
      readonly severity: Severity;
    }
  | {
      readonly kind: "intervention";
      readonly id: string;
      readonly at: number;
      readonly arm: Arm;
      /** null until it is measured. */
      readonly success: boolean | null;
    };

/** The markers, oldest first, after one more event. */
export function foldMarkers(markers: readonly Marker[], event: SessionEvent): readonly Marker[] {
  switch (event.type) {
    case "anomaly.detected": {
      const { id, type, severity } = event.anomaly;
      return added(markers, { kind: "anomaly", id, at: event.at, type, severity });
    }
    case "agent.intervention.executed": {
      const { id, arm } = event.intervention;
      return added(markers, { kind: "intervention", id, at: event.at, arm, success: null });
    }
    case "agent.outcome": {
      const { interventionId, success } = event.outcome;
      return markers.map((each) =>
        each.kind === "intervention" && each.id === interventionId ? { ...each, success } : each,
      );
    }
    default:
      return markers;
  }
}

function added(markers: readonly Marker[], marker: Marker): readonly Marker[] {
  const known = markers.findIndex((each) => each.kind === marker.kind && each.id === marker.id);
  if (known < 0) return [...markers, marker].slice(-MARKERS_KEPT);
  const before = markers[known];
  // Told again when it became graver: it stays where it began.
  if (before?.kind === "anomaly" && marker.kind === "anomaly") {
    return markers.with(known, { ...marker, at: before.at });
  }
  return markers;
}
