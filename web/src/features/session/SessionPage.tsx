import type { ReactNode } from "react";
import { useNow, useSession } from "@/api/sessions";
import { reconnect } from "@/api/socket";
import { pendingAt, type SessionState } from "@/core/session";
import { PLACES } from "@/core/tour";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { ErrorState } from "@/ui/States";
import { AgentCard } from "./AgentCard";
import { Banners } from "./Banners";
import { Explainer } from "./Explainer";
import { PartCards } from "./PartCards";
import { SessionHeader } from "./SessionHeader";
import css from "./SessionPage.module.css";
import { useKeptFocus } from "@/ui/focus";
import { ChartCard } from "./chart/ChartCard";
import { Feed } from "./feed/Feed";
import { Aftermath } from "./suggestion/Aftermath";
import { SuggestionCard } from "./suggestion/SuggestionCard";
import { useLabel } from "./useLabel";
import { SUGGESTION_PLACE, useToasts } from "./useToasts";
import { lastDecision } from "./waiting";

interface Props {
  readonly eventId: string;
  readonly sessionId: string;
  /** What other features offer about a session, for the page's head. */
  readonly actions?: ReactNode;
}

export function SessionPage({ eventId, sessionId, actions }: Props) {
  const { state, problem } = useSession(sessionId);
  useToasts(sessionId);
  if (!state.isKnown) {
    if (problem === null) return <Skeletons />;
    return (
      <>
        <h1 className="unseen">Session {sessionId}</h1>
        <ErrorState
          title="This session cannot be watched"
          message={problem.message}
          requestId={problem.requestId}
          onRetry={reconnect}
        />
      </>
    );
  }
  return (
    <>
      <SessionHeader eventId={eventId} state={state} actions={actions} />
      <Banners state={state} />
      <div className={css.columns}>
        <div className={css.decide}>
          <Decisions eventId={eventId} state={state} />
        </div>
        <div className={css.watch}>
          <ChartCard sessionId={sessionId} scores={state.scores} feed={state.feed} isOpen={state.isOpen} />
          <PartCards state={state} />
          <Feed feed={state.feed} />
        </div>
      </div>
    </>
  );
}

/** What is asked, or else what was decided last; and why. */
function Decisions({ eventId, state }: { readonly eventId: string; readonly state: SessionState }) {
  const label = useLabel(eventId);
  const pending = pendingAt(state, useNow());
  const last = lastDecision(state.feed);
  const kept = useKeptFocus(pending?.id ?? null);
  const explained = pending ?? last?.decision ?? null;
  return (
    <>
      <div id={SUGGESTION_PLACE} {...kept} data-tour={PLACES.decisions}>
        {pending === null ? (
          <Aftermath sessionId={state.sessionId} entry={last} label={label} isOpen={state.isOpen} />
        ) : (
          <SuggestionCard
            key={pending.id}
            sessionId={state.sessionId}
            decision={pending}
            score={state.score}
            label={label}
          />
        )}
      </div>
      <AgentCard state={state} />
      {explained !== null && <Explainer decision={explained} />}
      <p className="unseen" role="alert">
        {pending === null ? "" : "The agent suggests something and waits for your answer."}
      </p>
    </>
  );
}

function Skeletons() {
  return (
    <Loading what="the session">
      <div className={css.skeletons}>
        <Skeleton width="20rem" height="2rem" />
        <div className={css.columns}>
          <div className={css.decide}>
            <Skeleton height="16rem" />
            <Skeleton height="10rem" />
          </div>
          <div className={css.watch}>
            <Skeleton height="22rem" />
            <Skeleton height="10rem" />
          </div>
        </div>
      </div>
    </Loading>
  );
}
