import { type ReactNode, useLayoutEffect } from "react";
import { useRoom } from "@/api/rooms";
import { reconnect } from "@/api/socket";
import { useConnection } from "@/api/sessions";
import { RoomDoor } from "@/ui/RoomDoor";
import { RoomHeader } from "@/ui/RoomHeader";
import { Skeleton } from "@/ui/Skeleton";
import { Controls } from "./Controls";
import { FullScreen } from "./FullScreen";
import { Promoted } from "./Promoted";
import css from "./Speak.module.css";

interface Props {
  readonly sessionId: string;
  /** What the app has around every page: connection and colours. */
  readonly tools: (isOver: boolean) => ReactNode;
}

/** What a speaker has in sight while talking: questions to read from afar, and a few large things to press. */
export function SpeakPage({ sessionId, tools }: Props) {
  const { view, problem, deeds } = useRoom(sessionId);
  const { state } = useConnection();
  useDark();
  const title = view.title === "" ? `Session ${sessionId}` : view.title;
  return (
    <div className={css.page}>
      <title>{`Speaking: ${title}`}</title>
      <RoomHeader
        forStage
        title={title}
        view={view}
        tools={
          <>
            {tools(view.hasEnded)}
            <FullScreen />
          </>
        }
      />
      {view.isKnown ? (
        <>
          {state !== "connected" && !view.hasEnded && (
            <p role="status" className={css.out}>
              You are offline. What stands here may be out of date.
            </p>
          )}
          <main className={css.main}>
            <Promoted questions={view.questions} deeds={deeds} />
          </main>
          <Controls view={view} deeds={deeds} />
        </>
      ) : (
        <RoomDoor problem={problem} onRetry={reconnect} className={css.main}>
          <Skeleton height="10rem" />
        </RoomDoor>
      )}
    </div>
  );
}

/** On a stage a bright screen dazzles: dark, unless somebody chose otherwise. `public/theme.js` does so on loading. */
function useDark(): void {
  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    if (dataset.theme !== undefined) return undefined;
    dataset.theme = "dark";
    return () => {
      delete dataset.theme;
    };
  }, []);
}
