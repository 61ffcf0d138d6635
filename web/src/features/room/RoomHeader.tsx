import type { ReactNode } from "react";
import type { RoomView } from "@/core/room";
import { Badge } from "@/ui/Badge";
import { PeopleIcon } from "@/ui/icons";
import css from "./Room.module.css";

interface Props {
  readonly title: string;
  readonly view: RoomView;
  readonly tools: ReactNode;
}

export function RoomHeader({ title, view, tools }: Props) {
  const people = view.count === 1 ? "1 person here" : `${view.count} people here`;
  return (
    <header className={css.header}>
      <img src="/favicon.svg" alt="" width="26" height="26" />
      <h1 className={css.title} title={title}>
        {title}
      </h1>
      {view.hasEnded && <Badge>Ended</Badge>}
      <div className={css.tools}>
        {view.isKnown && (
          <span className={css.count} title={people}>
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
