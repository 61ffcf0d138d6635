import type { Mode } from "@/core/model";
import { MODE_MEANS, MODE_WORDS } from "@/core/words";
import { ToggleGroup } from "./ToggleGroup";

const MODES = (["MANUAL", "SEMI_AUTO", "AUTO"] as const).map((value) => ({
  value,
  label: MODE_WORDS[value],
  title: MODE_MEANS[value],
}));

interface Props {
  /** Whose mode it is, for screen readers. */
  readonly label: string;
  readonly mode: Mode | null;
  readonly onChange: (mode: Mode) => void;
  readonly disabled?: boolean;
}

/** How much the agent may do by itself. */
export function ModeToggle({ label, mode, onChange, disabled = false }: Props) {
  return <ToggleGroup label={label} value={mode} options={MODES} onChange={onChange} disabled={disabled} />;
}
