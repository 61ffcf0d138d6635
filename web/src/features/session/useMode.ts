import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { answer, api } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Mode } from "@/core/model";
import { MODE_WORDS } from "@/core/words";
import { toastPlace } from "./toastPlace";

interface Chosen {
  readonly mode: Mode;
  /** What the agent told when it was chosen. */
  readonly before: Mode | null;
}

/** A session's mode, shown as chosen at once, and as it was again if the service does not take it. */
export function useMode(sessionId: string, told: Mode | null) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const change = useMutation({
    mutationFn: async (mode: Mode) => {
      const params = { path: { session_id: sessionId } };
      return answer(api.PUT("/api/v1/agent/sessions/{session_id}/mode", { params, body: { mode } }));
    },
    onSuccess: ({ mode }) => {
      toast.success(`Mode: ${MODE_WORDS[mode]}`, { position: toastPlace() });
    },
    onError: (error, mode) => {
      setChosen(null);
      const why = asProblem(error).message;
      toast.error(`The mode stays as it was, not ${MODE_WORDS[mode]}`, {
        description: why,
        position: toastPlace(),
      });
    },
  });
  return {
    // Until the agent tells another one than before: this one, or what somebody else chose since.
    mode: chosen !== null && chosen.before === told ? chosen.mode : told,
    change: (mode: Mode) => {
      setChosen({ mode, before: told });
      change.mutate(mode);
    },
  };
}
