import { conditionOf } from "@/core/condition";
import type { SessionState } from "@/core/session";
import { PLACES } from "@/core/tour";
import { CONDITION_WORDS, percent } from "@/core/words";
import { Card } from "@/ui/Card";
import { Skeleton } from "@/ui/Skeleton";
import { classes } from "@/ui/classes";
import css from "./PartCards.module.css";
import { cardsOf, NORMAL_LEVEL, type PartCard, type Trend } from "./parts";

const ARROWS: Readonly<Record<Trend, readonly [string, string]>> = {
  rising: ["↗", "rising"],
  falling: ["↘", "falling"],
  steady: ["→", "steady"],
  unknown: ["", ""],
};

/** What the score is made of: what was counted in the room, and how many points each part adds. */
export function PartCards({ state }: { readonly state: SessionState }) {
  const cards = cardsOf(state.parts, state.signals, state.scores);
  return (
    <Card
      data-tour={PLACES.parts}
      title="What the score is made of"
      aside={<Sum cards={cards} state={state} />}
    >
      <ul className={css.parts}>
        {cards.length === 0
          ? Array.from({ length: 5 }, (_, index) => <Skeleton key={index} height="7.5rem" />)
          : cards.map((card) => <Part key={card.name} card={card} />)}
      </ul>
    </Card>
  );
}

function Sum({ cards, state }: { readonly cards: readonly PartCard[]; readonly state: SessionState }) {
  if (state.score === null || cards.length === 0) return null;
  const condition = conditionOf(state);
  const counted = cards.filter((each) => each.pointsAtMost > 0);
  if (counted.length === 0) return null;
  return (
    <p className={css.sum}>
      {counted.map((each) => each.points).join(" + ")} = <strong>{percent(state.score)}</strong>
      {condition !== null && <span className="unseen"> ({CONDITION_WORDS[condition]})</span>}
    </p>
  );
}

function Part({ card }: { readonly card: PartCard }) {
  const [arrow, word] = ARROWS[card.trend];
  return (
    <li className={classes(css.part, card.pointsAtMost === 0 && css.idle)}>
      <div className={css.title}>
        <h3>{card.title}</h3>
        {arrow !== "" && (
          <span className={css[card.trend]} title={`${word} within the last minute`}>
            <span aria-hidden="true">{arrow}</span>
            <span className="unseen">{word}</span>
          </span>
        )}
      </div>
      <p className={css.figure}>
        <strong>{card.figure}</strong> <span>{card.unit}</span>
      </p>
      {card.pointsAtMost === 0 ? (
        <p className={css.points}>does not count here yet</p>
      ) : (
        <>
          <div className={css.track} aria-hidden="true">
            <span style={{ width: `${card.level * 100}%` }} />
            <i style={{ left: `${NORMAL_LEVEL * 100}%` }} title="normal" />
          </div>
          <p className={css.points}>
            <strong>+{card.points}</strong> of {card.pointsAtMost}
            <span className="unseen"> points of the score</span>
          </p>
        </>
      )}
    </li>
  );
}
