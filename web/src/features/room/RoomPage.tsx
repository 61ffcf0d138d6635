import { type ReactNode, useRef } from "react";
import { useRoom } from "@/api/rooms";
import { reconnect } from "@/api/socket";
import { RoomDoor } from "@/ui/RoomDoor";
import { RoomHeader } from "@/ui/RoomHeader";
import { Skeleton } from "@/ui/Skeleton";
import { Announcer } from "./Announcer";
import { ConnectionLine } from "./ConnectionLine";
import { NarrowRoom } from "./NarrowRoom";
import { NudgeCard } from "./NudgeCard";
import css from "./Room.module.css";
import { useDesk } from "./useDesk";
import { useVisibleHeight } from "./useVisibleHeight";
import { useWide } from "./useWide";
import { WideRoom } from "./WideRoom";

interface Props {
  readonly sessionId: string;
  /** What the app has around every page: connection and colours. */
  readonly tools: (isOver: boolean) => ReactNode;
}

/** A session as its audience sees it. */
export function RoomPage({ sessionId, tools }: Props) {
  const { view, problem, deeds } = useRoom(sessionId);
  const isWide = useWide();
  const desk = useDesk(sessionId, view);
  const page = useRef<HTMLDivElement>(null);
  useVisibleHeight(page);
  const title = view.title === "" ? `Session ${sessionId}` : view.title;
  const Layout = isWide ? WideRoom : NarrowRoom;
  return (
    <div ref={page} className={css.page}>
      <title>{title}</title>
      <RoomHeader title={title} view={view} tools={tools(view.hasEnded)} />
      {view.isKnown ? (
        <>
          {!view.hasEnded && <ConnectionLine problem={problem} />}
          <Layout view={view} deeds={deeds} desk={desk} />
          <NudgeCard view={view} deeds={deeds} onFollow={desk.write} />
          <Announcer view={view} />
        </>
      ) : (
        <RoomDoor problem={problem} onRetry={reconnect} className={css.alone}>
          <div className={css.skeletons}>
            <Skeleton width="60%" height="3rem" />
            <Skeleton width="75%" height="4rem" />
            <Skeleton width="45%" height="3rem" />
          </div>
        </RoomDoor>
      )}
    </div>
  );
}
