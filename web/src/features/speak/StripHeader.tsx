import { type ReactNode, useSyncExternalStore } from "react";
import { toast } from "sonner";
import type { RoomView } from "@/core/room";
import { Badge } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { FullScreenIcon, PeopleIcon } from "@/ui/icons";
import css from "./Speak.module.css";

interface Props {
  readonly title: string;
  readonly view: RoomView;
  readonly tools: ReactNode;
}

export function StripHeader({ title, view, tools }: Props) {
  const people = view.count === 1 ? "1 person here" : `${view.count} people here`;
  return (
    <header className={css.header}>
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
        <FullScreen />
      </div>
    </header>
  );
}

function listen(listener: () => void): () => void {
  document.addEventListener("fullscreenchange", listener);
  return () => {
    document.removeEventListener("fullscreenchange", listener);
  };
}

function FullScreen() {
  const isFull = useSyncExternalStore(listen, () => document.fullscreenElement !== null);
  // Phones of some makers have no full screen for pages.
  if (!document.fullscreenEnabled) return null;
  const change = () => {
    const changed = isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    changed.catch(() => toast.error("The browser did not allow the full screen"));
  };
  return (
    <IconButton
      label={isFull ? "Leave the full screen" : "Full screen"}
      aria-pressed={isFull}
      onClick={change}
    >
      <FullScreenIcon />
    </IconButton>
  );
}
