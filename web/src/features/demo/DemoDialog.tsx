import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, type Schemas } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Mode } from "@/core/model";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ToggleGroup } from "@/ui/ToggleGroup";
import css from "./Demo.module.css";
import { rememberStarted } from "./started";

const CHOICES = [
  { value: "AUTO", label: "It acts by itself" },
  { value: "MANUAL", label: "It asks me first" },
] as const satisfies readonly { value: Mode; label: string }[];

type Choice = (typeof CHOICES)[number]["value"];

const NEXT: Readonly<Record<Choice, string>> = {
  AUTO: "You only watch.",
  MANUAL: "The agent suggests something, and you have a minute to approve it, to edit it, or to dismiss it.",
};

interface Props {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Says what will happen, asks how much the agent may do, and leads to the session. */
export function DemoDialog({ open, onOpenChange }: Props) {
  const [mode, setMode] = useState<Choice>("AUTO");
  const navigate = useNavigate();
  const start = useMutation<Schemas["DemoAnswer"], Problem>({
    mutationFn: async () => answer(api.POST("/api/v1/demo", { body: { mode } })),
    onSuccess: async (shown) => {
      rememberStarted(shown.session_id);
      onOpenChange(false);
      await navigate({
        to: "/dashboard/events/$eventId/engagement-conductor",
        params: { eventId: shown.event_id },
        search: { session: shown.session_id },
      });
    },
  });
  const change = (opens: boolean) => {
    start.reset();
    onOpenChange(opens);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title="Watch a 60-second rescue"
      description="A simulated audience, and the agent exactly as it works in your sessions. Nothing is learned from it."
    >
      <ol className={css.story}>
        <li>
          <strong>At first</strong> people chat, react and are lively
        </li>
        <li>
          <strong>Then</strong> they lose interest: the score falls, and the agent notices
        </li>
        <li>
          <strong>Moments later</strong> it posts something in the room, and people answer
        </li>
        <li>
          <strong>Twenty seconds on</strong> it compares the score: rescued, or not
        </li>
      </ol>
      <div className={css.choice}>
        <ToggleGroup label="What the agent may do" value={mode} options={CHOICES} onChange={setMode} />
        <p className={css.soft} aria-live="polite">
          {NEXT[mode]}
        </p>
      </div>
      {start.isError && (
        <p role="alert" className={css.fault}>
          {refusal(start.error)}
        </p>
      )}
      <div className={css.actions}>
        <Button
          look="primary"
          busy={start.isPending}
          onClick={() => {
            start.mutate();
          }}
        >
          {start.isPending ? "Opening the room…" : "Start"}
        </Button>
      </div>
    </Dialog>
  );
}

function refusal(problem: Problem): string {
  if (problem.category !== "RATE_LIMIT") return `No demo could be started: ${problem.message}`;
  return `Not right now: ${problem.message}. Each also ends by itself within minutes.`;
}
