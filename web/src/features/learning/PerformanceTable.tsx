import { useState } from "react";
import { ARM_WORDS, percent, signedPercent } from "@/core/words";
import { classes } from "@/ui/classes";
import css from "./LearningPage.module.css";
import { circumstances, clicked, type Column, contextKey, type Order, ordered, type Row } from "./rows";

const COLUMNS: readonly { readonly column: Column; readonly label: string; readonly isFigure: boolean }[] = [
  { column: "type", label: "Intervention", isFigure: false },
  { column: "context", label: "When", isFigure: false },
  { column: "attempts", label: "Attempts", isFigure: true },
  { column: "success_rate", label: "Success", isFigure: true },
  { column: "mean_delta", label: "Score, on average", isFigure: true },
];

/** Success by arm and context; a click on a head orders by it. */
export function PerformanceTable({ rows }: { readonly rows: readonly Row[] }) {
  const [order, setOrder] = useState<Order>({ column: "attempts", isDown: true });
  return (
    <div className={css.scroll} role="region" aria-label="Success by intervention and circumstances">
      <table className={css.table}>
        <thead>
          <tr>
            {COLUMNS.map(({ column, label, isFigure }) => (
              <th
                key={column}
                scope="col"
                className={classes(isFigure && css.number)}
                aria-sort={order.column !== column ? "none" : order.isDown ? "descending" : "ascending"}
              >
                <button
                  type="button"
                  onClick={() => {
                    setOrder(clicked(order, column));
                  }}
                >
                  {label}
                  <span aria-hidden="true">{order.column !== column ? " " : order.isDown ? "▾" : "▴"}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered(rows, order).map((row) => (
            <tr key={`${row.type} ${contextKey(row.context)} ${row.context.engagement_bucket}`}>
              <th scope="row">{ARM_WORDS[row.type]}</th>
              <td>
                {circumstances(row.context)}
                <span className={css.soft}> · score {row.context.engagement_bucket}</span>
              </td>
              <td className={css.number} data-label="Attempts">
                {row.attempts}
              </td>
              <td className={css.number} data-label="Success">
                {percent(row.success_rate)} <span className={css.soft}>({row.successes})</span>
              </td>
              <td className={css.number} data-label="Score">
                {signedPercent(row.mean_delta)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
