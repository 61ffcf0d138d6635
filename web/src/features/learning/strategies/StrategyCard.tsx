import { useState } from "react";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Hint } from "@/ui/Field";
import { useKeptFocus } from "@/ui/focus";
import { Parted } from "../Parted";
import { EndDialog } from "./EndDialog";
import { Shown } from "./Shown";
import { StartForm } from "./StartForm";
import css from "./Strategies.module.css";
import { useEnd, useStart, useStrategyTest } from "./useStrategies";
import { runningInWords, standingOf, type Test } from "./words";

/** Two ways beside each other: whether a test runs, which way is ahead, and its beginning and end. */
export function StrategyCard({ eventId }: { readonly eventId: string }) {
  const query = useStrategyTest(eventId);
  const test = query.data?.test ?? null;
  const standing = test && standingOf(test);
  return (
    <Card
      title="Two ways, side by side"
      aside={standing && <Badge tone={standing.tone}>{standing.badge}</Badge>}
    >
      <Parted
        what="strategy test"
        query={query}
        height="8rem"
        refused="Only organisers of this event can see this."
      >
        {() => <Told eventId={eventId} test={test} />}
      </Parted>
    </Card>
  );
}

function Told({ eventId, test }: { readonly eventId: string; readonly test: Test | null }) {
  const [isNew, setIsNew] = useState(false);
  const [ended, setEnded] = useState<Test | null>(null);
  const start = useStart(eventId, () => {
    setIsNew(false);
    setEnded(null);
  });
  const end = useEnd(eventId, () => {
    setEnded(test);
  });
  const content = test !== null ? "running" : isNew ? "new" : "none";
  const place = useKeptFocus(content);
  return (
    <div {...place} className={css.place}>
      <p className="unseen" role="status">
        {content === "running" && start.isSuccess && "The test has begun."}
        {content === "none" && ended !== null && "The test has ended."}
      </p>
      {test !== null ? (
        <Running test={test} end={end} />
      ) : isNew ? (
        <StartForm
          start={start}
          onCancel={() => {
            setIsNew(false);
          }}
        />
      ) : (
        <None
          ended={ended}
          onNew={() => {
            setIsNew(true);
          }}
        />
      )}
    </div>
  );
}

function Running({ test, end }: { readonly test: Test; readonly end: ReturnType<typeof useEnd> }) {
  const [asks, setAsks] = useState(false);
  return (
    <>
      <p>{runningInWords(test)}</p>
      <Shown test={test} />
      <div className={css.actions}>
        <Button
          onClick={() => {
            setAsks(true);
          }}
        >
          End the test
        </Button>
      </div>
      <Hint>
        The interval is for whoever looks once, at a time that was fixed beforehand. Whoever looks every day
        and stops as soon as one way is ahead will see a difference where there is none.
      </Hint>
      <EndDialog test={test} end={end} open={asks} onOpenChange={setAsks} />
    </>
  );
}

function None({ ended, onNew }: { readonly ended: Test | null; readonly onNew: () => void }) {
  return (
    <>
      {ended === null ? (
        <p>
          No test is running. A test has the agent go about it in two ways, by chance, and compares how rooms
          do: for instance, acting sooner in half of the sessions.
        </p>
      ) : (
        <>
          <p>The test has ended; the event’s settings hold everywhere again. This is what it had shown:</p>
          <Shown test={ended} />
        </>
      )}
      <div className={css.actions}>
        <Button onClick={onNew}>{ended === null ? "Set up a test" : "Set up another test"}</Button>
      </div>
    </>
  );
}
