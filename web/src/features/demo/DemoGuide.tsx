import { useMutation } from "@tanstack/react-query";
import { toast } from "@/ui/toast";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import { useNow, useSession } from "@/api/sessions";
import { DEMO_STEPS, demoStage, runsAsDemo } from "@/core/demo";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { CloseIcon } from "@/ui/icons";
import css from "./Demo.module.css";
import { DemoButton } from "./DemoButton";
import { wasStartedHere } from "./started";

/** Above a demo's session: how far it is, and what happens next.
 *
 * It is for who started the demo, or comes while it runs; over one that ended before there is nothing to follow.
 */
export function DemoGuide({ sessionId }: { readonly sessionId: string }) {
  const { state } = useSession(sessionId);
  const { step, words } = demoStage(state, useNow());
  const [isClosed, setIsClosed] = useState(false);
  const [isFollowed, setIsFollowed] = useState(() => wasStartedHere(sessionId));
  if (!isFollowed && runsAsDemo(state)) setIsFollowed(true);
  if (!state.isKnown || !isFollowed || isClosed) return null;
  return (
    <aside className={css.guide} aria-label="The demo">
      <ol className={css.steps}>
        {DEMO_STEPS.map((each, index) => (
          <li
            key={each}
            className={classes(css.step, index < step && css.done, index === step && css.now)}
            aria-current={index === step ? "step" : undefined}
          >
            <span aria-hidden="true">{index < step ? "✓" : index + 1}</span>
            <b className={css.name}>{each}</b>
          </li>
        ))}
      </ol>
      <div className={css.words}>
        <p aria-live="polite">{words}</p>
        {state.isOpen && <EndButton sessionId={sessionId} />}
        {!state.isOpen && step === DEMO_STEPS.length && <DemoButton>Watch another</DemoButton>}
      </div>
      <IconButton
        label="Close this guide"
        className={css.close}
        onClick={() => {
          setIsClosed(true);
        }}
      >
        <CloseIcon />
      </IconButton>
    </aside>
  );
}

/** Only a few demos run at once: whoever has seen enough makes room for others. */
function EndButton({ sessionId }: { readonly sessionId: string }) {
  const end = useMutation<unknown, Problem>({
    mutationFn: async () =>
      answer(api.DELETE("/api/v1/demo/{session_id}", { params: { path: { session_id: sessionId } } })),
    onError: (problem) => {
      toast.error("The demo goes on", { description: problem.message });
    },
  });
  return (
    <Button
      small
      busy={end.isPending}
      onClick={() => {
        end.mutate();
      }}
    >
      End the demo
    </Button>
  );
}
