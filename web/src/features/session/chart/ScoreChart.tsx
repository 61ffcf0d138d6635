import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { percent } from "@/core/words";
import { ChartMarks } from "./ChartMarks";
import css from "./ScoreChart.module.css";
import {
  clustersOf,
  columnsOf,
  curveInWords,
  type Mark,
  type Point,
  type Range,
  stretchesOf,
} from "./layout";
import { type Extras, LEFT_PX, plotOptions, recolour, RIGHT_PX } from "./plot";
import { timeOfDay } from "@/core/times";

interface Props {
  readonly points: readonly Point[];
  readonly marks: readonly Mark[];
  readonly range: Range;
}

const HEIGHT_PX = 260;

export function ScoreChart({ points, marks, range }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [width, setWidth] = useState(0);
  const [at, setAt] = useState<number | null>(null);
  const columns = useMemo(() => columnsOf(points), [points]);
  const shown = useMemo<Extras>(
    () => ({ stretches: stretchesOf(points), marks, range }),
    [points, marks, range],
  );
  const clusters = useMemo(() => clustersOf(marks, range, width - LEFT_PX - RIGHT_PX), [marks, range, width]);

  const extras = useRef(shown);
  const begin = useEffectEvent((host: HTMLDivElement) => {
    const options = plotOptions({
      width: host.clientWidth,
      height: HEIGHT_PX,
      extras: () => extras.current,
      onCursor: setAt,
    });
    return new uPlot(options, columns, host);
  });

  useEffect(() => {
    const host = place.current;
    if (host === null) return;
    const made = begin(host);
    plot.current = made;
    const sizes = new ResizeObserver(() => {
      setWidth(host.clientWidth);
      made.setSize({ width: host.clientWidth, height: HEIGHT_PX });
    });
    sizes.observe(host);
    const end = onColours(() => {
      recolour(made);
    });
    return () => {
      sizes.disconnect();
      end();
      made.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => {
    extras.current = shown;
    plot.current?.setData(columns);
  }, [columns, shown]);

  return (
    <div className={css.chart}>
      <div ref={place} role="img" aria-label={curveInWords(points)} style={{ height: HEIGHT_PX }} />
      <ChartMarks clusters={clusters} leftPx={LEFT_PX} />
      <p className={css.readout} aria-hidden="true">
        {readout(columns, at)}
      </p>
    </div>
  );
}

function readout([times, scores]: readonly [number[], (number | null)[]], index: number | null): string {
  const [at, score] = index === null ? [undefined, null] : [times[index], scores[index]];
  if (at === undefined || score == null) return "";
  return `${timeOfDay(at)} · ${percent(score)}`;
}

/** Hear when the colours change between light and dark. */
function onColours(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", listener);
  const chosen = new MutationObserver(listener);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", listener);
    chosen.disconnect();
  };
}
