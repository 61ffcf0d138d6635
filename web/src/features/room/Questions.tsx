import { memo, useMemo } from "react";
import { toast } from "@/ui/toast";
import { asProblem } from "@/api/problem";
import type { Deeds } from "@/api/rooms";
import type { RoomView } from "@/core/room";
import type { Question } from "@/core/roomModel";
import { sortedQuestions } from "@/core/roomShown";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { AssistantIcon, TickIcon, UpIcon } from "@/ui/icons";
import { AskForm } from "./AskForm";
import css from "./Questions.module.css";
import type { LayoutProps } from "./WideRoom";

/** The questions of the room, as far as they concern this person. */
export function Questions({ view, deeds, desk }: LayoutProps) {
  return (
    <QuestionList
      questions={view.questions}
      upvoted={view.upvoted}
      userId={view.userId}
      isOver={view.hasEnded}
      deeds={deeds}
      draft={desk.questionDraft}
      onDraft={desk.setQuestionDraft}
    />
  );
}

interface Props {
  readonly questions: RoomView["questions"];
  readonly upvoted: RoomView["upvoted"];
  readonly userId: string;
  readonly isOver: boolean;
  readonly deeds: Deeds;
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
}

/** Made anew only where something of it changed, and not with every message of the chat. */
const QuestionList = memo(function QuestionList(props: Props) {
  const { questions, upvoted, userId, isOver, deeds, draft, onDraft } = props;
  const sorted = useMemo(() => sortedQuestions(questions), [questions]);
  return (
    <div className={css.questions}>
      {!isOver && <AskForm draft={draft} onDraft={onDraft} deeds={deeds} />}
      {sorted.length === 0 ? (
        <p className={css.nothing}>No questions yet. Others can vote for yours.</p>
      ) : (
        <ul className={css.list} aria-label="Questions, those that most people want answered first">
          {sorted.map((each) => (
            <QuestionItem
              key={each.id}
              question={each}
              isOwn={each.userId !== null && each.userId === userId}
              isUpvoted={upvoted.has(each.id)}
              isOver={isOver}
              deeds={deeds}
            />
          ))}
        </ul>
      )}
    </div>
  );
});

interface ItemProps {
  readonly question: Question;
  readonly isOwn: boolean;
  readonly isUpvoted: boolean;
  readonly isOver: boolean;
  readonly deeds: Deeds;
}

function QuestionItem({ question, isOwn, isUpvoted, isOver, deeds }: ItemProps) {
  const upvote = () => {
    deeds.upvote(question.id).catch((error: unknown) => {
      toast.error("Your vote for this question was not taken", { description: asProblem(error).message });
    });
  };
  const votes = question.upvotes === 1 ? "1 vote" : `${question.upvotes} votes`;
  return (
    <li className={classes(css.question, question.isAnswered && css.answered)}>
      <button
        type="button"
        className={css.upvote}
        aria-pressed={isUpvoted}
        aria-label={`${isOwn ? "Your question" : "Vote for this question"}: ${votes}`}
        disabled={isOwn || isUpvoted || question.isAnswered || isOver}
        onClick={upvote}
      >
        <UpIcon />
        {question.upvotes}
      </button>
      <div className={css.body}>
        <p className={css.content}>{question.content}</p>
        <p className={css.marks}>
          {question.label === null ? (
            <span>{isOwn ? "You" : question.name}</span>
          ) : (
            <Badge tone="accent" icon={<AssistantIcon />}>
              {question.label}
            </Badge>
          )}
          {question.isAnswered && (
            <Badge tone="high" icon={<TickIcon />}>
              Answered
            </Badge>
          )}
          {question.isPromoted && !question.isAnswered && <Badge tone="accent">With the speaker</Badge>}
        </p>
      </div>
    </li>
  );
}
