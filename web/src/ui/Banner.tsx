import type { ReactNode } from "react";
import css from "./Banner.module.css";
import { classes } from "./classes";
import tones from "./tones.module.css";

interface Props {
  readonly tone: "low" | "fair" | "high" | "neutral";
  /** How a screen reader tells it: at once (`alert`), when there is a pause (`status`), or as what is around it says. */
  readonly role?: "alert" | "status";
  readonly children: ReactNode;
}

/** What makes a page less than it seems, in a line across it. */
export function Banner({ tone, role, children }: Props) {
  return (
    <div role={role} className={classes(css.banner, tones[tone])}>
      {children}
    </div>
  );
}
