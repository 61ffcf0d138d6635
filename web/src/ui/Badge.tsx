import type { ReactNode } from "react";
import { classes } from "./classes";
import css from "./Badge.module.css";
import tones from "./tones.module.css";

export type Tone = "neutral" | "accent" | "high" | "fair" | "low";

interface Props {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly title?: string;
  readonly children: ReactNode;
}

export function Badge({ tone = "neutral", icon, title, children }: Props) {
  return (
    <span className={classes(css.badge, tones[tone])} title={title}>
      {icon}
      {children}
    </span>
  );
}
