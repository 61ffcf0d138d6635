import type { KeyboardEvent, Ref } from "react";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { SendIcon } from "@/ui/icons";
import css from "./Chat.module.css";
import writing from "./Writing.module.css";

/** As long as a message in a room may be. */
const CHAT_CHARS = 2000;
/** From here on it says how much is left. */
const NEARLY_FULL = 200;

interface Props {
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  readonly onSend: (content: string) => void;
  readonly field: Ref<HTMLTextAreaElement>;
}

export function Composer({ draft, onDraft, onSend, field }: Props) {
  const content = draft.trim();
  const left = CHAT_CHARS - draft.length;
  const send = () => {
    if (content === "") return;
    onSend(content);
    onDraft("");
  };
  const press = (event: KeyboardEvent) => {
    // Enter also ends what an input method composes.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={css.composer} action={send}>
      <textarea
        ref={field}
        className={classes(writing.field, css.field)}
        aria-label="Your message"
        placeholder="Write a message"
        rows={1}
        maxLength={CHAT_CHARS}
        enterKeyHint="send"
        value={draft}
        onKeyDown={press}
        onChange={(event) => {
          onDraft(event.target.value);
        }}
      />
      {left <= NEARLY_FULL && <span className={css.left}>{left}</span>}
      <IconButton label="Send" look="primary" type="submit" disabled={content === ""}>
        <SendIcon />
      </IconButton>
    </form>
  );
}
