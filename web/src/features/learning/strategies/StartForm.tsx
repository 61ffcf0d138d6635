import { type SyntheticEvent, useId, useState } from "react";
import { Button } from "@/ui/Button";
import { Check } from "@/ui/Check";
import { Dialog } from "@/ui/Dialog";
import { Fault } from "@/ui/Field";
import { focusWithin } from "@/ui/focus";
import { NumberField } from "@/ui/NumberField";
import {
  bodyOf,
  bodyOfVariant,
  type Draft,
  type Faults,
  faultsOf,
  hasBlocks,
  isFaulty,
  MOST_BLOCK_MIN,
  NEW,
  startInWords,
  type VariantDraft,
} from "./draft";
import css from "./Strategies.module.css";
import type { useStart } from "./useStrategies";
import { VariantFields } from "./VariantFields";
import { Ways } from "./Ways";
import { type Design, DESIGN_WORDS } from "./words";

interface Props {
  readonly start: ReturnType<typeof useStart>;
  readonly onCancel: () => void;
}

const FAULTLESS: Faults = { variants: [{}, {}] };

/** Which two ways are tried, on what, and how it is shared out; asks again before it begins. */
export function StartForm({ start, onCancel }: Props) {
  const [draft, setDraft] = useState(NEW);
  const [wasTried, setWasTried] = useState(false);
  const [asks, setAsks] = useState(false);
  const own = faultsOf(draft);
  const faults = wasTried ? own : FAULTLESS;

  const change = (changed: Partial<Draft>) => {
    setDraft({ ...draft, ...changed });
  };
  const changeVariant = (place: 0 | 1, changed: Partial<VariantDraft>) => {
    const [first, second] = draft.variants;
    change({
      variants: place === 0 ? [{ ...first, ...changed }, second] : [first, { ...second, ...changed }],
    });
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWasTried(true);
    if (isFaulty(own)) focusFirstFault(event.currentTarget);
    else setAsks(true);
  };
  return (
    <form
      className={css.form}
      onSubmit={submit}
      noValidate
      aria-label="A new test"
      ref={draft === NEW ? focusWithin : undefined}
    >
      <div className={css.variants}>
        {(["First way", "Second way"] as const).map((legend, place) => (
          <VariantFields
            key={legend}
            legend={legend}
            draft={draft.variants[place === 0 ? 0 : 1]}
            faults={faults.variants[place === 0 ? 0 : 1]}
            onChange={(changed) => {
              changeVariant(place === 0 ? 0 : 1, changed);
            }}
          />
        ))}
      </div>
      <DesignChoice design={draft.design} onChange={change} />
      <div className={css.numbers}>
        <NumberField
          label="Goes the second way, in per cent"
          hint="With half and half you know soonest."
          fault={faults.sharePercent}
          max={100}
          value={draft.sharePercent}
          onChange={(sharePercent) => {
            change({ sharePercent });
          }}
        />
        {hasBlocks(draft) && <Blocks draft={draft} faults={faults} onChange={change} />}
      </div>
      <div className={css.actions}>
        <Button type="submit" look="primary">
          Start this test
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
      <Confirm draft={draft} start={start} open={asks} onOpenChange={setAsks} />
    </form>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly onChange: (changed: Partial<Draft>) => void;
}

function DesignChoice({ design, onChange }: Pick<Draft, "design"> & Pick<PartProps, "onChange">) {
  const id = useId();
  return (
    <fieldset className={css.designs}>
      <legend>What goes one way or the other, by chance</legend>
      {(Object.keys(DESIGN_WORDS) as Design[]).map((each) => (
        <Check
          key={each}
          label={DESIGN_WORDS[each].label}
          hint={DESIGN_WORDS[each].means}
          oneOf={id}
          checked={design === each}
          onChange={() => {
            onChange({ design: each });
          }}
        />
      ))}
    </fieldset>
  );
}

function Blocks({ draft, faults, onChange }: PartProps) {
  return (
    <>
      <NumberField
        label="Length of a block, in minutes"
        fault={faults.blockMin}
        max={MOST_BLOCK_MIN}
        value={draft.blockMin}
        onChange={(blockMin) => {
          onChange({ blockMin });
        }}
      />
      <NumberField
        label="Not counted at its beginning, in minutes"
        hint="There the room still lives on what was done in the block before."
        fault={faults.burnInMin}
        max={MOST_BLOCK_MIN}
        value={draft.burnInMin}
        onChange={(burnInMin) => {
          onChange({ burnInMin });
        }}
      />
    </>
  );
}

interface ConfirmProps {
  readonly draft: Draft;
  readonly start: Props["start"];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

function Confirm({ draft, start, open, onOpenChange }: ConfirmProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(opens) => {
        start.reset();
        onOpenChange(opens);
      }}
      title="Start this test?"
      description={startInWords(draft)}
    >
      <Ways ways={draft.variants.map(bodyOfVariant)} />
      {start.isError && <Fault isAlert>It was not started: {start.error.message}</Fault>}
      <div className={css.actions}>
        <Button
          look="primary"
          busy={start.isPending}
          onClick={() => {
            // Another id deals anew: each test has its own.
            start.mutate(bodyOf(draft, `test-${Date.now().toString(36)}`));
          }}
        >
          Start
        </Button>
        <Button
          onClick={() => {
            onOpenChange(false);
          }}
        >
          Not yet
        </Button>
      </div>
    </Dialog>
  );
}

function focusFirstFault(form: HTMLFormElement) {
  // Only after what was tried is marked.
  requestAnimationFrame(() => {
    form.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  });
}
