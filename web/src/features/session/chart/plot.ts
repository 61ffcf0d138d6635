/** The plot itself: how uPlot draws a score. */
import uPlot from "uplot";
import { HIGH_FROM, LOW_BELOW } from "@/core/words";
import { bandEdges, type Mark, type Range, type Stretch } from "./layout";
import { timeOfDay } from "@/core/times";

export interface Extras {
  readonly stretches: readonly Stretch[];
  readonly marks: readonly Mark[];
  readonly range: Range;
}

export interface PlotParams {
  readonly width: number;
  readonly height: number;
  /** What is drawn besides the line, asked for at each drawing. */
  readonly extras: () => Extras;
  /** The point under the cursor; null where there is none. */
  readonly onCursor: (index: number | null) => void;
}

/** Space for the axes, in pixels; markers are laid over what remains. */
export const LEFT_PX = 44;
export const RIGHT_PX = 26;

/** Two hexadecimal digits behind a colour of the tokens, which all have six. */
const FILL_ALPHA = "2b";

const AXIS_FONT = "12px system-ui, sans-serif";
const STRETCH_WORDS: Readonly<Partial<Record<Stretch["state"], string>>> = {
  SIGNAL_LOST: "signal lost",
  WARMING_UP: "warming up",
};

export function plotOptions({ width, height, extras, onCursor }: PlotParams): uPlot.Options {
  return {
    width,
    height,
    padding: [8, RIGHT_PX, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { time: true, range: () => [extras().range.from, extras().range.to] },
      y: { range: [0, 1] },
    },
    series: [
      {},
      {
        width: 2,
        stroke: banded,
        fill: bandedAlong,
        spanGaps: false,
        points: { show: false },
      },
    ],
    axes: [axis({ space: 80, size: 30 }), scoreAxis()],
    hooks: {
      drawClear: [
        (plot) => {
          for (const each of extras().stretches) drawStretch(plot, each);
        },
      ],
      drawAxes: [drawBounds],
      draw: [
        (plot) => {
          for (const each of extras().marks) drawMark(plot, each);
        },
      ],
      setCursor: [
        (plot) => {
          onCursor(plot.cursor.idx ?? null);
        },
      ],
    },
  };
}

function axis(own: uPlot.Axis): uPlot.Axis {
  return {
    font: AXIS_FONT,
    stroke: () => colour("--ink-soft"),
    grid: { show: false },
    ticks: { show: false },
    values: (_plot, splits) => {
      const withSeconds = splits.some((at) => at % 60 !== 0);
      return splits.map((at) => timeOfDay(at, withSeconds));
    },
    ...own,
  };
}

function scoreAxis(): uPlot.Axis {
  return axis({
    size: LEFT_PX,
    splits: () => [0, LOW_BELOW, HIGH_FROM, 1],
    values: (_plot, splits) => splits.map((each) => `${Math.round(each * 100)} %`),
  });
}

/** Red, amber and green one above the other, with hard edges at the bounds. */
function banded(plot: uPlot): CanvasGradient | string {
  const { top, height } = plot.bbox;
  if (!Number.isFinite(top + height) || height === 0) return colour("--accent");
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  const bands = [
    ["high", 0, 1 - HIGH_FROM],
    ["fair", 1 - HIGH_FROM, 1 - LOW_BELOW],
    ["low", 1 - LOW_BELOW, 1],
  ] as const;
  for (const [name, from, to] of bands) {
    gradient.addColorStop(from, colour(`--${name}`));
    gradient.addColorStop(to, colour(`--${name}`));
  }
  return gradient;
}

/** Under the line, each stretch in the colour of its scores. */
function bandedAlong(plot: uPlot): CanvasGradient | string {
  const { left, width } = plot.bbox;
  const [times = [], scores = []] = plot.data;
  if (!Number.isFinite(left + width) || width === 0) return colour("--accent") + FILL_ALPHA;
  const gradient = plot.ctx.createLinearGradient(left, 0, left + width, 0);
  for (const { at, band } of bandEdges(times, scores)) {
    const x = (plot.valToPos(at, "x", true) - left) / width;
    gradient.addColorStop(Math.min(1, Math.max(0, x)), colour(`--${band}`) + FILL_ALPHA);
  }
  return gradient;
}

function drawBounds(plot: uPlot): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const [bound, name] of [
    [LOW_BELOW, "low"],
    [HIGH_FROM, "high"],
  ] as const) {
    const y = Math.round(plot.valToPos(bound, "y", true));
    ctx.strokeStyle = colour(`--${name}`);
    ctx.globalAlpha = 0.55;
    line(ctx, [bbox.left, y], [bbox.left + bbox.width, y]);
  }
  ctx.restore();
}

function drawStretch(plot: uPlot, { from, to, state }: Stretch): void {
  const { ctx, bbox } = plot;
  const x = clamped(plot, from);
  const width = clamped(plot, to) - x;
  if (width <= 0) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour("--unknown-soft");
  ctx.fillRect(x, bbox.top, width, bbox.height);
  if (state === "SIGNAL_LOST") hatch(plot, x, width);
  ctx.fillStyle = colour("--ink-soft");
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  const words = STRETCH_WORDS[state] ?? "";
  if (ctx.measureText(words).width + 12 * devicePixelRatio < width) {
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    ctx.fillText(words, x + 6 * devicePixelRatio, bbox.top + bbox.height - 6 * devicePixelRatio);
  }
  ctx.restore();
}

function hatch({ ctx, bbox }: uPlot, x: number, width: number): void {
  const apart = 8 * devicePixelRatio;
  ctx.strokeStyle = colour("--line-strong");
  ctx.globalAlpha = 0.4;
  ctx.lineWidth = devicePixelRatio;
  for (let at = x - bbox.height; at < x + width; at += apart) {
    line(ctx, [at, bbox.top + bbox.height], [at + bbox.height, bbox.top]);
  }
  ctx.globalAlpha = 1;
}

const MARK_COLOURS: Readonly<Record<Mark["kind"], string>> = {
  warning: "--fair",
  critical: "--low",
  decision: "--accent",
  intervention: "--accent",
  success: "--high",
  failure: "--low",
};

function drawMark(plot: uPlot, { at, kind }: Mark): void {
  const { ctx, bbox } = plot;
  if (at < (plot.scales.x?.min ?? at) || at > (plot.scales.x?.max ?? at)) return;
  const x = Math.round(plot.valToPos(at, "x", true));
  ctx.save();
  ctx.strokeStyle = colour(MARK_COLOURS[kind]);
  ctx.globalAlpha = 0.7;
  ctx.lineWidth = devicePixelRatio;
  if (kind === "decision") ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  line(ctx, [x, bbox.top], [x, bbox.top + bbox.height]);
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, from: [number, number], to: [number, number]): void {
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

function clamped(plot: uPlot, at: number): number {
  const { left, width } = plot.bbox;
  return Math.min(Math.max(plot.valToPos(at, "x", true), left), left + width);
}

const colours = new Map<string, string>();

/** A colour of the tokens. Asking the style sheet each time would have it worked out anew in the midst of drawing. */
function colour(name: string): string {
  const known = colours.get(name);
  if (known !== undefined) return known;
  const found = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  colours.set(name, found);
  return found;
}

/** Draw everything anew in other colours: it has become light or dark. */
export function recolour(plot: uPlot): void {
  colours.clear();
  plot.redraw(true, true);
}
