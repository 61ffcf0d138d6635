import type { Content } from "@/core/model";
import { percent } from "@/core/words";
import { Button } from "@/ui/Button";
import { focusOn } from "@/ui/focus";
import css from "./SuggestionCard.module.css";
import type { Answers } from "./useAnswer";

interface RecoveredProps {
  readonly score: number;
  /** What is to be launched; null for the draft. */
  readonly content: Content | null;
  readonly answers: Answers;
  readonly onLook: () => void;
}

/** At the click the room was looked at once more, and it is well again. */
export function Recovered({ score, content, answers, onLook }: RecoveredProps) {
  return (
    <div
      role="alertdialog"
      aria-label="The room has recovered"
      tabIndex={-1}
      ref={focusOn}
      className={css.recovered}
    >
      <p>
        <strong>The room has recovered ({percent(score)}).</strong> Launch anyway?
      </p>
      <div className={css.actions}>
        <Button
          look="primary"
          onClick={() => {
            answers.approve(content, score);
          }}
        >
          Launch anyway
        </Button>
        <Button
          onClick={() => {
            answers.reject("the room had recovered");
          }}
        >
          Dismiss
        </Button>
        <Button look="quiet" onClick={onLook}>
          Look again
        </Button>
      </div>
    </div>
  );
}
