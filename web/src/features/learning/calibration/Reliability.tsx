import { percent } from "@/core/words";
import { classes } from "@/ui/classes";
import { PlotTable } from "../PlotTable";
import css from "./Reliability.module.css";
import { isOff, spanOf, type Tenth } from "./words";

/** A row for each tenth: what was said (a mark), how many recovered (a dot), and where that lies with 95 % (a line). */
export function Reliability({ tenths }: { readonly tenths: readonly Tenth[] }) {
  return (
    <PlotTable
      className={css.table}
      caption={`The mark is what it said, the dot how many rooms recovered, the line where that lies with 95\u00a0%`}
      first="It said"
      ticks={["0 %", "50 %", "100 %"]}
      figures={["Recovered", "Decisions"]}
    >
      {tenths.map((each) => (
        <Row key={each.from_confidence} tenth={each} />
      ))}
    </PlotTable>
  );
}

function Row({ tenth }: { readonly tenth: Tenth }) {
  const { confidence, recovered, low, high, decisions } = tenth;
  const off = isOff(tenth) && css.off;
  return (
    <tr>
      <th scope="row">{spanOf(tenth)}</th>
      <td className={css.cell}>
        <div className={css.picture} aria-hidden="true">
          <span className={classes(css.interval, off)} style={{ left: share(low), right: share(1 - high) }} />
          <span className={css.said} style={{ left: share(confidence) }} />
          <span className={classes(css.dot, off)} style={{ left: share(recovered) }} />
        </div>
      </td>
      <td>
        {percent(recovered)}{" "}
        <span className={css.soft}>
          ({Math.round(low * 100)} to {Math.round(high * 100)})
        </span>
      </td>
      <td className={css.soft}>{decisions}</td>
    </tr>
  );
}

function share(ratio: number): string {
  return `${(ratio * 100).toFixed(1)}%`;
}
