import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Condition, conditionOf } from "@/core/condition";
import type { SessionState } from "@/core/session";
import { nameOf } from "@/core/sessions";
import { PLACES } from "@/core/tour";
import { CONDITION_WORDS, clockTime } from "@/core/words";
import { Badge, type Tone } from "@/ui/Badge";
import { ScoreChip } from "@/ui/ScoreChip";
import { InviteDialog } from "./InviteDialog";
import css from "./SessionHeader.module.css";

const TONES: Readonly<Record<Condition, Tone>> = {
  WARMING_UP: "neutral",
  HEALTHY: "high",
  FALLING: "low",
  RECOVERING: "fair",
  SIGNAL_LOST: "fair",
};

interface Props {
  readonly eventId: string;
  readonly state: SessionState;
  /** What other features offer about a session. */
  readonly actions: ReactNode;
}

export function SessionHeader({ eventId, state, actions }: Props) {
  const { profile, signals } = state;
  const condition = conditionOf(state);
  const title = nameOf({ title: profile?.title ?? "", sessionId: state.sessionId });
  const about = [
    profile?.type,
    profile?.speaker,
    signals && `${Math.round(signals.present)} people`,
    signals && state.isOpen && `running for ${clockTime(signals.elapsedS)}`,
    signals?.phase === "qa" ? "Q&A" : signals?.phase,
  ];
  return (
    <header className={css.header}>
      <div className={css.name}>
        <nav aria-label="Where you are">
          <Link to="/dashboard/events/$eventId/engagement-conductor" params={{ eventId }} search={{}}>
            ← Sessions
          </Link>
        </nav>
        <h1 className={css.title} dir="auto" title={title}>
          {title}
        </h1>
        <p className={css.about}>{about.filter(Boolean).join(" · ")}</p>
      </div>
      <div className={css.score} data-tour={PLACES.score} role="group" aria-label="Engagement score now">
        <ScoreChip score={state.score} early={condition === "WARMING_UP"} large />
        {state.isOpen ? (
          condition !== null && <Badge tone={TONES[condition]}>{CONDITION_WORDS[condition]}</Badge>
        ) : (
          <Badge>Over</Badge>
        )}
      </div>
      <div className={css.actions}>
        {state.isOpen && <InviteDialog sessionId={state.sessionId} />}
        {actions}
      </div>
    </header>
  );
}
