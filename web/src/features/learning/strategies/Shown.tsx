import css from "./Strategies.module.css";
import { Ways } from "./Ways";
import { percentOf, standingOf, type Test, unitsOf } from "./words";

/** What a test has shown so far: the sentence first, the figures below. */
export function Shown({ test }: { readonly test: Test }) {
  const { words } = standingOf(test);
  return (
    <>
      {test.is_misdealt ? (
        <p className={css.warning} role="alert">
          {words}
        </p>
      ) : (
        <p className={css.answer}>{words}</p>
      )}
      <Ways ways={test.variants} />
      <table className={css.table}>
        <caption className={css.caption}>
          All minutes since it began, whatever was done in them. Votes in the agent’s own polls and answers to
          it do not count here, so that asking more makes no way look better. What a room does by itself in
          the minute after an act does not count either, not even where it recovers: whichever way acts more
          looks a little worse than it is.
        </caption>
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">{unitsOf(test.design)}</th>
            <th scope="col">Minutes</th>
            <th scope="col">Score</th>
          </tr>
        </thead>
        <tbody>
          {test.variants.map((each) => (
            <tr key={each.name}>
              <th scope="row">{each.name}</th>
              <td>{each.units}</td>
              <td>
                {each.minutes}
                {each.unknown_minutes > 0 && (
                  <span className={css.soft}> and {each.unknown_minutes} unknown</span>
                )}
              </td>
              <td>{percentOf(each.score)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
