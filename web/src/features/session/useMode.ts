import { useState } from "react";
import { toast } from "@/ui/toast";
import { type OwnMode, useOwnMode, useSetMode } from "@/api/modes";
import type { Mode } from "@/core/model";
import { ownModeInWords } from "@/core/words";
import { toastPlace } from "./toastPlace";

interface Chosen {
  readonly own: OwnMode;
  /** What the agent told when it was chosen. */
  readonly before: Mode | null;
}

/** A session's mode, shown as chosen at once, and as it was again if the service does not take it. */
export function useMode(sessionId: string, told: Mode | null) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const own = useOwnMode(sessionId, told);
  const change = useSetMode(sessionId, {
    onDone: (done) => {
      toast.success(`Mode: ${ownModeInWords(done)}`, { position: toastPlace() });
    },
    onRefused: (problem, refused) => {
      setChosen(null);
      toast.error(`The mode stays as it was, not ${ownModeInWords(refused)}`, {
        description: problem.message,
        position: toastPlace(),
      });
    },
  });
  // Until the agent tells another one than before: this one, or what somebody else chose since.
  const waits = chosen !== null && chosen.before === told ? chosen : null;
  return {
    mode: waits?.own ?? told,
    own: change.isPending ? change.variables : own,
    change: (wanted: OwnMode) => {
      setChosen({ own: wanted, before: told });
      change.mutate(wanted);
    },
  };
}
