import { memo, useState } from "react";
import type { Message } from "@/core/roomModel";
import { Badge } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { AssistantIcon, CloseIcon, PinIcon } from "@/ui/icons";
import css from "./Chat.module.css";

/** The message that stays in sight, until this person has seen enough of it. */
export const Pinned = memo(function Pinned({ message }: { readonly message: Message | null }) {
  const [hidden, setHidden] = useState<string | null>(null);
  if (message === null || message.id === hidden) return null;
  const hide = () => {
    setHidden(message.id);
  };
  return (
    <aside className={css.pinned} aria-label="Pinned message">
      <div className={css.pinnedText}>
        <p className={css.byline}>
          <span className={css.pin}>
            <PinIcon />
          </span>
          {message.label === null ? (
            <span className={css.name}>{message.name}</span>
          ) : (
            <Badge tone="accent" icon={<AssistantIcon />}>
              {message.label}
            </Badge>
          )}
        </p>
        <p className={css.content}>{message.content}</p>
      </div>
      <IconButton label="Hide the pinned message" onClick={hide}>
        <CloseIcon />
      </IconButton>
    </aside>
  );
});
