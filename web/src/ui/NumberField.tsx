import type { ReactNode } from "react";
import { Field } from "./Field";

interface Props {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  /** As somebody types it. */
  readonly value: string;
  readonly min?: number;
  readonly max: number;
  readonly isWhole?: boolean;
  readonly onChange: (value: string) => void;
}

/** A field for a figure, kept as text: what is half typed is no figure yet. */
export function NumberField({ label, hint, fault, value, min = 0, max, isWhole = false, onChange }: Props) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(input) => (
        <input
          {...input}
          type="number"
          inputMode={isWhole ? "numeric" : "decimal"}
          min={min}
          max={max}
          step={isWhole ? 1 : "any"}
          value={value}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      )}
    </Field>
  );
}
