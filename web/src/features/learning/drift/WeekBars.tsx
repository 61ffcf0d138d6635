import { classes } from "@/ui/classes";
import css from "./Drift.module.css";
import { dayOf, shortOf, type Shift, subjectOf } from "./words";

interface Props {
  readonly shift: Shift;
  /** Where the weeks of late begin, in epoch seconds. */
  readonly partedAt: number;
}

/** A value for each week, as a bar and in figures; those of late are filled. */
export function WeekBars({ shift, partedAt }: Props) {
  const most = Math.max(...shift.weeks.map((each) => each.value), Number.MIN_VALUE);
  return (
    <ol className={css.weeks} aria-label={`${subjectOf(shift)}, week by week`}>
      {shift.weeks.map(({ at, value }) => (
        <li key={at}>
          <span>{shortOf(shift, value)}</span>
          <span
            className={classes(css.bar, at >= partedAt && css.late)}
            style={{ height: `${((value / most) * 3).toFixed(2)}rem` }}
            aria-hidden="true"
          />
          <span className={css.day}>{dayOf(at)}</span>
        </li>
      ))}
    </ol>
  );
}
