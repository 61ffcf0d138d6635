import { IconButton, Button } from "@/ui/Button";
import { Check } from "@/ui/Check";
import { Fault, Field, Hint } from "@/ui/Field";
import { CloseIcon } from "@/ui/icons";
import css from "./EditForm.module.css";
import { BOUNDS, type Draft, type Faults } from "./draft";

interface Props<D extends Draft> {
  readonly draft: D;
  readonly faults: Faults;
  readonly onChange: (draft: D) => void;
}

type DraftOf<A extends Draft["arm"]> = Extract<Draft, { arm: A }>;

export function PollFields({ draft, faults, onChange }: Props<DraftOf<"POLL">>) {
  const setOptions = (options: readonly string[]) => {
    onChange({ ...draft, options });
  };
  return (
    <>
      <Field
        dense
        label="Question"
        fault={faults.question}
        length={[draft.question.length, BOUNDS.questionChars]}
      >
        {(input) => (
          <textarea
            {...input}
            rows={2}
            value={draft.question}
            onChange={(event) => {
              onChange({ ...draft, question: event.target.value });
            }}
          />
        )}
      </Field>
      {draft.options.map((option, index) => (
        <Field
          dense
          key={index}
          label={`Option ${index + 1}`}
          fault={faults[`options.${index}`]}
          aside={
            draft.options.length > BOUNDS.optionsFrom && (
              <IconButton
                label={`Remove option ${index + 1}`}
                onClick={() => {
                  setOptions(draft.options.toSpliced(index, 1));
                }}
              >
                <CloseIcon />
              </IconButton>
            )
          }
        >
          {(input) => (
            <input
              {...input}
              value={option}
              onChange={(event) => {
                setOptions(draft.options.with(index, event.target.value));
              }}
            />
          )}
        </Field>
      ))}
      {faults.options !== undefined && <Fault>{faults.options}</Fault>}
      {draft.options.length < BOUNDS.optionsTo && (
        <Button
          small
          onClick={() => {
            setOptions([...draft.options, ""]);
          }}
        >
          Add an option
        </Button>
      )}
      <div className={css.pair}>
        <Field dense label="When" fault={faults.timing}>
          {(input) => (
            <select
              {...input}
              value={draft.timing}
              onChange={(event) => {
                onChange({ ...draft, timing: event.target.value as typeof draft.timing });
              }}
            >
              <option value="IMMEDIATE">At once</option>
              <option value="NEXT_TRANSITION">With the next slide</option>
            </select>
          )}
        </Field>
        <Seconds label="Stands for (seconds)" draft={draft} faults={faults} onChange={onChange} />
      </div>
      <Check
        dense
        label="Everybody sees the results"
        checked={draft.showResults}
        onChange={(showResults) => {
          onChange({ ...draft, showResults });
        }}
      />
    </>
  );
}

export function PromptFields({ draft, faults, onChange }: Props<DraftOf<"CHAT_PROMPT">>) {
  return (
    <>
      <Message draft={draft} faults={faults} onChange={onChange} />
      <Check
        dense
        label="Pin it to the top of the chat"
        checked={draft.pinned}
        onChange={(pinned) => {
          onChange({ ...draft, pinned });
        }}
      />
      <Check
        dense
        label="Let it stand out"
        checked={draft.highlighted}
        onChange={(highlighted) => {
          onChange({ ...draft, highlighted });
        }}
      />
    </>
  );
}

export function NudgeFields({ draft, faults, onChange }: Props<DraftOf<"NUDGE">>) {
  return (
    <>
      <Message draft={draft} faults={faults} onChange={onChange} />
      <Hint>
        <code>{"{{name}}"}</code> and <code>{"{{action}}"}</code> are filled in person by person.
      </Hint>
      <Field
        dense
        label="What its button says"
        fault={faults.callToAction}
        length={[draft.callToAction.length, BOUNDS.actionChars]}
      >
        {(input) => (
          <input
            {...input}
            value={draft.callToAction}
            onChange={(event) => {
              onChange({ ...draft, callToAction: event.target.value });
            }}
          />
        )}
      </Field>
      <div className={css.pair}>
        <Field dense label="For whom" fault={faults.segment}>
          {(input) => (
            <select
              {...input}
              value={draft.segment}
              onChange={(event) => {
                onChange({ ...draft, segment: event.target.value as typeof draft.segment });
              }}
            >
              <option value="DISENGAGED">Who stopped taking part</option>
              <option value="LURKERS">Who has not taken part yet</option>
              <option value="FIRST_TIME">Who is here for the first time</option>
            </select>
          )}
        </Field>
        <Seconds label="Stands for (seconds)" draft={draft} faults={faults} onChange={onChange} />
      </div>
    </>
  );
}

export function QnaFields({ draft, faults, onChange }: Props<DraftOf<"QNA_PROMOTE">>) {
  return (
    <>
      <Message draft={draft} faults={faults} onChange={onChange} />
      {draft.strategy === "SURFACE_BEST" && (
        <Hint>
          {draft.questionIds.length} open questions are shown to the speaker; the message may stay empty.
        </Hint>
      )}
    </>
  );
}

interface MessageProps<D extends Draft & { readonly message: string }> {
  readonly draft: D;
  readonly faults: Faults;
  readonly onChange: (draft: D) => void;
}

function Message<D extends Draft & { readonly message: string }>({
  draft,
  faults,
  onChange,
}: MessageProps<D>) {
  return (
    <Field dense label="Message" fault={faults.message} length={[draft.message.length, BOUNDS.messageChars]}>
      {(input) => (
        <textarea
          {...input}
          rows={4}
          value={draft.message}
          onChange={(event) => {
            onChange({ ...draft, message: event.target.value });
          }}
        />
      )}
    </Field>
  );
}

interface SecondsProps<D extends Draft & { readonly seconds: string }> {
  readonly label: string;
  readonly draft: D;
  readonly faults: Faults;
  readonly onChange: (draft: D) => void;
}

function Seconds<D extends Draft & { readonly seconds: string }>({
  label,
  draft,
  faults,
  onChange,
}: SecondsProps<D>) {
  return (
    <Field dense label={label} fault={faults.seconds}>
      {(input) => (
        <input
          {...input}
          inputMode="numeric"
          value={draft.seconds}
          onChange={(event) => {
            onChange({ ...draft, seconds: event.target.value });
          }}
        />
      )}
    </Field>
  );
}
