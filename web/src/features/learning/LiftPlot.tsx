import { classes } from "@/ui/classes";
import css from "./LiftPlot.module.css";
import { inPoints, type LiftRow, placeOf, rowName, spanOf, STATUS_BADGES } from "./lift";
import { PlotTable } from "./PlotTable";

interface Props {
  readonly overall: LiftRow;
  readonly rows: readonly LiftRow[];
}

/** A forest plot: a line for each interval, a dot for each estimate, and "no difference" in the middle. */
export function LiftPlot({ overall, rows }: Props) {
  const span = spanOf([overall, ...rows]);
  return (
    <PlotTable
      className={css.plot}
      caption="Difference in points of score, with the interval that holds the truth"
      first="What"
      ticks={[inPoints(-span), inPoints(0), `+${inPoints(span)}`]}
      figures={["Points", "Done / left alone"]}
    >
      <Row row={overall} name="Everything" span={span} />
      {rows.map((each) => (
        <Row key={rowName(each)} row={each} name={rowName(each)} span={span} />
      ))}
    </PlotTable>
  );
}

function Row({ row, name, span }: { readonly row: LiftRow; readonly name: string; readonly span: number }) {
  const { low, high, estimate } = row;
  return (
    <tr title={STATUS_BADGES[row.status].words}>
      <th scope="row">{name}</th>
      <td className={css.cell}>
        <div className={css.picture}>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <line className={css.zero} x1={50} x2={50} y1={0} y2={10} />
            {low !== null && high !== null && (
              <line
                className={classes(css.interval, css[row.status])}
                x1={placeOf(low, span) * 100}
                x2={placeOf(high, span) * 100}
                y1={5}
                y2={5}
              />
            )}
          </svg>
          {estimate !== null && (
            <span
              className={classes(css.dot, css[row.status])}
              style={{ left: `${(placeOf(estimate, span) * 100).toFixed(1)}%` }}
              aria-hidden="true"
            />
          )}
        </div>
      </td>
      <td className={css.points}>
        {low === null || high === null || estimate === null ? (
          <span className={css.soft}>not known yet</span>
        ) : (
          <>
            {inPoints(estimate)}{" "}
            <span className={css.soft}>
              ({inPoints(low)} to {inPoints(high)})
            </span>
          </>
        )}
      </td>
      <td className={classes(css.points, css.soft)}>
        {row.treated} / {row.held_out}
      </td>
    </tr>
  );
}
