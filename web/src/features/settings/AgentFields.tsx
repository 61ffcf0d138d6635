import type { Arm } from "@/core/model";
import { ARM_WORDS, MODE_MEANS } from "@/core/words";
import { Card } from "@/ui/Card";
import { Check } from "@/ui/Check";
import { Fault, Field, Hint } from "@/ui/Field";
import { ModeToggle } from "@/ui/ModeToggle";
import { NumberField } from "@/ui/NumberField";
import { Switch } from "@/ui/Switch";
import { ARMS, PER_HOUR_MAX, HOLDOUT_MAX_PERCENT, QUIET_END_MAX_MIN } from "./draft";
import type { FieldsProps } from "./SettingsForm";
import css from "./SettingsPage.module.css";

const ARM_MEANS: Readonly<Record<Arm, string>> = {
  POLL: "A question with a few answers to choose from",
  CHAT_PROMPT: "A message in the chat that invites discussion",
  NUDGE: "A private reminder to those who drift off",
  QNA_PROMOTE: "Shows the speaker the best open questions, or asks for one",
};

/** How much the agent may do, how often, and with what. */
export function AgentFields({ draft, faults, onChange }: FieldsProps) {
  return (
    <Card title="The agent">
      <div className={css.fields}>
        <Switch
          label="Let the agent act in this event"
          hint="Without this it goes on watching and shows scores, but suggests and posts nothing."
          checked={draft.enabled}
          onChange={(enabled) => {
            onChange({ enabled });
          }}
        />
        <div className={css.field}>
          <span className={css.caption} aria-hidden="true">
            Mode
          </span>
          <ModeToggle
            label="Mode"
            mode={draft.mode}
            onChange={(mode) => {
              onChange({ mode });
            }}
          />
          <div aria-live="polite">
            <Hint>{MODE_MEANS[draft.mode]}</Hint>
          </div>
        </div>
        {draft.mode === "SEMI_AUTO" && <Threshold draft={draft} faults={faults} onChange={onChange} />}
        <ArmBoxes draft={draft} faults={faults} onChange={onChange} />
        <div className={css.pair}>
          <NumberField
            label="Interventions in any hour, at most"
            hint="For each session. 0 for none."
            fault={faults.maxPerHour}
            isWhole
            max={PER_HOUR_MAX}
            value={draft.maxPerHour}
            onChange={(maxPerHour) => {
              onChange({ maxPerHour });
            }}
          />
          <NumberField
            label="Quiet before the end, in minutes"
            hint="A session is left alone for so long before its planned end."
            fault={faults.quietEndMin}
            max={QUIET_END_MAX_MIN}
            value={draft.quietEndMin}
            onChange={(quietEndMin) => {
              onChange({ quietEndMin });
            }}
          />
        </div>
        <NumberField
          label="Left alone on purpose, in per cent"
          hint="So many falls, by chance, lead to nothing: only next to them does it show whether the rest helps. 0 for none; then nobody will know."
          fault={faults.holdoutPercent}
          max={HOLDOUT_MAX_PERCENT}
          value={draft.holdoutPercent}
          onChange={(holdoutPercent) => {
            onChange({ holdoutPercent });
          }}
        />
      </div>
    </Card>
  );
}

function Threshold({ draft, faults, onChange }: FieldsProps) {
  return (
    <Field
      label="Acts by itself from a confidence of"
      hint="Confidence is how likely the room is to recover after it, by what was learned so far. Higher: it asks more often, and always where it never becomes so sure."
      fault={faults.thresholdPercent}
    >
      {(input) => (
        <div className={css.slider}>
          <input
            {...input}
            type="range"
            min={0}
            max={100}
            value={draft.thresholdPercent}
            aria-valuetext={`${draft.thresholdPercent} per cent`}
            onChange={(event) => {
              onChange({ thresholdPercent: Number(event.target.value) });
            }}
          />
          <output htmlFor={input.id}>{draft.thresholdPercent} %</output>
        </div>
      )}
    </Field>
  );
}

function ArmBoxes({ draft, faults, onChange }: FieldsProps) {
  return (
    <fieldset className={css.arms} aria-invalid={faults.arms !== undefined}>
      <legend>What it may do</legend>
      {ARMS.map((arm) => (
        <Check
          key={arm}
          label={ARM_WORDS[arm]}
          hint={ARM_MEANS[arm]}
          checked={draft.arms.includes(arm)}
          onChange={(isOn) => {
            onChange({ arms: ARMS.filter((each) => (each === arm ? isOn : draft.arms.includes(each))) });
          }}
        />
      ))}
      {draft.arms.length === 0 && (
        <p className={css.warning}>With none of these the agent can only watch: it will suggest nothing.</p>
      )}
      {faults.arms !== undefined && <Fault>{faults.arms}</Fault>}
    </fieldset>
  );
}
