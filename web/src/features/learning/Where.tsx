import { useIdentity } from "@/api/identity";
import { ToggleGroup } from "@/ui/ToggleGroup";
import { maySeeAll, type Scope } from "./scope";

const SCOPES = [
  { value: "event", label: "This event" },
  { value: "all", label: "All events" },
] as const;

interface Props {
  readonly scope: Scope;
  readonly onChange: (scope: Scope) => void;
}

/** Whether to look at this event or at all; nothing to choose for those who may look at one only. */
export function Where({ scope, onChange }: Props) {
  if (!maySeeAll(useIdentity())) return null;
  return <ToggleGroup label="Where" value={scope} options={SCOPES} onChange={onChange} />;
}
