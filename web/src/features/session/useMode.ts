import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { answer, api } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Mode } from "@/core/model";
import { MODE_WORDS } from "@/core/words";
import { toastPlace } from "./toastPlace";

/** A session's mode, shown as chosen at once, and as it was again if the service does not take it. */
export function useMode(sessionId: string, told: Mode | null) {
  const change = useMutation({
    mutationFn: async (mode: Mode) => {
      const params = { path: { session_id: sessionId } };
      return answer(api.PUT("/api/v1/agent/sessions/{session_id}/mode", { params, body: { mode } }));
    },
    onSuccess: ({ mode }) => {
      toast.success(`Mode: ${MODE_WORDS[mode]}`, { position: toastPlace() });
    },
    onError: (error, mode) => {
      const why = asProblem(error).message;
      toast.error(`The mode stays as it was, not ${MODE_WORDS[mode]}`, {
        description: why,
        position: toastPlace(),
      });
    },
  });
  // Until the agent tells it too, what was chosen last is shown.
  const chosen = change.isPending || change.isSuccess ? change.variables : null;
  const settled = change.isSuccess && chosen === told;
  return {
    mode: settled || chosen === null ? told : chosen,
    change: (mode: Mode) => {
      change.mutate(mode);
    },
  };
}
