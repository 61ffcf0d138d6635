import type { HTMLAttributes, ReactNode } from "react";
import { useId } from "react";
import { classes } from "./classes";
import css from "./Card.module.css";

interface Props extends Omit<HTMLAttributes<HTMLElement>, "title"> {
  /** A heading; screen readers find the card by it. */
  readonly title?: ReactNode;
  /** What stands at the right of the heading. */
  readonly aside?: ReactNode;
}

export function Card({ title, aside, className, children, ...rest }: Props) {
  const id = useId();
  return (
    <section
      {...rest}
      className={classes(css.card, className)}
      aria-labelledby={title === undefined ? undefined : id}
    >
      {title !== undefined && (
        <header className={css.header}>
          <h2 id={id}>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
