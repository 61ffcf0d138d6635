import { useId, useState } from "react";
import { Card } from "@/ui/Card";
import { Hint } from "@/ui/Field";
import { EmptyState } from "@/ui/States";
import page from "../LearningPage.module.css";
import { Parted } from "../Parted";
import type { Scope } from "../scope";
import { Where } from "../Where";
import css from "./Drift.module.css";
import { Compared } from "./Compared";
import { useDrift } from "./useDrift";
import { WeekBars } from "./WeekBars";
import {
  BEFORE_WEEKS,
  beforeInWords,
  type Drift,
  lateInWords,
  LEAST_COMPARED,
  lengthInWords,
  movedInWords,
  subjectOf,
  toldOf,
  tooFewInWords,
} from "./words";

/** Scores are kept for 90 days unless somebody says otherwise: longer ones would lack a past. */
const LENGTHS = [1, 2, 3] as const;

/** Whether sessions and interventions go as they did, or something has changed of late. */
export function DriftCard({ eventId }: { readonly eventId: string }) {
  const [scope, setScope] = useState<Scope>("event");
  const [weeks, setWeeks] = useState<number>(2);
  const id = useId();
  const query = useDrift(scope === "event" ? eventId : null, weeks);
  return (
    <Card title="Has anything changed?" aside={<Where scope={scope} onChange={setScope} />}>
      <div className={css.drift}>
        <div className={page.choice}>
          <label htmlFor={id}>Compare</label>
          <select
            id={id}
            value={weeks}
            onChange={(event) => {
              setWeeks(Number(event.target.value));
            }}
          >
            {LENGTHS.map((each) => (
              <option key={each} value={each}>
                {lengthInWords(each)}
              </option>
            ))}
          </select>
        </div>
        <Parted
          what="comparison"
          query={query}
          height="8rem"
          refused="Only organisers of this event can see this."
        >
          {(drift) => <Told drift={drift} weeks={weeks} />}
        </Parted>
      </div>
    </Card>
  );
}

function Told({ drift, weeks }: { readonly drift: Drift; readonly weeks: number }) {
  if (drift.shifts.length === 0) {
    return (
      <EmptyState title="Nothing to compare yet">
        <p>
          {sessionsInWords(drift.sessions)} in these {weeks * (1 + BEFORE_WEEKS)} weeks. It takes{" "}
          {LEAST_COMPARED} of one kind in the {lateInWords(weeks)}, and as many in the {beforeInWords(weeks)}{" "}
          before. Each must have lasted five minutes at least.
        </p>
      </EmptyState>
    );
  }
  const tooFew = tooFewInWords(drift);
  return (
    <>
      <ul className={css.told}>
        {toldOf(drift, weeks).map(({ about, changes, rest }) => (
          <li key={about}>
            {changes.map((each) => (
              <div key={subjectOf(each)} className={css.change}>
                <p className={page.answer}>{movedInWords(each)}</p>
                <WeekBars shift={each} partedAt={drift.parted_at} />
              </div>
            ))}
            {rest !== "" && <p className={changes.length === 0 ? page.answer : undefined}>{rest}</p>}
          </li>
        ))}
      </ul>
      {tooFew !== null && <p className={page.soft}>{tooFew}</p>}
      <Compared drift={drift} />
      <Hint>
        “Changed” is what chance would hardly ever do: where nothing changes, one look in twenty errs. “As
        before” is no proof: small changes do not show in few sessions. Each session counts once, and kinds of
        sessions are compared by themselves.
      </Hint>
    </>
  );
}

function sessionsInWords(sessions: number): string {
  if (sessions === 0) return "There was no session that could be compared";
  return sessions === 1 ? "There was 1 session" : `There were ${sessions} sessions`;
}
