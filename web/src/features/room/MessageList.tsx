import { useEffect, useState } from "react";
import type { Deeds } from "@/api/rooms";
import type { RoomView, Unsent } from "@/core/room";
import type { Message } from "@/core/roomModel";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import css from "./Chat.module.css";
import { MessageItem } from "./MessageItem";
import { useBottom } from "./useBottom";

/** Messages of one person within this time stand together. */
const TOGETHER_S = 120;

function follows(message: Message, before: Message | undefined): boolean {
  if (before === undefined || message.label !== null || before.label !== null) return false;
  const isSame = message.userId !== null && message.userId === before.userId;
  return isSame && message.author === before.author && message.at - before.at < TOGETHER_S;
}

interface Props {
  readonly view: RoomView;
  readonly deeds: Deeds;
}

export function MessageList({ view, deeds }: Props) {
  const { frame, content, isAtBottom, toBottom } = useBottom();
  const [read, setRead] = useState(view.heard);
  if (isAtBottom && read !== view.heard) setRead(view.heard);
  const unread = view.heard - read;
  // Whoever writes wants to see what they wrote.
  const own = view.unsent.at(-1)?.key;
  useEffect(() => {
    if (own !== undefined) toBottom();
  }, [own, toBottom]);
  return (
    <div className={css.scroller}>
      {/* What scrolls can be scrolled by the keyboard, which needs the focus on it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={frame} className={css.frame} tabIndex={0} role="region" aria-label="Messages">
        <ol ref={content} className={css.list}>
          {view.messages.map((each, at) => (
            <MessageItem
              key={each.id}
              message={each}
              isOwn={each.userId !== null && each.userId === view.userId}
              isFollowing={follows(each, view.messages[at - 1])}
            />
          ))}
          {view.unsent.map((each) => (
            <UnsentItem key={each.key} unsent={each} isOver={view.hasEnded} deeds={deeds} />
          ))}
        </ol>
        {view.messages.length + view.unsent.length === 0 && (
          <p className={css.nothing}>Nobody has written anything yet. Say hello.</p>
        )}
      </div>
      {!isAtBottom && (
        <Button small look="primary" className={css.down} onClick={toBottom}>
          {unread === 0 ? "To the latest" : unread === 1 ? "1 new message" : `${unread} new messages`} ↓
        </Button>
      )}
    </div>
  );
}

interface UnsentProps {
  readonly unsent: Unsent;
  /** Nothing can be sent any more. */
  readonly isOver: boolean;
  readonly deeds: Deeds;
}

function UnsentItem({ unsent, isOver, deeds }: UnsentProps) {
  const again = () => {
    deeds.send(unsent.content, unsent.key);
  };
  const discard = () => {
    deeds.discard(unsent.key);
  };
  return (
    <li className={classes(css.message, css.own, unsent.why === null ? css.sending : css.failed)}>
      <p className={css.content}>{unsent.content}</p>
      {unsent.why === null ? (
        <p className={css.time}>Sending…</p>
      ) : (
        <div role="alert" className={css.why}>
          <p>Not sent. {unsent.why}</p>
          <p className={css.again}>
            {!isOver && (
              <Button small onClick={again}>
                Send again
              </Button>
            )}
            <Button small look="quiet" onClick={discard}>
              Discard
            </Button>
          </p>
        </div>
      )}
    </li>
  );
}
