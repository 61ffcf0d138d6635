import { STYLE_WORDS, type Style } from "@/core/words";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { Field, Hint } from "@/ui/Field";
import { ToggleGroup } from "@/ui/ToggleGroup";
import { LABEL_MAX, lengthOf } from "./draft";
import type { FieldsProps } from "./SettingsForm";
import css from "./SettingsPage.module.css";

const STYLES = (Object.keys(STYLE_WORDS) as Style[]).map((value) => ({ value, label: STYLE_WORDS[value] }));

/** Under which words the agent posts, and how that looks. */
export function PostFields({ draft, faults, onChange }: FieldsProps) {
  const label = draft.label.trim();
  return (
    <Card title="How it shows itself">
      <div className={css.split}>
        <Field
          label="Label"
          hint={`Stands with everything that the agent posts, so that everybody knows who is speaking. ${lengthOf(label)} of ${LABEL_MAX} characters.`}
          fault={faults.label}
        >
          {(input) => (
            <input
              {...input}
              value={draft.label}
              onChange={(event) => {
                onChange({ label: event.target.value });
              }}
            />
          )}
        </Field>
        <div className={css.field}>
          <span className={css.caption} aria-hidden="true">
            Tone
          </span>
          <ToggleGroup
            label="Tone"
            describedBy="settings-style-hint"
            value={draft.style}
            options={STYLES}
            onChange={(style) => {
              onChange({ style });
            }}
          />
          <Hint id="settings-style-hint">
            Of its questions and messages, whether a model writes them or they are its own.
          </Hint>
        </div>
        <figure className={css.preview}>
          <figcaption>In the room it looks like this</figcaption>
          <div className={css.post}>
            <Badge tone="accent">{label === "" ? "…" : label}</Badge>
            <p>Which of these would you try first in a project of your own?</p>
          </div>
        </figure>
      </div>
    </Card>
  );
}
