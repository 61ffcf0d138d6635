import { classes } from "@/ui/classes";
import css from "./Axis.module.css";

interface Props {
  /** From the beginning to the end. */
  readonly ticks: readonly string[];
  readonly className: string | undefined;
}

/** What an axis measures, under or above a picture that says the same in words. */
export function Axis({ ticks, className }: Props) {
  return (
    <span className={classes(css.axis, className)} aria-hidden="true">
      {ticks.map((each) => (
        <span key={each}>{each}</span>
      ))}
    </span>
  );
}
