import { Link } from "@tanstack/react-router";
import { useNow } from "@/api/sessions";
import { WINDOW_S } from "@/core/session";
import { nameOf, type Row } from "@/core/sessions";
import { ago, ARM_WORDS, clockTime, MODE_WORDS, CONDITION_WORDS, STATUS_WORDS } from "@/core/words";
import { Badge, type Tone } from "@/ui/Badge";
import { ScoreChip } from "@/ui/ScoreChip";
import { Spark } from "@/ui/Spark";
import { BellIcon } from "@/ui/icons";
import css from "./SessionRow.module.css";

const TONES = {
  WARMING_UP: "neutral",
  HEALTHY: "high",
  FALLING: "low",
  RECOVERING: "fair",
  SIGNAL_LOST: "fair",
} as const;

interface Props {
  readonly row: Row;
  readonly showsEvent: boolean;
}

export function SessionRow({ row, showsEvent }: Props) {
  const now = useNow();
  const about = [
    showsEvent && row.eventId,
    row.type,
    row.mode && MODE_WORDS[row.mode],
    row.updatedAt !== null && ago(row.updatedAt, now),
  ];
  const isEarly = row.condition === "WARMING_UP";
  return (
    <li className={css.row} data-open={row.isOpen}>
      <div className={css.name}>
        <h2 className={css.title} dir="auto" title={nameOf(row)}>
          <Link
            to="/dashboard/events/$eventId/engagement-conductor"
            params={{ eventId: row.eventId }}
            search={{ session: row.sessionId }}
            className={css.link}
          >
            {nameOf(row)}
          </Link>
        </h2>
        <p className={css.about}>{about.filter(Boolean).join(" · ")}</p>
      </div>
      <div className={css.badges}>
        <Pending row={row} now={now} />
        <RowState row={row} />
      </div>
      <div className={css.spark}>
        {row.isOpen && <Spark points={row.scores} windowS={WINDOW_S} early={isEarly} />}
      </div>
      <ScoreChip score={row.score} early={isEarly} />
    </li>
  );
}

function RowState({ row }: { readonly row: Row }) {
  if (!row.isOpen) return <Badge>Over</Badge>;
  const tone: Tone = row.condition === null ? "neutral" : TONES[row.condition];
  return (
    <>
      {row.condition !== null && <Badge tone={tone}>{CONDITION_WORDS[row.condition]}</Badge>}
      {row.status !== null && row.status !== "WAITING_APPROVAL" && <Badge>{STATUS_WORDS[row.status]}</Badge>}
    </>
  );
}

/** Somebody is asked, about what, and for how long. */
function Pending({ row, now }: { readonly row: Row; readonly now: number }) {
  if (row.pendingDecisionId === null) return null;
  const { pending } = row;
  const left = pending?.expiresAt == null ? "" : ` · ${clockTime(pending.expiresAt - now)} left`;
  return (
    <Badge tone="accent" icon={<BellIcon />}>
      {pending === null ? "Waits for you" : `${ARM_WORDS[pending.arm]} waits for you${left}`}
    </Badge>
  );
}
