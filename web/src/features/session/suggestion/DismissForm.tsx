import { useState } from "react";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { focusWithin } from "@/ui/focus";
import { AnswerForm } from "./AnswerForm";
import css from "./EditForm.module.css";

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
  const submit = () => {
    if (fault === undefined) onDismiss(reason.trim());
  };
  return (
    <AnswerForm
      ref={focusWithin}
      label="Dismiss the suggestion"
      send="Dismiss"
      look="danger"
      busy={busy}
      onSend={submit}
      onCancel={onCancel}
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
      <Field dense label="Reason (may stay empty)" fault={fault}>
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
    </AnswerForm>
  );
}
