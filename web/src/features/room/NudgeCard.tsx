import { ownNow } from "@/api/clock";
import { useNow } from "@/api/sessions";
import type { Deeds } from "@/api/rooms";
import type { RoomView } from "@/core/room";
import { nudgeAt } from "@/core/roomShown";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { AssistantIcon, CloseIcon } from "@/ui/icons";
import css from "./NudgeCard.module.css";

interface Props {
  readonly view: RoomView;
  readonly deeds: Deeds;
  /** Somebody follows the nudge: they are led to where they can write. */
  readonly onFollow: () => void;
}

/** A private reminder, until it runs out or was dealt with. */
export function NudgeCard({ view, deeds, onFollow }: Props) {
  const now = useNow(1_000, ownNow) + view.aheadS;
  const nudge = nudgeAt(view, now);
  const close = () => {
    if (nudge !== null) deeds.doneWithNudge(nudge.id);
  };
  const follow = () => {
    close();
    onFollow();
  };
  return (
    <div role="status" className={css.place}>
      {nudge !== null && (
        <div className={css.nudge}>
          <div className={css.head}>
            <Badge tone="accent" icon={<AssistantIcon />}>
              {nudge.label}
            </Badge>
            <span className={css.only}>Only you see this</span>
            <IconButton label="Close" onClick={close}>
              <CloseIcon />
            </IconButton>
          </div>
          <p className={css.message}>{nudge.message}</p>
          {nudge.callToAction !== "" && (
            <Button look="primary" onClick={follow}>
              {nudge.callToAction}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
