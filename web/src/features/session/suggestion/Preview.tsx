import type { Content, NudgeContent, QnaContent } from "@/core/model";
import css from "./Preview.module.css";
import { QuestionWords } from "./QuestionWords";

const SEGMENT_WORDS: Readonly<Record<NudgeContent["segment"], string>> = {
  DISENGAGED: "people who have stopped taking part",
  LURKERS: "people who have not taken part yet",
  FIRST_TIME: "people who are here for the first time",
};

interface Props {
  readonly sessionId: string;
  readonly content: Content;
  /** Under which the room sees it. */
  readonly label: string;
}

/** Content as the people in the room will see it, and below it what they do not see. */
export function Preview({ sessionId, content, label }: Props) {
  return (
    <figure className={css.preview}>
      <div className={css.shown}>
        <p className={css.label}>{label}</p>
        <Shown sessionId={sessionId} content={content} />
      </div>
      <figcaption>{facts(content).join(" · ")}</figcaption>
    </figure>
  );
}

function Shown({ sessionId, content }: Omit<Props, "label">) {
  switch (content.arm) {
    case "POLL":
      return (
        <>
          <p className={css.question}>{content.question}</p>
          <ul className={css.options}>
            {content.options.map((each, index) => (
              <li key={index}>{each}</li>
            ))}
          </ul>
        </>
      );
    case "NUDGE":
      return (
        <>
          <p>
            <Filled text={content.message} action={content.callToAction} />
          </p>
          {content.callToAction !== "" && <p className={css.action}>{content.callToAction}</p>}
        </>
      );
    case "CHAT_PROMPT":
      return <p className={content.highlighted ? css.highlighted : undefined}>{content.message}</p>;
    case "QNA_PROMOTE":
      return <Questions sessionId={sessionId} content={content} />;
  }
}

interface QuestionsProps {
  readonly sessionId: string;
  readonly content: QnaContent;
}

function Questions({ sessionId, content }: QuestionsProps) {
  if (content.strategy !== "SURFACE_BEST") return <p>{content.message}</p>;
  const count = content.questionIds.length;
  return (
    <>
      <p>
        {count === 1
          ? "The best open question is shown to the speaker:"
          : `The ${count} best open questions are shown to the speaker:`}
      </p>
      <QuestionWords sessionId={sessionId} ids={content.questionIds} />
      {content.message !== "" && <p>{content.message}</p>}
    </>
  );
}

/** What is filled in person by person stands out. */
function Filled({ text, action }: { readonly text: string; readonly action: string }) {
  const parts = text.split(/(\{\{\s*(?:name|action)\s*\}\})/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    return <mark key={index}>{part.includes("name") ? "their name" : action}</mark>;
  });
}

function facts(content: Content): readonly string[] {
  switch (content.arm) {
    case "POLL":
      return [
        content.timing === "IMMEDIATE" ? "at once" : "with the next slide, or after 60 s",
        `for ${content.displayDurationS} s`,
        content.showResults ? "everybody sees the results" : "results stay with you",
      ];
    case "CHAT_PROMPT":
      return [
        content.pinned ? "pinned to the top of the chat" : "in the chat",
        content.targetUsers.length === 0 ? "for everybody" : `for ${content.targetUsers.length} people`,
      ];
    case "NUDGE":
      return [`privately, to ${SEGMENT_WORDS[content.segment]}`, `for ${content.expiresAfterS} s`];
    case "QNA_PROMOTE":
      return [content.strategy === "SURFACE_BEST" ? "on the speaker's strip" : "in the Q&A"];
  }
}
