import type { ReactNode } from "react";
import type { RoomView } from "@/core/room";
import { Badge } from "./Badge";
import { classes } from "./classes";
import { PeopleIcon } from "./icons";
import css from "./RoomHeader.module.css";

interface Props {
  readonly title: string;
  readonly view: RoomView;
  readonly tools: ReactNode;
  /** Whether the count of people is to be read from afar, and nothing is shown that means little there. */
  readonly forStage?: boolean;
}

/** What stands above a room, for the people in it and for who speaks there: its title, and how many are here. */
export function RoomHeader({ title, view, tools, forStage = false }: Props) {
  const people = view.count === 1 ? "1 person here" : `${view.count} people here`;
  return (
    <header className={classes(css.header, forStage && css.stage)}>
      {!forStage && <img src="/favicon.svg" alt="" width="26" height="26" />}
      <h1 className={css.title} dir="auto" title={title}>
        {title}
      </h1>
      {view.hasEnded && <Badge>Ended</Badge>}
      <div className={css.tools}>
        {view.isKnown && (
          <span className={classes(css.count, forStage && css.large)} title={people}>
            <PeopleIcon />
            <span aria-hidden="true">{view.count}</span>
            <span className="unseen">{people}</span>
          </span>
        )}
        {tools}
      </div>
    </header>
  );
}
