import { justEnded, type Outages } from "@/core/outages";
import { timeOfDay } from "@/core/times";
import { OUTAGE_WORDS } from "@/core/words";
import { Banner } from "./Banner";
import css from "./OutageBanners.module.css";

interface Props {
  readonly outages: Outages;
  /** Epoch seconds. */
  readonly now: number;
}

/** What the agent does without, since when, and what that means; and for a while that it is over. */
export function OutageBanners({ outages, now }: Props) {
  const ended = justEnded(outages, now);
  return (
    <div className={css.banners} role="status">
      {outages.now.map(({ component, since }) => (
        <Banner key={component} tone="fair">
          <span>
            <strong>
              {OUTAGE_WORDS[component].gone}, since {timeOfDay(since, false)}.
            </strong>{" "}
            {OUTAGE_WORDS[component].means}
          </span>
        </Banner>
      ))}
      {ended !== null && (
        <Banner tone="high">
          {OUTAGE_WORDS[ended.component].back}, after {inWords(ended.until - ended.since)}.
        </Banner>
      )}
    </div>
  );
}

function inWords(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}
