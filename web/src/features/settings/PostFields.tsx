import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { Field } from "@/ui/Field";
import { LABEL_MAX, lengthOf } from "./draft";
import type { FieldsProps } from "./SettingsForm";
import css from "./SettingsPage.module.css";

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
