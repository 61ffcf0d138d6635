import type { Mode } from "@/core/model";
import { ModeToggle } from "./ModeToggle";
import css from "./OwnMode.module.css";

interface Props {
  /** Whose mode it is, for screen readers. */
  readonly label: string;
  /** The one in force. */
  readonly mode: Mode | null;
  /** The session's own; null where it follows its event, undefined while that is not known. */
  readonly own: Mode | null | undefined;
  readonly onChange: (own: Mode | null) => void;
  readonly disabled?: boolean;
}

/** The mode of one session, whether it is the event's, and the way back to that. */
export function OwnMode({ label, mode, own, onChange, disabled = false }: Props) {
  return (
    <div className={css.mode}>
      <ModeToggle label={label} mode={mode} onChange={onChange} disabled={disabled} />
      {own === null && <span className={css.soft}>as the event</span>}
      {own != null && (
        <button
          type="button"
          className={css.back}
          disabled={disabled}
          title="Take the event’s mode again, now and whenever it changes"
          onClick={() => {
            onChange(null);
          }}
        >
          As the event
        </button>
      )}
    </div>
  );
}
