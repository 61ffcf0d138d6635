import { memo, useEffect, useState } from "react";
import type { Deeds } from "@/api/rooms";
import type { ReactionTick } from "@/core/room";
import css from "./Reactions.module.css";

const OFFERED = [
  ["👍", "Thumbs up"],
  ["👏", "Applause"],
  ["❤️", "Heart"],
  ["😂", "Laughing"],
  ["😮", "Surprised"],
  ["🎉", "Party"],
] as const;

/** Others' emoji that are shown beside those that are offered. */
const OTHERS_SHOWN = 3;
/** As long as a count is in sight; `rise` in the style sheet takes as long. */
const SHOWN_MS = 1_400;

interface Props {
  readonly tick: ReactionTick;
  readonly deeds: Deeds;
  readonly disabled: boolean;
}

export const Reactions = memo(function Reactions({ tick, deeds, disabled }: Props) {
  const counts = useFresh(tick);
  const offered = new Set<string>(OFFERED.map(([emoji]) => emoji));
  const others = [...counts].filter(([emoji]) => !offered.has(emoji)).slice(0, OTHERS_SHOWN);
  return (
    <div className={css.row} role="group" aria-label="Reactions">
      {OFFERED.map(([emoji, name]) => (
        <button
          key={emoji}
          type="button"
          className={css.button}
          title={name}
          disabled={disabled}
          onClick={() => {
            deeds.react(emoji);
          }}
        >
          <span aria-hidden="true">{emoji}</span>
          <span className="unseen">{name}</span>
          <Count key={tick.at} of={counts.get(emoji)} />
        </button>
      ))}
      {others.map(([emoji, count]) => (
        <span key={emoji} className={css.other} aria-hidden="true">
          {emoji}
          <Count key={tick.at} of={count} />
        </span>
      ))}
    </div>
  );
});

function Count({ of: count }: { readonly of: number | undefined }) {
  if (count === undefined) return null;
  return (
    <span className={css.count} aria-hidden="true">
      +{count}
    </span>
  );
}

const NONE: ReadonlyMap<string, number> = new Map();

/** The counts of the last tick, for as long as they are news. */
function useFresh(tick: ReactionTick): ReadonlyMap<string, number> {
  const [over, setOver] = useState(tick.at);
  useEffect(() => {
    const timer = setTimeout(() => {
      setOver(tick.at);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [tick.at]);
  return over === tick.at ? NONE : tick.counts;
}
