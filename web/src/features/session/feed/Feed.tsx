import { memo, useState } from "react";
import { useNow } from "@/api/sessions";
import type { FeedEntry } from "@/core/feed";
import { PLACES } from "@/core/tour";
import { ago } from "@/core/words";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/States";
import { classes } from "@/ui/classes";
import tones from "@/ui/tones.module.css";
import { MadeBy } from "../MadeBy";
import css from "./Feed.module.css";
import { entryInWords } from "./words";

/** As many as are shown at first. */
const SHOWN = 12;

interface Props {
  readonly feed: readonly FeedEntry[];
}

/** What happened, newest first, each with what became of it. Most scores change nothing in it. */
export const Feed = memo(function Feed({ feed }: Props) {
  const now = useNow(10_000);
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? feed : feed.slice(0, SHOWN);
  return (
    <Card data-tour={PLACES.feed} title="Activity">
      {feed.length === 0 ? (
        <EmptyState title="Nothing has happened yet">
          <p>Falls, decisions, interventions and what came of them are listed here.</p>
        </EmptyState>
      ) : (
        <div role="log" aria-label="Activity, newest first" aria-live="off">
          <ol className={css.feed}>
            {shown.map((entry) => (
              <Entry key={`${entry.kind} ${entry.id}`} entry={entry} now={now} />
            ))}
          </ol>
        </div>
      )}
      {feed.length > SHOWN && (
        <Button
          small
          look="quiet"
          onClick={() => {
            setIsWhole(!isWhole);
          }}
        >
          {isWhole ? "Show less" : `Show all ${feed.length}`}
        </Button>
      )}
    </Card>
  );
});

function Entry({ entry, now }: { readonly entry: FeedEntry; readonly now: number }) {
  const { title, lines, badge, glyph, tone } = entryInWords(entry);
  const at = new Date(entry.at * 1000);
  return (
    <li className={css.entry}>
      <span className={classes(css.glyph, tones[tone])} aria-hidden="true">
        {glyph}
      </span>
      <div className={css.body}>
        <p className={css.title}>
          <strong>{title}</strong>
          {badge !== null && <Badge tone={badge[0]}>{badge[1]}</Badge>}
          {entry.kind === "decision" && (
            <MadeBy by={entry.intervention?.generation ?? entry.decision.generation} />
          )}
        </p>
        {lines.map((each) => (
          <p key={each}>{each}</p>
        ))}
      </div>
      <time dateTime={at.toISOString()} title={at.toLocaleString()}>
        {ago(entry.at, now)}
      </time>
    </li>
  );
}
