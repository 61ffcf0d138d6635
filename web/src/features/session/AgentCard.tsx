import { useNow } from "@/api/sessions";
import type { AgentStatus, Mode } from "@/core/model";
import type { SessionState } from "@/core/session";
import { PLACES } from "@/core/tour";
import { ANOMALY_WORDS, MODE_WORDS, percent, STATUS_WORDS } from "@/core/words";
import { Badge, type Tone } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { ToggleGroup } from "@/ui/ToggleGroup";
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

const MODES: readonly { value: Mode; label: string; title: string }[] = [
  { value: "MANUAL", label: MODE_WORDS.MANUAL, title: "It always asks" },
  { value: "SEMI_AUTO", label: MODE_WORDS.SEMI_AUTO, title: "It acts by itself where it is sure enough" },
  { value: "AUTO", label: MODE_WORDS.AUTO, title: "It acts by itself" },
];

export function AgentCard({ state }: { readonly state: SessionState }) {
  const now = useNow();
  const { mode, change } = useMode(state.sessionId, state.mode);
  const last = lastDecision(state.feed);
  const meaning = MODES.find((each) => each.value === mode)?.title;
  return (
    <Card
      data-tour={PLACES.agent}
      title="Agent"
      aside={<Badge tone={TONES[state.status]}>{STATUS_WORDS[state.status]}</Badge>}
      className={css.card}
    >
      <p aria-live="polite">{waitsFor(state, now)}</p>
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
      <div className={css.mode}>
        <ToggleGroup label="Mode" value={mode} options={MODES} onChange={change} disabled={!state.isOpen} />
        {meaning !== undefined && <span className={css.soft}>{meaning}.</span>}
      </div>
    </Card>
  );
}
