import css from "./Drift.module.css";
import { chanceInWords, type Drift, subjectOf, valueOf } from "./words";

/** All that was compared, for whoever wants the figures. */
export function Compared({ drift }: { readonly drift: Drift }) {
  return (
    <details className={css.details}>
      <summary>All that was compared ({drift.shifts.length})</summary>
      {/* What scrolls can be scrolled by the keyboard, which needs the focus on it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={css.scroll} tabIndex={0} role="region" aria-label="All that was compared">
        <table className={css.table}>
          <caption className={css.caption}>
            On average, and of how many sessions, interventions or rooms left alone
          </caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Before</th>
              <th scope="col">Of late</th>
              <th scope="col">By chance alone</th>
            </tr>
          </thead>
          <tbody>
            {drift.shifts.map((each) => (
              <tr key={subjectOf(each)}>
                <th scope="row">{subjectOf(each)}</th>
                <td>
                  {valueOf(each, each.before)}
                  <span className={css.count}> of {each.count_before}</span>
                </td>
                <td>
                  {valueOf(each, each.after)}
                  <span className={css.count}> of {each.count_after}</span>
                </td>
                <td>{chanceInWords(each.p_value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
