import { useState } from "react";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { Hint } from "@/ui/Field";
import page from "../LearningPage.module.css";
import { Parted } from "../Parted";
import type { Scope } from "../scope";
import { Where } from "../Where";
import { Reliability } from "./Reliability";
import { useCalibration } from "./useCalibration";
import { type Calibration, overallInWords, STATUS_BADGES, tenthInWords, usualOf } from "./words";

/** Whether rooms recover as often as the agent says that they will. */
export function CalibrationCard({ eventId }: { readonly eventId: string }) {
  const [scope, setScope] = useState<Scope>("event");
  const query = useCalibration(scope === "event" ? eventId : null);
  return (
    <Card title="Is its confidence right?" aside={<Where scope={scope} onChange={setScope} />}>
      <Parted
        what="answer to that"
        query={query}
        height="12rem"
        refused="Only organisers of this event can see this."
      >
        {(told) => <Told told={told} />}
      </Parted>
    </Card>
  );
}

function Told({ told }: { readonly told: Calibration }) {
  const badge = STATUS_BADGES[told.status];
  const usual = usualOf(told.tenths);
  return (
    <div className={page.lift}>
      <Badge tone={badge.tone}>{badge.words}</Badge>
      <p className={page.answer}>{overallInWords(told)}</p>
      {usual !== undefined && (
        <>
          <p>{tenthInWords(usual)}</p>
          <Reliability tenths={told.tenths} />
        </>
      )}
      <Hint>
        What it said at each of its own decisions is compared with how probably the room had recovered two
        minutes later, by how far its score lay over where rooms are fine. What was left alone on purpose or
        refused does not count. “Chance” is how far off it would seem even if it were exactly right, as shares
        of few rooms differ by luck. The figures are for who looks once; whoever looks all the time sees
        something by chance more often.
      </Hint>
    </div>
  );
}
