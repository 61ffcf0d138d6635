import { useMutation } from "@tanstack/react-query";
import { toast } from "@/ui/toast";
import { memo, useMemo } from "react";
import type { Problem } from "@/api/problem";
import type { Deeds } from "@/api/rooms";
import type { RoomView } from "@/core/room";
import type { Question } from "@/core/roomModel";
import { questionsFor } from "@/core/speak";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { AssistantIcon, TickIcon, UpIcon } from "@/ui/icons";
import css from "./Speak.module.css";

interface Props {
  readonly questions: RoomView["questions"];
  readonly deeds: Deeds;
}

/** Questions that were brought to the speaker, large; below them what else the room wants answered. */
export const Promoted = memo(function Promoted({ questions, deeds }: Props) {
  const { promoted, next, openCount } = useMemo(() => questionsFor(questions), [questions]);
  return (
    <>
      <section aria-label="Questions for you" aria-live="polite">
        {promoted.length === 0 ? (
          <div className={css.calm}>
            <p className={css.calmTitle}>No question for you right now</p>
            <p>When questions are brought to you, they stand here in large letters.</p>
          </div>
        ) : (
          <ul className={css.promoted}>
            {promoted.map((each) => (
              <Item key={each.id} question={each} deeds={deeds} isLarge />
            ))}
          </ul>
        )}
      </section>
      {next.length > 0 && (
        <section className={css.next} aria-labelledby="next-questions">
          <h2 id="next-questions" className={css.nextTitle}>
            Most wanted by the room
            {openCount > promoted.length + next.length && (
              <span className={css.soft}> · {openCount - promoted.length} open</span>
            )}
          </h2>
          <ul className={css.list}>
            {next.map((each) => (
              <Item key={each.id} question={each} deeds={deeds} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
});

interface ItemProps {
  readonly question: Question;
  readonly deeds: Deeds;
  readonly isLarge?: boolean;
}

function Item({ question, deeds, isLarge = false }: ItemProps) {
  const mark = useMutation<undefined, Problem>({
    mutationFn: async () => {
      await deeds.markAnswered(question.id);
      return undefined;
    },
    onError: (problem) => {
      toast.error("The question was not marked as answered", { description: problem.message });
    },
  });
  const votes = question.upvotes === 1 ? "1 vote" : `${question.upvotes} votes`;
  return (
    <li className={classes(css.question, isLarge && css.large)}>
      <div className={css.words}>
        <p className={css.content}>{question.content}</p>
        <p className={css.marks}>
          {question.upvotes > 0 && (
            <span className={css.votes}>
              <UpIcon />
              {votes}
            </span>
          )}
          {question.label === null ? (
            <span>{question.name}</span>
          ) : (
            <Badge tone="accent" icon={<AssistantIcon />}>
              {question.label}
            </Badge>
          )}
        </p>
      </div>
      <Button
        small={!isLarge}
        icon={<TickIcon />}
        busy={mark.isPending}
        aria-label={`Answered: ${question.content}`}
        onClick={() => {
          mark.mutate();
        }}
      >
        Answered
      </Button>
    </li>
  );
}
