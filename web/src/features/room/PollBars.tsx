import type { PollView } from "@/core/room";
import { barsOf } from "@/core/roomShown";
import { percent } from "@/core/words";
import { classes } from "@/ui/classes";
import { TickIcon } from "@/ui/icons";
import css from "./Poll.module.css";

interface Props {
  readonly poll: PollView;
  readonly isOpen: boolean;
}

/** How the votes stand. */
export function PollBars({ poll, isOpen }: Props) {
  const bars = barsOf(poll);
  const total = poll.results?.total ?? 0;
  return (
    <>
      <ul className={css.bars} aria-label={isOpen ? "How the votes stand" : "How the votes stood"}>
        {bars.map((each) => (
          <li key={each.id} className={classes(css.bar, each.isLeading && css.leading)}>
            <span
              className={css.fill}
              style={{ transform: `scaleX(${each.share.toFixed(4)})` }}
              aria-hidden="true"
            />
            <span className={css.text}>
              {each.text}
              {each.isOwn && (
                <span className={css.ownVote}>
                  <TickIcon /> Your vote
                </span>
              )}
            </span>
            <span className={css.share}>
              {percent(each.share)}
              <span className="unseen">, {each.votes} votes</span>
            </span>
          </li>
        ))}
      </ul>
      <p className={css.note}>
        {total === 1 ? "1 vote" : `${total} votes`}
        {isOpen ? " so far" : " in all"}
      </p>
    </>
  );
}
