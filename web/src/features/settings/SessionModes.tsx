import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Mode } from "@/core/model";
import { nameOf } from "@/core/sessions";
import { MODE_WORDS } from "@/core/words";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { Fault } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import { ToggleGroup } from "@/ui/ToggleGroup";
import type { Saved } from "./draft";
import css from "./SettingsPage.module.css";
import { type EventSession, useEventSessions } from "./useSettings";

const MODES = (["MANUAL", "SEMI_AUTO", "AUTO"] as const).map((value) => ({
  value,
  label: MODE_WORDS[value],
}));

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
        An open session can have a mode of its own, which stays when the event’s mode changes. It is in force
        at once.
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
              eventId={eventId}
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
  readonly eventId: string;
}

function SessionMode({ session, own, usual, eventId }: ModeProps) {
  const queries = useQueryClient();
  const change = useMutation<unknown, Problem, Mode>({
    mutationFn: async (mode) => {
      const params = { path: { session_id: session.sessionId } };
      return answer(api.PUT("/api/v1/agent/sessions/{session_id}/mode", { params, body: { mode } }));
    },
    onSuccess: async (_, mode) => {
      toast.success(`${nameOf(session)}: ${MODE_WORDS[mode]}`);
      await queries.invalidateQueries({ queryKey: ["settings", eventId] });
    },
    onError: (problem) => {
      toast.error("The mode stays as it was", { description: problem.message });
    },
  });
  const shown = change.isPending ? change.variables : (own ?? usual);
  return (
    <li>
      <span className={css.sessionName}>
        {nameOf(session)} {own === null && <Badge>as the event</Badge>}
      </span>
      <ToggleGroup
        label={`Mode of ${nameOf(session)}`}
        value={shown}
        options={MODES}
        disabled={change.isPending}
        onChange={(mode) => {
          change.mutate(mode);
        }}
      />
    </li>
  );
}
