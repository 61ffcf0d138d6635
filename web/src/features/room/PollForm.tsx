import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Problem } from "@/api/problem";
import type { Deeds } from "@/api/rooms";
import type { Poll } from "@/core/roomModel";
import { Button } from "@/ui/Button";
import css from "./Poll.module.css";

interface Props {
  readonly poll: Poll;
  readonly deeds: Deeds;
}

export function PollForm({ poll, deeds }: Props) {
  const name = useId();
  const [chosen, choose] = useState<string | null>(null);
  const vote = useMutation<undefined, Problem, string>({
    mutationFn: async (optionId) => {
      await deeds.vote(poll.id, optionId);
      return undefined;
    },
  });
  const submit = () => {
    if (chosen !== null) vote.mutate(chosen);
  };
  return (
    <form action={submit} className={css.form}>
      <fieldset className={css.options}>
        <legend className="unseen">{poll.question}</legend>
        {poll.options.map((each) => (
          <label key={each.id} className={css.option}>
            <input
              type="radio"
              name={name}
              value={each.id}
              checked={chosen === each.id}
              onChange={() => {
                choose(each.id);
              }}
            />
            <span>{each.text}</span>
          </label>
        ))}
      </fieldset>
      {vote.error !== null && (
        <p role="alert" className={css.wrong}>
          Your vote was not taken. {vote.error.message}
        </p>
      )}
      <Button look="primary" type="submit" disabled={chosen === null} busy={vote.isPending}>
        Vote
      </Button>
    </form>
  );
}
