import { memo } from "react";
import { ownNow } from "@/api/clock";
import { useNow } from "@/api/sessions";
import type { Deeds } from "@/api/rooms";
import type { PollView } from "@/core/room";
import { isVotable, secondsLeft, showsResults } from "@/core/roomShown";
import { clockTime } from "@/core/words";
import { Badge } from "@/ui/Badge";
import { AssistantIcon } from "@/ui/icons";
import css from "./Poll.module.css";
import { PollBars } from "./PollBars";
import { PollForm } from "./PollForm";

interface Props {
  readonly poll: PollView;
  readonly aheadS: number;
  readonly hasEnded: boolean;
  readonly deeds: Deeds;
}

/** The poll that was launched last: to vote in, to see how the votes stand, or how they stood in the end. */
export const PollCard = memo(function PollCard({ poll, aheadS, hasEnded, deeds }: Props) {
  const now = useNow(1_000, ownNow) + aheadS;
  const isOpen = isVotable(poll, now) && !hasEnded;
  const left = secondsLeft(poll, now);
  const own = poll.poll.options.find((each) => each.id === poll.ownVote);
  return (
    <div className={css.poll}>
      <p className={css.marks}>
        {poll.poll.label === null ? (
          <Badge>Host</Badge>
        ) : (
          <Badge tone="accent" icon={<AssistantIcon />}>
            {poll.poll.label}
          </Badge>
        )}
        {!isOpen && <Badge>Closed</Badge>}
        {isOpen && left !== null && (
          <span className={css.clock} role="timer" aria-label="Time left to vote">
            {clockTime(left)} left
          </span>
        )}
      </p>
      <h3 className={css.question}>{poll.poll.question}</h3>
      {isOpen && poll.ownVote === null && <PollForm key={poll.poll.id} poll={poll.poll} deeds={deeds} />}
      {showsResults(poll, now) ? (
        <PollBars poll={poll} isOpen={isOpen} />
      ) : (
        <Pending own={own?.text ?? null} isOpen={isOpen} showsResults={poll.poll.showsResults} />
      )}
    </div>
  );
});

interface PendingProps {
  readonly own: string | null;
  readonly isOpen: boolean;
  readonly showsResults: boolean;
}

function Pending({ own, isOpen, showsResults: soon }: PendingProps) {
  if (!isOpen) return <p className={css.note}>Votes are no longer taken.</p>;
  if (own === null) return null;
  return (
    <p className={css.note} role="status">
      You voted for “{own}”. {soon ? "Results follow." : "Results are shown when the poll closes."}
    </p>
  );
}

export function NoPoll() {
  return <p className={css.note}>There is no poll right now. When one is launched, it appears here.</p>;
}
