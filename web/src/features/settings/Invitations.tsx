import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { answer, api, type Schemas } from "@/api/client";
import type { Problem } from "@/api/problem";
import { nameOf } from "@/core/sessions";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Fault, Field, Hint } from "@/ui/Field";
import { ToggleGroup } from "@/ui/ToggleGroup";
import { InvitationLink } from "./InvitationLink";
import css from "./SettingsPage.module.css";
import { useEventSessions } from "./useSettings";

type Invitation = Schemas["InvitedAnswer"];

const ROLES = [
  { value: "attendee", label: "Audience" },
  { value: "speaker", label: "Speaker" },
] as const;

const ROLE_MEANS = {
  attendee: "One link for everybody: each who opens it comes in as somebody new.",
  speaker: "For one person: it also opens the speaker’s strip, with slides and phases.",
} as const;

const HOUR_S = 3600;
const LENGTHS = [
  { seconds: 2 * HOUR_S, label: "2 hours" },
  { seconds: 12 * HOUR_S, label: "12 hours" },
  { seconds: 3 * 24 * HOUR_S, label: "3 days" },
  { seconds: 31 * 24 * HOUR_S, label: "31 days" },
] as const;
const USUAL_S = 12 * HOUR_S;

/** Links that let people into a session of the event. */
export function Invitations({ eventId }: { readonly eventId: string }) {
  const { data: sessions = [] } = useEventSessions(eventId);
  const [chosen, setChosen] = useState<string | null>(null);
  const [role, setRole] = useState<"attendee" | "speaker">("attendee");
  const [goodForS, setGoodForS] = useState<number>(USUAL_S);
  const sessionId = chosen ?? sessions[0]?.sessionId ?? null;
  const invitation = useMutation<Invitation, Problem, string>({
    mutationFn: async (into) => {
      const params = { path: { session_id: into } };
      const body = { role, ttl_s: goodForS };
      return answer(api.POST("/api/v1/sessions/{session_id}/invitations", { params, body }));
    },
  });
  const changed = (change: () => void) => {
    // A link that was made for something else is not to be handed on by mistake.
    invitation.reset();
    change();
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (sessionId !== null) invitation.mutate(sessionId);
  };
  return (
    <Card title="Invitations">
      {sessionId === null ? (
        <p className={css.soft}>
          Invitations lead into a session. As soon as this event has one, you can make them here.
        </p>
      ) : (
        <form className={css.fields} onSubmit={submit} aria-label="Invite">
          <div className={css.pair}>
            <Field label="Into">
              {(input) => (
                <select
                  {...input}
                  value={sessionId}
                  onChange={(event) => {
                    changed(() => {
                      setChosen(event.target.value);
                    });
                  }}
                >
                  {sessions.map((each) => (
                    <option key={each.sessionId} value={each.sessionId}>
                      {nameOf(each)}
                      {each.isOpen ? "" : " (not open)"}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label="Good for">
              {(input) => (
                <select
                  {...input}
                  value={goodForS}
                  onChange={(event) => {
                    changed(() => {
                      setGoodForS(Number(event.target.value));
                    });
                  }}
                >
                  {LENGTHS.map((each) => (
                    <option key={each.seconds} value={each.seconds}>
                      {each.label}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
          <div className={css.field}>
            <ToggleGroup
              label="For whom"
              value={role}
              options={ROLES}
              onChange={(whom) => {
                changed(() => {
                  setRole(whom);
                });
              }}
            />
            <Hint>{ROLE_MEANS[role]}</Hint>
          </div>
          <div className={css.actions}>
            <Button
              type="submit"
              look={invitation.isSuccess ? "secondary" : "primary"}
              busy={invitation.isPending}
            >
              Make a link
            </Button>
          </div>
          {invitation.isError && <Fault isAlert>No link could be made: {invitation.error.message}</Fault>}
          {invitation.isSuccess && (
            <InvitationLink key={invitation.data.invitation_id} invitation={invitation.data} />
          )}
        </form>
      )}
    </Card>
  );
}
