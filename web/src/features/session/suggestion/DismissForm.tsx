import { type SyntheticEvent, useState } from "react";
import { Button } from "@/ui/Button";
import { focusWithin } from "../focus";
import css from "./EditForm.module.css";
import { Field } from "./Field";

/** As long as the API takes. */
const REASON_CHARS = 500;

const COMMON = ["Not now", "The room is fine", "It does not fit the topic", "The speaker is at it already"];

interface Props {
  readonly busy: boolean;
  readonly onDismiss: (reason: string) => void;
  readonly onCancel: () => void;
}

/** Why not: kept in the log, and told to whoever comes later. */
export function DismissForm({ busy, onDismiss, onCancel }: Props) {
  const [reason, setReason] = useState("");
  const fault = reason.length > REASON_CHARS ? `${REASON_CHARS} characters at most.` : undefined;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (fault === undefined) onDismiss(reason.trim());
  };
  return (
    <form
      ref={focusWithin}
      className={css.form}
      onSubmit={submit}
      noValidate
      aria-label="Dismiss the suggestion"
    >
      <div className={css.actions} role="group" aria-label="Common reasons">
        {COMMON.map((each) => (
          <Button
            key={each}
            small
            aria-pressed={reason === each}
            onClick={() => {
              setReason(each);
            }}
          >
            {each}
          </Button>
        ))}
      </div>
      <Field label="Reason (may stay empty)" fault={fault}>
        {(input) => (
          <input
            {...input}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        )}
      </Field>
      <div className={css.actions}>
        <Button type="submit" look="danger" busy={busy}>
          Dismiss
        </Button>
        <Button look="quiet" onClick={onCancel} disabled={busy}>
          Back
        </Button>
      </div>
    </form>
  );
}
