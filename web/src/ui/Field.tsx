import { type ReactNode, useId } from "react";
import { classes } from "./classes";
import css from "./Field.module.css";

interface InputProps {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

interface Props {
  readonly label: string;
  /** What it means, under the field. */
  readonly hint?: ReactNode;
  /** What is wrong with it. */
  readonly fault?: string | undefined;
  /** How long the text is and may be. */
  readonly length?: readonly [number, number];
  /** Beside the field. */
  readonly aside?: ReactNode;
  /** Smaller words, where there is little room. */
  readonly dense?: boolean;
  readonly children: (input: InputProps) => ReactNode;
}

/** A field with its label, what it means, and what is wrong with it where it is wrong. */
export function Field({ label, hint, fault, length, aside, dense = false, children }: Props) {
  const id = useId();
  const described = [
    hint === undefined ? null : `${id}-hint`,
    fault === undefined ? null : `${id}-fault`,
  ].filter((each) => each !== null);
  return (
    <div className={classes(css.field, dense && css.dense)}>
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
          "aria-describedby": described.length === 0 ? undefined : described.join(" "),
        })}
        {aside}
      </div>
      {fault !== undefined && <Fault id={`${id}-fault`}>{fault}</Fault>}
      {hint !== undefined && <Hint id={`${id}-hint`}>{hint}</Hint>}
    </div>
  );
}

interface WordsProps {
  readonly id?: string;
  /** Read out at once: for what came of something that somebody did. */
  readonly isAlert?: boolean;
  readonly children: ReactNode;
}

/** What is wrong. */
export function Fault({ id, isAlert = false, children }: WordsProps) {
  return (
    <p id={id} className={css.fault} role={isAlert ? "alert" : undefined}>
      {children}
    </p>
  );
}

/** What something means, in small. */
export function Hint({ id, children }: Omit<WordsProps, "isAlert">) {
  return (
    <p id={id} className={css.hint}>
      {children}
    </p>
  );
}
