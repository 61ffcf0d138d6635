import { Button } from "@/ui/Button";
import { Fault } from "@/ui/Field";
import css from "./SettingsPage.module.css";

interface Props {
  readonly busy: boolean;
  readonly faulty: boolean;
  /** Why it was not saved, where that belongs to no field. */
  readonly problem: string;
  readonly onUndo: () => void;
}

/** Stays in sight for as long as something is not saved. */
export function SaveBar({ busy, faulty, problem, onUndo }: Props) {
  const word =
    problem !== ""
      ? `Not saved: ${problem}`
      : faulty
        ? "Not saved: see what is marked above."
        : busy
          ? "Saving…"
          : "Not saved yet";
  return (
    <div className={css.bar}>
      {problem !== "" || faulty ? <Fault isAlert>{word}</Fault> : <p role="status">{word}</p>}
      <div className={css.actions}>
        <Button look="quiet" onClick={onUndo} disabled={busy}>
          Undo
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          Save
        </Button>
      </div>
    </div>
  );
}
