import type { Deeds } from "@/api/rooms";
import type { RoomView } from "@/core/room";
import { Card } from "@/ui/Card";
import { Dock } from "./Dock";
import { MessageList } from "./MessageList";
import { Pinned } from "./Pinned";
import { NoPoll, PollCard } from "./PollCard";
import { Questions } from "./Questions";
import css from "./Room.module.css";
import type { Desk } from "./useDesk";

export interface LayoutProps {
  readonly view: RoomView;
  readonly deeds: Deeds;
  readonly desk: Desk;
}

/** Chat at the left, poll and questions at the right. */
export function WideRoom({ view, deeds, desk }: LayoutProps) {
  return (
    <main className={css.wide}>
      <section className={css.chat} aria-label="Chat">
        <Pinned message={view.pinned} />
        <MessageList view={view} deeds={deeds} />
        <Dock view={view} deeds={deeds} desk={desk} withComposer />
      </section>
      <div className={css.side}>
        <Card title="Poll">
          {view.poll === null ? (
            <NoPoll />
          ) : (
            <PollCard poll={view.poll} aheadS={view.aheadS} hasEnded={view.hasEnded} deeds={deeds} />
          )}
        </Card>
        <Card title="Q&A">
          <Questions view={view} deeds={deeds} desk={desk} />
        </Card>
      </div>
    </main>
  );
}
