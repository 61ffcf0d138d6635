import { useCallback, useRef } from "react";
import { toast } from "@/ui/toast";
import { useSessionEvents } from "@/api/sessions";
import type { SessionEvent } from "@/core/model";
import { ANOMALY_WORDS, answerInWords, ARM_WORDS, percent, signedPercent } from "@/core/words";
import { wasAnsweredHere } from "./suggestion/answeredHere";
import { toastPlace } from "./toastPlace";
import { sentence } from "./waiting";

/** Where the card stands that is to be decided on. */
export const SUGGESTION_PLACE = "suggestion";

const SHOW = {
  label: "Show",
  onClick: () => {
    document.getElementById(SUGGESTION_PLACE)?.scrollIntoView({ block: "center" });
  },
};

/** Tell what happens while somebody looks, each thing once. */
export function useToasts(sessionId: string): void {
  const told = useRef(new Set<string>());
  const heard = useCallback((event: SessionEvent) => {
    const notice = noticeOf(event);
    if (notice === null || told.current.has(notice.id)) return;
    told.current.add(notice.id);
    if (event.type === "agent.decision.answered") {
      const { decisionId, verdict } = event.answer;
      if (wasAnsweredHere(decisionId)) return;
      // Of what somebody dismissed the agent only says again that somebody did.
      if (verdict === "REJECTED") told.current.add(lapsedId(decisionId));
    }
    const { id, kind, title, description } = notice;
    const isAsked = event.type === "agent.decision";
    // Whoever has the card before them, or has it read out, needs no second notice of the same.
    if (isAsked && isInSight(SUGGESTION_PLACE)) return;
    toast[kind](title, { id, description, position: toastPlace(), ...(isAsked && { action: SHOW }) });
  }, []);
  useSessionEvents(sessionId, heard);
}

function isInSight(id: string): boolean {
  const place = document.getElementById(id)?.getBoundingClientRect();
  return place !== undefined && !document.hidden && place.bottom > 0 && place.top < innerHeight;
}

function lapsedId(decisionId: string): string {
  return `${decisionId} lapsed`;
}

export interface Notice {
  /** The same for the same thing told again. */
  readonly id: string;
  readonly kind: "warning" | "info" | "success";
  readonly title: string;
  readonly description: string;
}

export function noticeOf(event: SessionEvent): Notice | null {
  switch (event.type) {
    case "anomaly.detected": {
      const { id, type, severity, current, expected } = event.anomaly;
      return {
        id: `${id} ${severity}`,
        kind: "warning",
        title: `${ANOMALY_WORDS[type]} (${severity.toLowerCase()})`,
        description: `The score is ${percent(current)}; ${percent(expected)} is usual.`,
      };
    }
    case "agent.decision": {
      const { id, arm, autonomy, heldOut } = event.decision;
      if (autonomy !== "ASK" || heldOut) return null;
      return {
        id,
        kind: "info",
        title: `${ARM_WORDS[arm]} suggested`,
        description: "The agent waits for your answer.",
      };
    }
    case "agent.intervention.executed": {
      const { id, arm, deliveredTo } = event.intervention;
      return {
        id,
        kind: "success",
        title: `${ARM_WORDS[arm]} posted`,
        description: `${deliveredTo} people could see it.`,
      };
    }
    case "agent.decision.answered": {
      const { decisionId, verdict, reason } = event.answer;
      const isApproved = verdict === "APPROVED";
      return {
        id: `${decisionId} answered`,
        kind: "info",
        title: answerInWords({ ...event.answer, reason: "" }),
        description: isApproved
          ? "The room gets to see it in a moment."
          : reason === ""
            ? "Nothing is shown."
            : sentence(reason),
      };
    }
    case "agent.decision.lapsed":
      return {
        id: lapsedId(event.decisionId),
        kind: "info",
        title: "Not done",
        description: event.why,
      };
    case "agent.outcome": {
      const { interventionId, success, delta, after } = event.outcome;
      return {
        id: `${interventionId} outcome`,
        kind: success ? "success" : "info",
        title: success ? "The room recovered" : "No gain",
        description: `${signedPercent(delta)}, to ${percent(after)}.`,
      };
    }
    default:
      return null;
  }
}
