import type { Deeds } from "@/api/rooms";
import type { RoomView } from "@/core/room";
import { Composer } from "./Composer";
import { Reactions } from "./Reactions";
import css from "./Room.module.css";
import type { Desk } from "./useDesk";

interface Props {
  readonly view: RoomView;
  readonly deeds: Deeds;
  readonly desk: Desk;
  readonly withComposer: boolean;
}

/** What lies under the thumb: reactions, and where one writes. */
export function Dock({ view, deeds, desk, withComposer }: Props) {
  return (
    <footer className={css.dock}>
      <Reactions tick={view.reactions} deeds={deeds} disabled={view.hasEnded} />
      {view.hasEnded ? (
        <p className={css.ended}>This session has ended. Thank you for being here.</p>
      ) : (
        withComposer && (
          <Composer
            field={desk.composer}
            draft={desk.chatDraft}
            onDraft={desk.setChatDraft}
            onSend={(content) => {
              deeds.send(content);
            }}
          />
        )
      )}
    </footer>
  );
}
