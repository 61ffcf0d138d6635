import type { ReactNode } from "react";
import { classes } from "@/ui/classes";
import { Axis } from "./Axis";
import css from "./PlotTable.module.css";

interface Props {
  readonly caption: string;
  /** What each row is about. */
  readonly first: string;
  /** Both ends of the axis, and its middle. */
  readonly ticks: readonly [string, string, string];
  /** What stands after the picture. */
  readonly figures: readonly string[];
  readonly className: string | undefined;
  readonly children: ReactNode;
}

/** A table whose second column is a picture, on one axis for all rows; where it is narrow, the picture has a line of its own. */
export function PlotTable({ caption, first, ticks, figures, className, children }: Props) {
  return (
    <table className={classes(css.table, className)}>
      <caption className={css.caption}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <th scope="col">
            <Axis className={css.axis} ticks={ticks} />
            <span className="unseen">Picture</span>
          </th>
          {figures.map((each) => (
            <th key={each} scope="col">
              {each}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
