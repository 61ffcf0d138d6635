import * as Radix from "@radix-ui/react-toggle-group";
import type { ReactNode } from "react";
import css from "./ToggleGroup.module.css";

interface Option<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly title?: string;
}

interface Props<V extends string> {
  /** What is being chosen, for screen readers. */
  readonly label: string;
  readonly value: V | null;
  readonly options: readonly Option<V>[];
  readonly onChange: (value: V) => void;
  readonly disabled?: boolean;
  /** The id of what says more about it. */
  readonly describedBy?: string;
}

/** One of a few, all of them in sight; arrow keys go from one to the next. */
export function ToggleGroup<V extends string>({
  label,
  value,
  options,
  onChange,
  disabled = false,
  describedBy,
}: Props<V>) {
  const change = (chosen: string) => {
    const option = options.find((each) => each.value === chosen);
    // Nothing is chosen where the chosen one is clicked again.
    if (option !== undefined) onChange(option.value);
  };
  return (
    <Radix.Root
      type="single"
      className={css.group}
      aria-label={label}
      aria-describedby={describedBy}
      value={value ?? ""}
      onValueChange={change}
      disabled={disabled}
    >
      {options.map((each) => (
        <Radix.Item key={each.value} className={css.item} value={each.value} title={each.title}>
          {each.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
