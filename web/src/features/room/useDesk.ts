import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { RoomView } from "@/core/room";
import { useDraft } from "./useDraft";

export type Tab = "chat" | "poll" | "questions";

/** What somebody is doing here that the room does not know of: it stays when the layout changes. */
export interface Desk {
  readonly tab: Tab;
  readonly go: (tab: Tab) => void;
  readonly chatDraft: string;
  readonly setChatDraft: (draft: string) => void;
  readonly questionDraft: string;
  readonly setQuestionDraft: (draft: string) => void;
  readonly composer: RefObject<HTMLTextAreaElement | null>;
  /** Go to where one writes. */
  readonly write: () => void;
  /** Messages that came while the chat was not in sight. */
  readonly unread: number;
}

export function useDesk(sessionId: string, view: RoomView): Desk {
  const [tab, go] = useState<Tab>("chat");
  const [chatDraft, setChatDraft] = useDraft(`${sessionId} chat`);
  const [questionDraft, setQuestionDraft] = useDraft(`${sessionId} question`);
  const [read, setRead] = useState(view.heard);
  const [wants, want] = useState(0);
  const composer = useRef<HTMLTextAreaElement>(null);
  if (tab === "chat" && read !== view.heard) setRead(view.heard);
  const write = useCallback(() => {
    go("chat");
    want((before) => before + 1);
  }, []);
  // The composer may come into sight only with the chat.
  useEffect(() => {
    if (wants > 0) composer.current?.focus();
  }, [wants]);
  return {
    tab,
    go,
    chatDraft,
    setChatDraft,
    questionDraft,
    setQuestionDraft,
    composer,
    write,
    unread: view.heard - read,
  };
}
