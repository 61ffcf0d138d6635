import { type ReactNode, useId } from "react";
import css from "./Check.module.css";
import { classes } from "./classes";
import { Hint } from "./Field";

interface Props {
  readonly label: ReactNode;
  /** What it means to have it chosen, under the label. */
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** One of several, of which one is chosen: the name that they share. */
  readonly oneOf?: string;
  /** Smaller, where there is little room. */
  readonly dense?: boolean;
}

/** A box to tick, or one of several to choose from, with words beside it that can be clicked too. */
export function Check({ label, hint, checked, onChange, oneOf, dense = false }: Props) {
  const id = useId();
  return (
    <div className={classes(css.check, dense && css.dense)}>
      <input
        id={id}
        type={oneOf === undefined ? "checkbox" : "radio"}
        name={oneOf}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        checked={checked}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && <Hint id={`${id}-hint`}>{hint}</Hint>}
      </div>
    </div>
  );
}
