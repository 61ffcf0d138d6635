import { useEffect, useRef, useState } from "react";
import type { RoomView } from "@/core/room";

/** A screen reader that read every message of a busy room would never come to an end: it is told this often. */
const EVERY_MS = 4_000;
/** So many messages are read out; of more it is said how many there are. */
const READ_OUT = 2;

function told(view: RoomView, since: number): string {
  const fresh = view.messages.slice(-Math.min(view.heard - since, view.messages.length));
  const others = fresh.filter((each) => each.userId === null || each.userId !== view.userId);
  const agents = others.filter((each) => each.label !== null);
  const read = others.length <= READ_OUT ? others : agents.slice(-READ_OUT);
  const words = read.map((each) => `${each.label ?? each.name}: ${each.content}`);
  const rest = others.length - read.length;
  return [...words, ...(rest > 0 ? [`${rest} new messages`] : [])].join(". ");
}

/** Says to those who do not see the room what is new in it. */
export function Announcer({ view }: { readonly view: RoomView }) {
  const latest = useRef(view);
  const since = useRef(view.heard);
  const [words, setWords] = useState("");
  useEffect(() => {
    latest.current = view;
  }, [view]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (latest.current.heard === since.current) return;
      setWords(told(latest.current, since.current));
      since.current = latest.current.heard;
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const { poll } = view;
  const asks = poll !== null && !poll.isClosed && poll.ownVote === null;
  return (
    <>
      <p className="unseen" aria-live="polite">
        {words}
      </p>
      <p className="unseen" role="alert">
        {asks && `New poll${poll.poll.label === null ? "" : ` by ${poll.poll.label}`}: ${poll.poll.question}`}
      </p>
    </>
  );
}
