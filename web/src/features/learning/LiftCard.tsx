import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import css from "./LearningPage.module.css";
import { Parted } from "./Parted";
import { useLift } from "./useLearning";

/** Whether rooms fare better because of the agent, as far as that can be said. */
export function LiftCard() {
  const lift = useLift();
  return (
    <Card title="Does it help?" aside={lift.data !== undefined && <Badge>Not known yet</Badge>}>
      <Parted what="answer to that" query={lift} height="6rem">
        {({ why }) => (
          <div className={css.lift}>
            <p>{why}</p>
            <p className={css.soft}>
              A room that drops often recovers by itself, so that “before and after” looks good even where
              nothing was done. What can be said honestly (the lift) takes moments that were left alone on
              purpose, to compare with.
            </p>
          </div>
        )}
      </Parted>
    </Card>
  );
}
