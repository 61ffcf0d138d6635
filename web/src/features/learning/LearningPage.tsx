import { Beliefs } from "./Beliefs";
import { CalibrationCard } from "./calibration/CalibrationCard";
import { DriftCard } from "./drift/DriftCard";
import css from "./LearningPage.module.css";
import { LiftCard } from "./LiftCard";
import { NarrowingCard } from "./NarrowingCard";
import { Performance } from "./Performance";
import { StrategyCard } from "./strategies/StrategyCard";

/** The event whose rooms are simulated: nothing is learned there. */
const DEMO_EVENT = "demo";

/** What the agent learned, in plain words first. */
export function LearningPage({ eventId }: { readonly eventId: string }) {
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Learning</h1>
        <p>
          Two minutes after each decision the agent looks at the score again, in rooms that it left alone too.
          The further it lies over where rooms are fine, the more surely the room has recovered. So it learns
          what interventions add to what rooms do by themselves, and chooses accordingly.
        </p>
        {eventId === DEMO_EVENT && (
          <p className={css.note}>
            This is the event of the demos: its rooms are simulated, and the agent learns nothing from them.
          </p>
        )}
      </header>
      <LiftCard />
      <Performance eventId={eventId} />
      <DriftCard eventId={eventId} />
      <StrategyCard eventId={eventId} />
      <CalibrationCard eventId={eventId} />
      <Beliefs />
      <NarrowingCard />
    </div>
  );
}
