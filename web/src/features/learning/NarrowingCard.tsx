import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { ARM_WORDS } from "@/core/words";
import { Card } from "@/ui/Card";
import { Hint } from "@/ui/Field";
import { EmptyState } from "@/ui/States";
import { Axis } from "./Axis";
import css from "./Curves.module.css";
import { type Band, bandsOf, narrowedInWords } from "./narrowing";
import { Parted } from "./Parted";
import { useNarrowing } from "./useLearning";

const [WIDTH, HEIGHT] = [240, 98];

/** How the belief of each arm narrowed with what was seen. */
export function NarrowingCard() {
  const query = useNarrowing();
  return (
    <Card title="How sure it has become">
      <Parted what="history of beliefs" query={query} height="12rem">
        {(arms) => <Arms arms={arms} />}
      </Parted>
    </Card>
  );
}

function Arms({ arms }: { readonly arms: readonly Schemas["Narrowing"][] }) {
  const shown = useMemo(() => arms.map((each) => ({ arm: each.type, bands: bandsOf(each.points) })), [arms]);
  // One scale for all: an arm that was seldom tried stays short.
  const most = Math.max(1, ...shown.map(({ bands }) => bands.at(-1)?.attempts ?? 0));
  if (arms.every((each) => each.points.length === 0)) {
    return (
      <EmptyState title="Nothing was measured yet">
        <p>The first step comes two minutes after the first intervention. Demos do not count here.</p>
      </EmptyState>
    );
  }
  return (
    <>
      <p>
        From left to right, one outcome after the other: the line is how likely recovery seemed by then, and
        the band is where it lay with 95&nbsp;%. The narrower the band, the surer.
      </p>
      <ul className={css.curves}>
        {shown.map(({ arm, bands }) => (
          <li key={arm} className={css.curve}>
            <h3>{ARM_WORDS[arm]}</h3>
            <Strip
              bands={bands}
              most={most}
              label={`${ARM_WORDS[arm]}: ${narrowedInWords(bands).join(", ")}`}
            />
            <Axis className={css.ticks} ticks={["0", `${String(most)} outcomes`]} />
            <p className={css.believed}>
              {narrowedInWords(bands).map((each) => (
                <span key={each}>{each}</span>
              ))}
            </p>
          </li>
        ))}
      </ul>
      <Hint>
        In all circumstances together, of all events. Each of the agent’s own decisions counts alike here; in
        what it believes, old ones count less.
      </Hint>
    </>
  );
}

interface StripProps {
  readonly bands: readonly Band[];
  readonly most: number;
  readonly label: string;
}

function Strip({ bands, most, label }: StripProps) {
  const x = (attempts: number) => ((attempts / most) * WIDTH).toFixed(1);
  const y = (share: number) => ((1 - share) * HEIGHT).toFixed(1);
  const line = (of: (band: Band) => number) => bands.map((each) => `${x(each.attempts)},${y(of(each))}`);
  const [top, bottom] = [line((each) => each.high), line((each) => each.low)];
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line className={css.half} x1={0} x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <polygon className={css.inside} points={[...top, ...bottom.toReversed()].join(" ")} />
      <polyline className={css.hill} points={line((each) => each.mean).join(" ")} />
      <line className={css.ground} x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
    </svg>
  );
}
