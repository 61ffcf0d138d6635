import { useEffect, useRef, useState } from "react";
import type { Content } from "@/core/model";
import { Fault } from "@/ui/Field";
import { focusWithin } from "@/ui/focus";
import { AnswerForm } from "./AnswerForm";
import { contentOf, type Draft, draftOf, type Faults, faultsOf } from "./draft";
import { NudgeFields, PollFields, PromptFields, QnaFields } from "./fields";

interface Props {
  readonly content: Content;
  /** What the service found wrong with it. */
  readonly refused: Faults;
  readonly busy: boolean;
  readonly onApprove: (content: Content) => void;
  readonly onCancel: () => void;
}

/** Editing what the room will see. What is wrong is said where it is, once somebody tried to launch it. */
export function EditForm({ content, refused, busy, onApprove, onCancel }: Props) {
  const [draft, setDraft] = useState(() => draftOf(content));
  const [tries, setTries] = useState(0);
  const own = faultsOf(draft);
  const faults = tries > 0 ? { ...refused, ...own } : {};
  const form = useRef<HTMLFormElement>(null);
  const count = Object.keys(faults).length;
  useEffect(() => {
    focusWithin(form.current);
  }, []);
  // Tried in vain: to the first field that has to be mended.
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [tries, refused]);
  const submit = () => {
    setTries(tries + 1);
    if (Object.keys(own).length === 0) onApprove(contentOf(draft));
  };
  return (
    <AnswerForm
      ref={form}
      label="Edit what the room will see"
      send="Launch as edited"
      look="primary"
      busy={busy}
      onSend={submit}
      onCancel={onCancel}
    >
      <Fields draft={draft} faults={faults} onChange={setDraft} />
      {count > 0 && <Fault isAlert>Not launched: see what is marked above.</Fault>}
    </AnswerForm>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly onChange: (draft: Draft) => void;
}

function Fields({ draft, faults, onChange }: FieldsProps) {
  switch (draft.arm) {
    case "POLL":
      return <PollFields draft={draft} faults={faults} onChange={onChange} />;
    case "CHAT_PROMPT":
      return <PromptFields draft={draft} faults={faults} onChange={onChange} />;
    case "NUDGE":
      return <NudgeFields draft={draft} faults={faults} onChange={onChange} />;
    case "QNA_PROMOTE":
      return <QnaFields draft={draft} faults={faults} onChange={onChange} />;
  }
}
