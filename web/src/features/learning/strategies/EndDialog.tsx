import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Fault } from "@/ui/Field";
import css from "./Strategies.module.css";
import type { useEnd } from "./useStrategies";
import { standingOf, type Test } from "./words";

interface Props {
  readonly test: Test;
  readonly end: ReturnType<typeof useEnd>;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks again: what a test has shown cannot be looked up once it has ended. */
export function EndDialog({ test, end, open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={(opens) => {
        end.reset();
        onOpenChange(opens);
      }}
      title="End the test?"
      description="From now on the event’s settings hold everywhere. What the test has shown is not kept: note it down if you need it."
    >
      <p>{standingOf(test).words}</p>
      {end.isError && <Fault isAlert>It was not ended: {end.error.message}</Fault>}
      <div className={css.actions}>
        <Button
          look="danger"
          busy={end.isPending}
          onClick={() => {
            end.mutate();
          }}
        >
          End it
        </Button>
        <Button
          onClick={() => {
            onOpenChange(false);
          }}
        >
          Let it run
        </Button>
      </div>
    </Dialog>
  );
}
