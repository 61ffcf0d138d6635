import { useState } from "react";
import { useIdentity } from "@/api/identity";
import { useNow } from "@/api/sessions";
import type { Decision } from "@/core/model";
import { ARM_WORDS, clockTime, percent } from "@/core/words";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { classes } from "@/ui/classes";
import { MadeBy } from "../MadeBy";
import { focusOn } from "@/ui/focus";
import { DismissForm } from "./DismissForm";
import { EditForm } from "./EditForm";
import { Preview } from "./Preview";
import { Recovered } from "./Recovered";
import css from "./SuggestionCard.module.css";
import { standingInWords } from "./answering";
import { type Countdown, countdown } from "./countdown";
import type { Faults } from "./draft";
import { type Answers, useAnswer } from "./useAnswer";

interface Props {
  readonly sessionId: string;
  readonly decision: Decision;
  /** The score now; null if nobody knows it. */
  readonly score: number | null;
  readonly label: string;
}

/** What the agent would like to do, and asks about. */
export function SuggestionCard({ sessionId, decision, score, label }: Props) {
  const answers = useAnswer(decision, sessionId);
  const left = countdown(decision.at, decision.expiresAt, useNow(250));
  return (
    <Card
      title={`${ARM_WORDS[decision.arm]} suggested`}
      aside={<MadeBy by={decision.generation} />}
      className={css.card}
    >
      {left !== null && <Left left={left} />}
      <dl className={css.scores}>
        <Figure name="When asked" value={percent(decision.scoreBefore)} />
        <Figure name="Now" value={score === null ? "–" : percent(score)} />
        <Figure name="Confidence" value={percent(decision.confidence)} />
      </dl>
      <Question
        sessionId={sessionId}
        decision={decision}
        answers={answers}
        label={label}
        isOver={left?.isOver === true}
      />
    </Card>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Left({ left }: { readonly left: Countdown }) {
  return (
    <div className={classes(css.left, left.isShort && css.short)}>
      <span role="timer">
        {left.isOver ? "Time is over" : `${clockTime(Math.ceil(left.leftS))} to answer`}
      </span>
      <span className={css.track} aria-hidden="true">
        <span style={{ transform: `scaleX(${left.leftRatio})` }} />
      </span>
      <span className="unseen" role="alert">
        {left.isShort ? "Fifteen seconds or less to answer the suggestion." : ""}
      </span>
    </div>
  );
}

interface QuestionProps {
  readonly sessionId: string;
  readonly decision: Decision;
  readonly answers: Answers;
  readonly label: string;
  readonly isOver: boolean;
}

/** The same object each time, so that a form does not take it for news. */
const NO_FAULTS: Faults = {};

type Step = "look" | "edit" | "dismiss";

function Question({ sessionId, decision, answers, label, isOver }: QuestionProps) {
  const [step, setStep] = useState<Step>("look");
  const [isBack, setIsBack] = useState(false);
  const me = useIdentity()?.userId ?? null;
  const { state } = answers;
  const busy = state.phase === "sending";
  const look = () => {
    setStep("look");
    setIsBack(true);
    if (state.phase !== "sending") answers.again();
  };

  if (state.phase === "answered") {
    return (
      <p role="status" className={css.notice}>
        {state.verdict === "APPROVED"
          ? "Approved. The room gets to see it in a moment."
          : "Dismissed. Nothing is shown."}
      </p>
    );
  }
  if (state.phase === "decided") {
    return (
      <p role="alert" className={css.notice}>
        {standingInWords(state.standing, me)}
      </p>
    );
  }
  if (state.phase === "recovered") {
    const shown = state.content ?? decision.content;
    return (
      <>
        <Recovered score={state.score} content={state.content} answers={answers} onLook={look} />
        {shown !== null && <Preview sessionId={sessionId} content={shown} label={label} />}
      </>
    );
  }
  if (step === "edit" && decision.content !== null) {
    const refused = state.phase === "misfit" ? state.faults : NO_FAULTS;
    return (
      <>
        <EditForm
          content={decision.content}
          refused={refused}
          busy={busy}
          onApprove={answers.approve}
          onCancel={look}
        />
        <Trouble answers={answers} />
      </>
    );
  }
  if (step === "dismiss") {
    return (
      <>
        <DismissForm busy={busy} onDismiss={answers.reject} onCancel={look} />
        <Trouble answers={answers} />
      </>
    );
  }
  return (
    <>
      {decision.content === null ? (
        <BeingWritten />
      ) : (
        <Preview sessionId={sessionId} content={decision.content} label={label} />
      )}
      <div className={css.actions} tabIndex={-1} ref={isBack ? focusOn : null}>
        <Button
          look="primary"
          busy={busy}
          disabled={isOver}
          onClick={() => {
            answers.approve(null);
          }}
        >
          {busy ? "Launching…" : "Approve"}
        </Button>
        <Button
          disabled={decision.content === null || busy || isOver}
          onClick={() => {
            setStep("edit");
          }}
        >
          Edit
        </Button>
        <Button
          look="quiet"
          disabled={busy || isOver}
          onClick={() => {
            setStep("dismiss");
          }}
        >
          Dismiss
        </Button>
      </div>
      <Trouble answers={answers} />
    </>
  );
}

function BeingWritten() {
  return (
    <Loading what="the wording">
      <div className={css.writing}>
        <p>It is being written. You can approve it already: the room sees what comes of it.</p>
        <Skeleton width="40%" height="1rem" />
        <Skeleton height="2.5rem" />
        <Skeleton width="80%" height="2.5rem" />
      </div>
    </Loading>
  );
}

/** Why an answer did not get through; the buttons stay, so that it can be given again. */
function Trouble({ answers: { state } }: { readonly answers: Answers }) {
  if (state.phase !== "failed" && state.phase !== "misfit") return null;
  const message = state.phase === "failed" ? state.problem.message : state.message;
  return (
    <p role="alert" className={css.trouble}>
      Not answered: {message}
      {state.phase === "failed" && state.problem.isPassing && " You can try again."}
    </p>
  );
}
