import * as Radix from "@radix-ui/react-switch";
import { type ReactNode, useId } from "react";
import css from "./Switch.module.css";

interface Props {
  readonly label: ReactNode;
  /** What it means to have it on, under the label. */
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

/** On or off, with words beside it that can be clicked too. */
export function Switch({ label, hint, checked, onChange, disabled = false }: Props) {
  const id = useId();
  return (
    <div className={css.row}>
      <Radix.Root
        id={id}
        className={css.track}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      >
        <Radix.Thumb className={css.thumb} />
      </Radix.Root>
      <div>
        <label className={css.label} htmlFor={id}>
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className={css.hint}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
