import { Card } from "@/ui/Card";
import { Switch } from "@/ui/Switch";
import type { FieldsProps } from "./SettingsForm";
import css from "./SettingsPage.module.css";

/** What a language model gets to see; the figures are those of the agent's own redaction. */
export function PrivacyFields({ draft, onChange }: FieldsProps) {
  return (
    <Card title="What a language model sees">
      <div className={css.fields}>
        <p>
          Where a language model words what is posted, it is told what the room looks like. Without a model
          the agent uses ready wordings, and nothing leaves this service.
        </p>
        <Switch
          label="Share recent chat with the model"
          hint="Its wording fits better what the room talks about. What is taken out is taken out by rules, which can miss things."
          checked={draft.shareChat}
          onChange={(shareChat) => {
            onChange({ shareChat });
          }}
        />
        <div className={css.pair} aria-live="polite">
          <div>
            <h3>The model sees</h3>
            <ul className={css.list}>
              <li>title, description and topics of the session</li>
              <li>the score, what was counted, and how many people are there</li>
              <li>how the room has fallen, and for how long</li>
              <li>what the agent posted before</li>
              {draft.shareChat && (
                <li>
                  <strong>the last 20 messages of the chat, 200 characters of each</strong>
                </li>
              )}
            </ul>
          </div>
          <div>
            <h3>Kept from it</h3>
            <ul className={css.list}>
              <li>who wrote or did something</li>
              <li>names of people in the room, as far as they are known</li>
              <li>e-mail addresses, links, @handles and long numbers</li>
              {!draft.shareChat && (
                <li>
                  <strong>anything that anybody wrote in the chat</strong>
                </li>
              )}
            </ul>
          </div>
        </div>
      </div>
    </Card>
  );
}
