import css from "./Strategies.module.css";
import { type Way, wayInWords } from "./words";

/** Both ways by their names, and what each of them does. */
export function Ways({ ways }: { readonly ways: readonly (Way & { readonly name: string })[] }) {
  return (
    <dl className={css.ways}>
      {ways.map((each) => (
        <div key={each.name}>
          <dt>{each.name}</dt>
          <dd>{wayInWords(each)}</dd>
        </div>
      ))}
    </dl>
  );
}
