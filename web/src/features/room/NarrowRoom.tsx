import * as Tabs from "@radix-ui/react-tabs";
import { Button } from "@/ui/Button";
import { Dock } from "./Dock";
import { MessageList } from "./MessageList";
import { Pinned } from "./Pinned";
import { NoPoll, PollCard } from "./PollCard";
import { Questions } from "./Questions";
import css from "./Room.module.css";
import type { Tab } from "./useDesk";
import type { LayoutProps } from "./WideRoom";

/** More than this is "99+". */
const COUNTED_MOST = 99;

/** One at a time, for phones. */
export function NarrowRoom({ view, deeds, desk }: LayoutProps) {
  const { poll } = view;
  const isAsked = poll !== null && !poll.isClosed && poll.ownVote === null && !view.hasEnded;
  const open = [...view.questions.values()].filter((each) => !each.isAnswered).length;
  return (
    <Tabs.Root
      className={css.narrow}
      value={desk.tab}
      onValueChange={(tab) => {
        desk.go(tab as Tab);
      }}
    >
      <Tabs.List className={css.tabs} aria-label="The room">
        <Tabs.Trigger className={css.tab} value="chat">
          Chat <Count of={desk.unread} what="new messages" />
        </Tabs.Trigger>
        <Tabs.Trigger className={css.tab} value="poll">
          Poll{" "}
          {isAsked && (
            <span className={css.dot}>
              <span className="unseen">waits for your vote</span>
            </span>
          )}
        </Tabs.Trigger>
        <Tabs.Trigger className={css.tab} value="questions">
          Q&amp;A <Count of={open} what="open questions" quiet />
        </Tabs.Trigger>
      </Tabs.List>
      <main className={css.panels}>
        <Tabs.Content className={css.panel} value="chat" tabIndex={-1}>
          <Pinned message={view.pinned} />
          {isAsked && (
            <div className={css.call}>
              <span className={css.callText}>{poll.poll.question}</span>
              <Button
                small
                look="primary"
                onClick={() => {
                  desk.go("poll");
                }}
              >
                Vote
              </Button>
            </div>
          )}
          <MessageList view={view} deeds={deeds} />
        </Tabs.Content>
        <Tabs.Content className={css.scrolling} value="poll">
          {poll === null ? (
            <NoPoll />
          ) : (
            <PollCard poll={poll} aheadS={view.aheadS} hasEnded={view.hasEnded} deeds={deeds} />
          )}
        </Tabs.Content>
        <Tabs.Content className={css.scrolling} value="questions">
          <Questions view={view} deeds={deeds} desk={desk} />
        </Tabs.Content>
      </main>
      <Dock view={view} deeds={deeds} desk={desk} withComposer={desk.tab === "chat"} />
    </Tabs.Root>
  );
}

interface CountProps {
  readonly of: number;
  readonly what: string;
  readonly quiet?: boolean;
}

function Count({ of: count, what, quiet = false }: CountProps) {
  if (count === 0) return null;
  return (
    <span className={quiet ? css.quietNumber : css.number}>
      {count > COUNTED_MOST ? `${COUNTED_MOST}+` : count}
      <span className="unseen"> {what}</span>
    </span>
  );
}
