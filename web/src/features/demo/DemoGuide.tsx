import { useState } from "react";
import { useNow, useSession } from "@/api/sessions";
import { DEMO_STEPS, demoStage } from "@/core/demo";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { CloseIcon } from "@/ui/icons";
import css from "./Demo.module.css";
import { DemoButton } from "./DemoButton";

/** Above the session of a demo: how far it is, and what happens next. */
export function DemoGuide({ sessionId }: { readonly sessionId: string }) {
  const { state } = useSession(sessionId);
  const { step, words } = demoStage(state, useNow());
  const [isClosed, setIsClosed] = useState(false);
  if (!state.isKnown || isClosed) return null;
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
            {each}
          </li>
        ))}
      </ol>
      <div className={css.words}>
        <p aria-live="polite">{words}</p>
        {step === DEMO_STEPS.length && <DemoButton>Watch another</DemoButton>}
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
