import { type ReactNode, useRef } from "react";
import { ENDED, useRoom } from "@/api/rooms";
import { reconnect } from "@/api/socket";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { ErrorState } from "@/ui/States";
import { Announcer } from "./Announcer";
import { ConnectionLine } from "./ConnectionLine";
import { NarrowRoom } from "./NarrowRoom";
import { NudgeCard } from "./NudgeCard";
import css from "./Room.module.css";
import { RoomHeader } from "./RoomHeader";
import { useDesk } from "./useDesk";
import { useVisibleHeight } from "./useVisibleHeight";
import { useWide } from "./useWide";
import { WideRoom } from "./WideRoom";

interface Props {
  readonly sessionId: string;
  /** What the app has around every page: connection and colours. */
  readonly tools: ReactNode;
}

/** A session as its audience sees it. */
export function RoomPage({ sessionId, tools }: Props) {
  const { view, problem, deeds } = useRoom(sessionId);
  const isWide = useWide();
  const desk = useDesk(view);
  const page = useRef<HTMLDivElement>(null);
  useVisibleHeight(page);
  const title = view.title === "" ? `Session ${sessionId}` : view.title;
  const Layout = isWide ? WideRoom : NarrowRoom;
  return (
    <div ref={page} className={css.page}>
      <title>{title}</title>
      <RoomHeader title={title} view={view} tools={tools} />
      {problem !== null && !view.isKnown ? (
        <main className={css.alone}>
          <ErrorState
            title={problem.code === ENDED ? "This session is over" : "This room cannot be entered"}
            message={problem.message}
            requestId={problem.requestId}
            {...(problem.code !== ENDED && { onRetry: reconnect })}
          />
        </main>
      ) : view.isKnown ? (
        <>
          {!view.hasEnded && <ConnectionLine problem={problem} />}
          <Layout view={view} deeds={deeds} desk={desk} />
          <NudgeCard view={view} deeds={deeds} onFollow={desk.write} />
          <Announcer view={view} />
        </>
      ) : (
        <main className={css.alone}>
          <Loading what="the room">
            <div className={css.skeletons}>
              <Skeleton width="60%" height="3rem" />
              <Skeleton width="75%" height="4rem" />
              <Skeleton width="45%" height="3rem" />
            </div>
          </Loading>
        </main>
      )}
    </div>
  );
}
