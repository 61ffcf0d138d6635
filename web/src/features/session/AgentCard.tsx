import { useNow } from "@/api/sessions";
import type { AgentStatus } from "@/core/model";
import type { SessionState } from "@/core/session";
import { PLACES } from "@/core/tour";
import { ANOMALY_WORDS, MODE_MEANS, percent, STATUS_WORDS } from "@/core/words";
import { Badge, type Tone } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { OwnMode } from "@/ui/OwnMode";
import css from "./AgentCard.module.css";
import { useMode } from "./useMode";
import { lastDecision, waitsFor } from "./waiting";

const TONES: Readonly<Record<AgentStatus, Tone>> = {
  MONITORING: "high",
  WAITING_APPROVAL: "accent",
  INTERVENING: "accent",
  LEARNING: "fair",
  IDLE: "neutral",
};

export function AgentCard({ state }: { readonly state: SessionState }) {
  const now = useNow();
  const { mode, own, change } = useMode(state.sessionId, state.mode);
  const last = lastDecision(state.feed);
  return (
    <Card
      data-tour={PLACES.agent}
      title="Agent"
      aside={<Badge tone={TONES[state.status]}>{STATUS_WORDS[state.status]}</Badge>}
      className={css.card}
    >
      <p>{waitsFor(state, now)}</p>
      {state.anomaly !== null && (
        <p className={css.soft}>
          {ANOMALY_WORDS[state.anomaly.type]}: {percent(state.anomaly.current)} where{" "}
          {percent(state.anomaly.expected)} is usual; {percent(state.anomaly.evidence)} sure that it has
          fallen.
        </p>
      )}
      {last !== null && (
        <p className={css.soft}>Confidence in its last decision: {percent(last.decision.confidence)}</p>
      )}
      <div>
        <OwnMode label="Mode" mode={mode} own={own} onChange={change} disabled={!state.isOpen} />
        {mode !== null && <p className={css.soft}>{MODE_MEANS[mode]}</p>}
      </div>
    </Card>
  );
}
