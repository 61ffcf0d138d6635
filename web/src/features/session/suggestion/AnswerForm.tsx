import type { ReactNode, Ref, SyntheticEvent } from "react";
import { Button } from "@/ui/Button";
import css from "./EditForm.module.css";

interface Props {
  readonly ref: Ref<HTMLFormElement>;
  readonly label: string;
  /** What the button says that sends it. */
  readonly send: string;
  readonly look: "primary" | "danger";
  readonly busy: boolean;
  readonly onSend: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** The frame of what an answer takes: fields, sending it, and the way back. */
export function AnswerForm({ ref, label, send, look, busy, onSend, onCancel, children }: Props) {
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onSend();
  };
  return (
    <form ref={ref} className={css.form} onSubmit={submit} noValidate aria-label={label}>
      {children}
      <div className={css.actions}>
        <Button type="submit" look={look} busy={busy}>
          {send}
        </Button>
        <Button look="quiet" onClick={onCancel} disabled={busy}>
          Back
        </Button>
      </div>
    </form>
  );
}
