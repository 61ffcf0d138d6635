import { useId, useState } from "react";
import { type Belief, beliefOf, pooled } from "@/core/beta";
import type { Arm } from "@/core/model";
import { ARM_WORDS } from "@/core/words";
import { Card } from "@/ui/Card";
import { BeliefCurve, peakOf } from "./BeliefCurve";
import curves from "./Curves.module.css";
import css from "./LearningPage.module.css";
import { Parted } from "./Parted";
import { circumstances, contextKey, type Posterior } from "./rows";
import { usePosteriors } from "./useLearning";

/** Null is nothing: what becomes of rooms that are left alone. */
const ARMS: readonly (Arm | null)[] = ["POLL", "CHAT_PROMPT", "NUDGE", "QNA_PROMOTE", null];

const LEFT_ALONE = "Left alone";

/** A hill of this height fills the picture; beliefs from few attempts stay lower. */
const LEAST_TOP = 4;

/** What the agent believes of each arm, as curves. */
export function Beliefs() {
  const posteriors = usePosteriors();
  return (
    <Card title="What it believes">
      <Parted what="beliefs" query={posteriors} height="16rem">
        {(rows) => <Curves rows={rows} />}
      </Parted>
    </Card>
  );
}

function Curves({ rows }: { readonly rows: readonly Posterior[] }) {
  const [chosen, setChosen] = useState("");
  const id = useId();
  const contexts = contextsOf(rows);
  const shown = rows.filter((each) => chosen === "" || contextKey(each.context) === chosen);
  const beliefs = ARMS.map((arm) => [arm, beliefIn(shown, arm, chosen !== "")] as const);
  const highest = Math.max(0, ...beliefs.map(([, each]) => each.alpha + each.beta));
  const top = Math.max(LEAST_TOP, ...beliefs.map(([, each]) => peakOf(each)));
  return (
    <>
      <p>
        How likely a room is to recover after each intervention, and where it is left alone. A flat line:
        nothing is known. The higher and narrower the hill, the surer the agent is. An intervention helps by
        as much as its hill lies further to the right than that of rooms left alone. What was long ago counts
        less.
      </p>
      {contexts.size > 0 && (
        <div className={css.choice}>
          <label htmlFor={id}>When</label>
          <select
            id={id}
            value={chosen}
            onChange={(event) => {
              setChosen(event.target.value);
            }}
          >
            <option value="">All circumstances together</option>
            {[...contexts].map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        </div>
      )}
      {highest <= 2 && (
        <p className={css.note}>Nothing was learned yet: every probability is as likely as any other.</p>
      )}
      <ul className={curves.curves}>
        {beliefs.map(([arm, belief]) => (
          <BeliefCurve
            key={arm}
            name={arm === null ? LEFT_ALONE : ARM_WORDS[arm]}
            seen={arm === null ? "fall" : "attempt"}
            belief={belief}
            top={top}
          />
        ))}
      </ul>
      <p className={css.soft}>
        For circumstances that you choose this is what the agent itself goes by: where something was seldom
        tried, it borrows from similar circumstances. It learns from all events together.
      </p>
    </>
  );
}

function contextsOf(rows: readonly Posterior[]): ReadonlyMap<string, string> {
  const named = rows.map((each) => [contextKey(each.context), circumstances(each.context)] as const);
  return new Map([...named].sort((one, other) => one[1].localeCompare(other[1])));
}

function beliefIn(rows: readonly Posterior[], arm: Arm | null, isOneContext: boolean): Belief {
  const own = rows.filter((each) => each.type === arm);
  // Beliefs borrow from each other, so that only what was seen may be added up.
  return isOneContext && own[0] !== undefined
    ? { alpha: own[0].alpha, beta: own[0].beta }
    : pooled(own.map((each) => beliefOf(each.successes, each.attempts)));
}
