import { type SyntheticEvent, useState } from "react";
import { toast } from "@/ui/toast";
import { AgentFields } from "./AgentFields";
import {
  type Draft,
  draftOf,
  type Faults,
  faultsOf,
  isChanged,
  patchOf,
  refusedOf,
  type Saved,
} from "./draft";
import { LeaveGuard } from "./LeaveGuard";
import { PostFields } from "./PostFields";
import { PrivacyFields } from "./PrivacyFields";
import { SaveBar } from "./SaveBar";
import css from "./SettingsPage.module.css";
import { useSave } from "./useSettings";

interface Props {
  readonly eventId: string;
  readonly saved: Saved;
}

export interface FieldsProps {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly onChange: (changed: Partial<Draft>) => void;
}

const NOTHING_REFUSED = { faults: {}, rest: "" };

export function SettingsForm({ eventId, saved }: Props) {
  const [draft, setDraft] = useState(() => draftOf(saved));
  const [wasTried, setWasTried] = useState(false);
  const save = useSave(eventId);
  const own = faultsOf(draft);
  const refused = save.error === null ? NOTHING_REFUSED : refusedOf(save.error.details, save.error.message);
  const faults = { ...refused.faults, ...(wasTried ? own : {}) };
  const hasChanged = isChanged(draft, saved);

  const change = (changed: Partial<Draft>) => {
    save.reset();
    setDraft({ ...draft, ...changed });
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWasTried(true);
    if (Object.keys(own).length > 0) {
      focusFirstFault(event.currentTarget);
      return;
    }
    save.mutate(patchOf(draft, saved), {
      onSuccess: (now) => {
        setDraft(draftOf(now));
        setWasTried(false);
        toast.success("Settings saved", {
          description: "They are in force from now on, in open sessions too.",
        });
      },
    });
  };
  const undo = () => {
    save.reset();
    setWasTried(false);
    setDraft(draftOf(saved));
  };
  const fields = { draft, faults, onChange: change };
  return (
    <form className={css.page} onSubmit={submit} noValidate aria-label="What the agent may do">
      <AgentFields {...fields} />
      <PostFields {...fields} />
      <PrivacyFields {...fields} />
      {(hasChanged || save.isPending) && (
        <SaveBar
          busy={save.isPending}
          faulty={Object.keys(faults).length > 0}
          problem={refused.rest}
          onUndo={undo}
        />
      )}
      <LeaveGuard isOn={hasChanged} />
    </form>
  );
}

function focusFirstFault(form: HTMLFormElement) {
  // Only after what was tried is marked.
  requestAnimationFrame(() => {
    form.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  });
}
