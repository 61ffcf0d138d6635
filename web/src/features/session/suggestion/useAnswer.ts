import { useQueryClient } from "@tanstack/react-query";
import { toast } from "@/ui/toast";
import { useRef, useState } from "react";
import { answer, api, type Schemas } from "@/api/client";
import { useIdentity } from "@/api/identity";
import { contentBody } from "@/api/parts";
import { asProblem, type Problem } from "@/api/problem";
import type { Content, Decision } from "@/core/model";
import { toastPlace } from "../toastPlace";
import { noteAnswered, noteUnanswered } from "./answeredHere";
import { type Answering, IDLE, refusedAs, standingInWords } from "./answering";

type Edited = NonNullable<Schemas["ApproveBody"]["content"]>;

export interface Answers {
  readonly state: Answering;
  /** Approve it, as drafted or with other content; `seenScore` after being told that the room has recovered. */
  readonly approve: (content: Content | null, seenScore?: number) => void;
  readonly reject: (reason: string) => void;
  /** Back to the question, after a refusal. */
  readonly again: () => void;
}

/** Answering one decision. However often somebody clicks, one answer is on its way at a time. */
export function useAnswer(decision: Decision, sessionId: string): Answers {
  const [state, setState] = useState<Answering>(IDLE);
  const isOnItsWay = useRef(false);
  const me = useIdentity()?.userId ?? null;
  const queries = useQueryClient();
  const path = { session_id: sessionId, decision_id: decision.id };

  const send = async (asked: () => Promise<Answering>, refused: (problem: Problem) => Answering) => {
    if (isOnItsWay.current) return;
    isOnItsWay.current = true;
    noteAnswered(decision.id);
    try {
      setState(await asked());
    } catch (error) {
      const now = refused(asProblem(error));
      setState(now);
      if (now.phase !== "decided") noteUnanswered(decision.id);
      // The card goes as soon as the other answer is carried out; who gave it is to be read after that as well.
      if (now.phase === "decided") toast.info(standingInWords(now.standing, me), { position: toastPlace() });
    } finally {
      isOnItsWay.current = false;
      void queries.invalidateQueries({ queryKey: ["sessions"] });
    }
  };

  return {
    state,
    approve(content, seenScore = decision.scoreBefore) {
      if (isOnItsWay.current) return;
      setState({ phase: "sending", verdict: "APPROVED" });
      const body = {
        seen_score: seenScore,
        content: content === null ? null : (contentBody(content) as Edited),
      };
      void send(
        async () => {
          await answer(
            api.POST("/api/v1/agent/sessions/{session_id}/decisions/{decision_id}/approve", {
              params: { path },
              body,
            }),
          );
          return { phase: "answered", verdict: "APPROVED" };
        },
        (problem) => refusedAs(problem, content),
      );
    },
    reject(reason) {
      if (isOnItsWay.current) return;
      setState({ phase: "sending", verdict: "REJECTED" });
      void send(
        async () => {
          await answer(
            api.POST("/api/v1/agent/sessions/{session_id}/decisions/{decision_id}/reject", {
              params: { path },
              body: { reason },
            }),
          );
          return { phase: "answered", verdict: "REJECTED" };
        },
        (problem) => refusedAs(problem, null),
      );
    },
    again() {
      setState(IDLE);
    },
  };
}
