/** Content as a form has it, and back. The bounds are those of `POST …/approve`. */
import type { Content, NudgeContent, PollContent, QnaContent } from "@/core/model";

export const BOUNDS = {
  questionChars: 200,
  optionChars: 80,
  optionsFrom: 2,
  optionsTo: 6,
  messageChars: 500,
  actionChars: 80,
  secondsFrom: 1,
  secondsTo: 3600,
} as const;

interface PollDraft {
  readonly arm: "POLL";
  readonly question: string;
  readonly options: readonly string[];
  readonly timing: PollContent["timing"];
  readonly seconds: string;
  readonly showResults: boolean;
}

interface PromptDraft {
  readonly arm: "CHAT_PROMPT";
  readonly message: string;
  readonly pinned: boolean;
  readonly highlighted: boolean;
  readonly targetUsers: readonly string[];
}

interface NudgeDraft {
  readonly arm: "NUDGE";
  readonly message: string;
  readonly callToAction: string;
  readonly segment: NudgeContent["segment"];
  readonly seconds: string;
}

interface QnaDraft {
  readonly arm: "QNA_PROMOTE";
  readonly strategy: QnaContent["strategy"];
  readonly questionIds: readonly string[];
  readonly message: string;
}

export type Draft = PollDraft | PromptDraft | NudgeDraft | QnaDraft;

/** What is wrong, by the field that it is wrong with: "question", "options", "options.0", "message"… */
export type Faults = Readonly<Record<string, string>>;

export function draftOf(content: Content): Draft {
  switch (content.arm) {
    case "POLL": {
      const { arm, question, options, timing, displayDurationS, showResults } = content;
      return { arm, question, options, timing, seconds: String(displayDurationS), showResults };
    }
    case "NUDGE": {
      const { arm, message, callToAction, segment, expiresAfterS } = content;
      return { arm, message, callToAction, segment, seconds: String(expiresAfterS) };
    }
    default:
      return content;
  }
}

/** The content of a draft without faults; texts are trimmed. */
export function contentOf(draft: Draft): Content {
  switch (draft.arm) {
    case "POLL": {
      const { arm, timing, showResults, seconds } = draft;
      const [question, options] = [draft.question.trim(), draft.options.map((each) => each.trim())];
      return { arm, question, options, timing, displayDurationS: Number(seconds), showResults };
    }
    case "NUDGE": {
      const { arm, segment, seconds } = draft;
      const [message, callToAction] = [draft.message.trim(), draft.callToAction.trim()];
      return { arm, message, callToAction, segment, expiresAfterS: Number(seconds) };
    }
    default:
      return { ...draft, message: draft.message.trim() };
  }
}

export function faultsOf(draft: Draft): Faults {
  switch (draft.arm) {
    case "POLL":
      return faults({
        question: textFault(draft.question, BOUNDS.questionChars, "Ask something."),
        options: countFault(draft.options.length),
        ...Object.fromEntries(
          draft.options.map((each, index) => [`options.${index}`, optionFault(draft.options, each, index)]),
        ),
        seconds: secondsFault(draft.seconds),
      });
    case "CHAT_PROMPT":
      return faults({ message: textFault(draft.message, BOUNDS.messageChars, "Write what is to be said.") });
    case "NUDGE":
      return faults({
        message: textFault(draft.message, BOUNDS.messageChars, "Write what is to be said."),
        callToAction: lengthFault(draft.callToAction, BOUNDS.actionChars),
        seconds: secondsFault(draft.seconds),
      });
    case "QNA_PROMOTE":
      return faults({
        message:
          draft.strategy === "SURFACE_BEST"
            ? lengthFault(draft.message, BOUNDS.messageChars)
            : textFault(draft.message, BOUNDS.messageChars, "Write what is to be said."),
      });
  }
}

/** The field of a form that a place in a request belongs to, such as `body.content.PollBody.options.0`. */
export function fieldOf(where: string): string {
  const path = where.split(".").filter((each) => !/^(body|content|\w+Body)$/.test(each));
  const [name = "", index] = path;
  const field = FIELDS[name] ?? name;
  return index !== undefined && field === "options" ? `${field}.${index}` : field;
}

const FIELDS: Readonly<Record<string, string>> = {
  display_duration_s: "seconds",
  expires_after_s: "seconds",
  call_to_action: "callToAction",
  show_results: "showResults",
  question_ids: "questionIds",
};

function faults(found: Readonly<Record<string, string | null>>): Faults {
  return Object.fromEntries(
    Object.entries(found).filter((each): each is [string, string] => each[1] !== null),
  );
}

function textFault(text: string, most: number, ifEmpty: string): string | null {
  return text.trim() === "" ? ifEmpty : lengthFault(text, most);
}

function lengthFault(text: string, most: number): string | null {
  const over = text.trim().length - most;
  return over > 0 ? `${over} characters too long: ${most} at most.` : null;
}

function countFault(count: number): string | null {
  if (count < BOUNDS.optionsFrom) return `At least ${BOUNDS.optionsFrom} options.`;
  return count > BOUNDS.optionsTo ? `${BOUNDS.optionsTo} options at most.` : null;
}

function optionFault(options: readonly string[], option: string, index: number): string | null {
  const fault = textFault(option, BOUNDS.optionChars, "Write an option, or remove it.");
  if (fault !== null) return fault;
  const first = options.findIndex((each) => each.trim() === option.trim());
  return first < index ? "The same as another option." : null;
}

function secondsFault(seconds: string): string | null {
  const value = Number(seconds);
  const fits = seconds.trim() !== "" && value >= BOUNDS.secondsFrom && value <= BOUNDS.secondsTo;
  return fits ? null : `A number of seconds from ${BOUNDS.secondsFrom} to ${BOUNDS.secondsTo}.`;
}
