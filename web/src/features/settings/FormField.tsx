import { type ReactNode, useId } from "react";
import css from "./SettingsPage.module.css";

interface InputProps {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

interface Props {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  readonly children: (input: InputProps) => ReactNode;
}

/** A field with its label, what it means, and what is wrong with it. */
export function FormField({ label, hint, fault, children }: Props) {
  const id = useId();
  const described = [
    hint === undefined ? null : `${id}-hint`,
    fault === undefined ? null : `${id}-fault`,
  ].filter((each) => each !== null);
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-invalid": fault !== undefined,
        "aria-describedby": described.length === 0 ? undefined : described.join(" "),
      })}
      {fault !== undefined && (
        <p id={`${id}-fault`} className={css.fault}>
          {fault}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={css.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
