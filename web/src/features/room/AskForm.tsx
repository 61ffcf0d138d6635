import { useMutation } from "@tanstack/react-query";
import type { Problem } from "@/api/problem";
import type { Deeds } from "@/api/rooms";
import { Button } from "@/ui/Button";
import css from "./Questions.module.css";
import writing from "./Writing.module.css";

/** As long as a question may be. */
const QUESTION_CHARS = 500;

interface Props {
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  readonly deeds: Deeds;
}

export function AskForm({ draft, onDraft, deeds }: Props) {
  const ask = useMutation<undefined, Problem, string>({
    mutationFn: async (content) => {
      await deeds.ask(content);
      return undefined;
    },
    onSuccess: () => {
      onDraft("");
    },
  });
  const submit = () => {
    ask.mutate(draft.trim());
  };
  return (
    <form action={submit} className={css.ask}>
      <textarea
        className={writing.field}
        aria-label="Your question to the speaker"
        placeholder="Ask the speaker"
        rows={2}
        maxLength={QUESTION_CHARS}
        value={draft}
        onChange={(event) => {
          onDraft(event.target.value);
        }}
      />
      <Button type="submit" look="primary" disabled={draft.trim() === ""} busy={ask.isPending}>
        Ask
      </Button>
      {ask.error !== null && (
        <p role="alert" className={css.wrong}>
          Your question was not taken. {ask.error.message}
        </p>
      )}
    </form>
  );
}
