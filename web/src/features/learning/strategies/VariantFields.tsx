import { STYLE_WORDS } from "@/core/words";
import { Field } from "@/ui/Field";
import { NumberField } from "@/ui/NumberField";
import css from "./Strategies.module.css";
import type { VariantDraft, VariantFaults } from "./draft";
import { POLICY_WORDS } from "./words";

interface Props {
  readonly legend: string;
  readonly draft: VariantDraft;
  readonly faults: VariantFaults;
  readonly onChange: (changed: Partial<VariantDraft>) => void;
}

/** One of the two ways. */
export function VariantFields({ legend, draft, faults, onChange }: Props) {
  return (
    <fieldset className={css.variant}>
      <legend>{legend}</legend>
      <Field label="Name" fault={faults.name}>
        {(input) => (
          <input
            {...input}
            type="text"
            autoComplete="off"
            value={draft.name}
            onChange={(event) => {
              onChange({ name: event.target.value });
            }}
          />
        )}
      </Field>
      <Choice
        label="What to do is chosen"
        fault={faults.policy}
        usual="As the agent does now"
        words={POLICY_WORDS}
        value={draft.policy}
        onChange={(policy) => {
          onChange({ policy });
        }}
      />
      <Choice
        label="Tone of what it posts"
        usual="As the event has it"
        words={STYLE_WORDS}
        value={draft.style}
        onChange={(style) => {
          onChange({ style });
        }}
      />
      <NumberField
        label="Acts below a score of, in per cent"
        hint="Below it a fall leads to a decision; a critical one does at any score. Empty: as the event has it."
        fault={faults.actBelow}
        max={100}
        value={draft.actBelow}
        onChange={(actBelow) => {
          onChange({ actBelow });
        }}
      />
      <NumberField
        label="Acts by itself from a confidence of, in per cent"
        hint="Where the mode is Semi-auto. Empty: as the event has it."
        fault={faults.threshold}
        max={100}
        value={draft.threshold}
        onChange={(threshold) => {
          onChange({ threshold });
        }}
      />
    </fieldset>
  );
}

interface ChoiceProps<V extends string> {
  readonly label: string;
  readonly fault?: string | undefined;
  /** What stands for the event's own. */
  readonly usual: string;
  readonly words: Readonly<Record<V, string>>;
  readonly value: V | "";
  readonly onChange: (value: V | "") => void;
}

function Choice<V extends string>({ label, fault, usual, words, value, onChange }: ChoiceProps<V>) {
  return (
    <Field label={label} fault={fault}>
      {(input) => (
        <select
          {...input}
          value={value}
          onChange={(event) => {
            onChange(event.target.value as V | "");
          }}
        >
          <option value="">{usual}</option>
          {(Object.keys(words) as V[]).map((each) => (
            <option key={each} value={each}>
              {words[each]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
