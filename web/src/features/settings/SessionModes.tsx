import { useSetMode } from "@/api/modes";
import { toast } from "@/ui/toast";
import type { Mode } from "@/core/model";
import { nameOf } from "@/core/sessions";
import { ownModeInWords } from "@/core/words";
import { Card } from "@/ui/Card";
import { Fault } from "@/ui/Field";
import { OwnMode } from "@/ui/OwnMode";
import { Skeleton } from "@/ui/Skeleton";
import type { Saved } from "./draft";
import css from "./SettingsPage.module.css";
import { type EventSession, useEventSessions } from "./useSettings";

interface Props {
  readonly eventId: string;
  readonly saved: Saved;
}

/** Sessions may have a mode of their own; what is chosen here is in force at once. */
export function SessionModes({ eventId, saved }: Props) {
  const { data, error } = useEventSessions(eventId);
  const open = data?.filter((each) => each.isOpen);
  return (
    <Card title="Modes of sessions">
      <p className={css.soft}>
        An open session follows the event, or has a mode of its own, which stays when the event’s changes.
        What you choose here is in force at once.
      </p>
      {open === undefined ? (
        error === null ? (
          <Skeleton height="3rem" />
        ) : (
          <Fault isAlert>The sessions cannot be shown: {error.message}</Fault>
        )
      ) : open.length === 0 ? (
        <p>No session is open right now.</p>
      ) : (
        <ul className={css.sessions}>
          {open.map((each) => (
            <SessionMode
              key={each.sessionId}
              session={each}
              own={saved.session_modes[each.sessionId] ?? null}
              usual={saved.agent_mode}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

interface ModeProps {
  readonly session: EventSession;
  readonly own: Mode | null;
  readonly usual: Mode;
}

function SessionMode({ session, own, usual }: ModeProps) {
  const change = useSetMode(session.sessionId, {
    onDone: (done) => {
      toast.success(`${nameOf(session)}: ${ownModeInWords(done)}`);
    },
    onRefused: (problem) => {
      toast.error("The mode stays as it was", { description: problem.message });
    },
  });
  const shown = change.isPending ? change.variables : own;
  return (
    <li>
      <span className={css.sessionName}>{nameOf(session)}</span>
      <OwnMode
        label={`Mode of ${nameOf(session)}`}
        mode={shown ?? usual}
        own={shown}
        disabled={change.isPending}
        onChange={(mode) => {
          change.mutate(mode);
        }}
      />
    </li>
  );
}
