import { useState } from "react";
import type { Schemas } from "@/api/client";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { Hint } from "@/ui/Field";
import { ToggleGroup } from "@/ui/ToggleGroup";
import css from "./LearningPage.module.css";
import { LiftPlot } from "./LiftPlot";
import { type LiftRow, sentencesOf, STATUS_BADGES } from "./lift";
import { Parted } from "./Parted";
import { useLift } from "./useLearning";

const SLICES = [
  { value: "by_arm", label: "By type" },
  { value: "by_context", label: "By circumstances" },
  { value: "by_arm_and_context", label: "By both" },
  { value: "by_event", label: "By event" },
] as const;

type Slice = (typeof SLICES)[number]["value"];

/** Of many slices hardly any can be known: those with the most decisions are shown. */
const ROWS_MOST = 12;

/** Whether rooms fare better because of the agent, as far as that can be said. */
export function LiftCard() {
  const lift = useLift();
  const badge = lift.data && STATUS_BADGES[lift.data.overall.status];
  return (
    <Card
      title="Does it help?"
      aside={badge && <Badge tone={lift.data.warning === null ? badge.tone : "fair"}>{badge.words}</Badge>}
    >
      <Parted what="answer to that" query={lift} height="14rem">
        {(data) => <Told data={data} />}
      </Parted>
    </Card>
  );
}

function Told({ data }: { readonly data: Schemas["LiftAnswer"] }) {
  const [slice, setSlice] = useState<Slice>("by_arm");
  const isBegun = data.assigned.decisions > 0;
  return (
    <div className={css.lift}>
      {data.warning !== null && (
        <p className={css.note} role="alert">
          {data.warning}
        </p>
      )}
      <p className={css.answer}>{data.overall.words}</p>
      {isBegun && (
        <ul className={css.sentences}>
          {sentencesOf(data).map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      {isBegun && (
        <>
          <ToggleGroup label="Which decisions" value={slice} options={SLICES} onChange={setSlice} />
          <Rows overall={data.overall} rows={data[slice]} />
        </>
      )}
      <Hint>
        A room that drops often recovers by itself, so that “before and after” looks good even where nothing
        was done. So a coin leaves some decisions alone, and the others are compared with these, in points of
        score. The intervals stay true however often you look. What an organiser rejected counts as well: no
        coin decides that.
      </Hint>
    </div>
  );
}

function Rows({ overall, rows }: { readonly overall: LiftRow; readonly rows: readonly LiftRow[] }) {
  const shown = rows.slice(0, ROWS_MOST);
  return (
    <>
      <LiftPlot overall={overall} rows={shown} />
      {shown.length < rows.length && (
        <p className={css.soft}>
          {shown.length} of {rows.length} are shown: those that are known, and those with the most decisions.
        </p>
      )}
    </>
  );
}
