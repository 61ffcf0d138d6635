import { type ReactNode, useId } from "react";
import css from "./EditForm.module.css";

interface InputProps {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

interface Props {
  readonly label: string;
  readonly fault: string | undefined;
  /** How long the text is and may be. */
  readonly length?: readonly [number, number];
  readonly aside?: ReactNode;
  readonly children: (input: InputProps) => ReactNode;
}

/** A field with its label, and what is wrong with it where it is wrong. */
export function Field({ label, fault, length, aside, children }: Props) {
  const id = useId();
  const faultId = `${id}-fault`;
  return (
    <div className={css.field}>
      <div className={css.caption}>
        <label htmlFor={id}>{label}</label>
        {length && (
          <span aria-hidden="true">
            {length[0]} / {length[1]}
          </span>
        )}
      </div>
      <div className={css.line}>
        {children({
          id,
          "aria-invalid": fault !== undefined,
          "aria-describedby": fault === undefined ? undefined : faultId,
        })}
        {aside}
      </div>
      {fault !== undefined && (
        <p id={faultId} className={css.fault}>
          {fault}
        </p>
      )}
    </div>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label className={css.check}>
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      {label}
    </label>
  );
}
