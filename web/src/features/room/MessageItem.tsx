import { memo } from "react";
import type { Message } from "@/core/roomModel";
import { timeOfDay } from "@/core/times";
import { AssistantIcon } from "@/ui/icons";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import css from "./Chat.module.css";

interface Props {
  readonly message: Message;
  readonly isOwn: boolean;
  /** It follows another of the same person: their name stands above that one. */
  readonly isFollowing: boolean;
}

/** One message. It never changes, so that it is painted once however much comes after it. */
export const MessageItem = memo(function MessageItem({ message, isOwn, isFollowing }: Props) {
  const isAgents = message.label !== null || message.author === "agent";
  const at = new Date(message.at * 1000);
  const kind = isAgents ? css.agents : isOwn ? css.own : css.others;
  return (
    <li className={classes(css.message, kind, isFollowing && css.following)}>
      {isFollowing ? (
        <span className="unseen">{isOwn ? "You" : message.name}:</span>
      ) : (
        <p className={css.byline}>
          {isAgents ? (
            <Badge tone="accent" icon={<AssistantIcon />}>
              {message.label ?? message.name}
            </Badge>
          ) : (
            <span className={css.name}>{isOwn ? "You" : message.name}</span>
          )}
          {message.author === "host" && <Badge>Host</Badge>}
          {message.author === "bot" && <Badge>Bot</Badge>}
          <time className={css.time} dateTime={at.toISOString()}>
            {timeOfDay(message.at, false)}
          </time>
        </p>
      )}
      <p className={css.content}>{message.content}</p>
    </li>
  );
});
