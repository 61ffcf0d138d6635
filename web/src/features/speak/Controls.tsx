import { useMutation } from "@tanstack/react-query";
import { toast } from "@/ui/toast";
import type { Problem } from "@/api/problem";
import type { Deeds } from "@/api/rooms";
import type { RoomView } from "@/core/room";
import type { Phase } from "@/core/roomModel";
import { PHASES } from "@/core/speak";
import { Switch } from "@/ui/Switch";
import { ToggleGroup } from "@/ui/ToggleGroup";
import { SlideButtons } from "./SlideButtons";
import css from "./Speak.module.css";

interface Props {
  readonly view: RoomView;
  readonly deeds: Deeds;
}

interface Stage {
  readonly phase: Phase | null;
  readonly isInterruptible: boolean;
}

const OPTIONS = PHASES.map(({ phase, name }) => ({ value: phase, label: name }));

/** Where the session stands, whether it may be interrupted, and the slide. */
export function Controls({ view, deeds }: Props) {
  const stage = useMutation<undefined, Problem, Stage>({
    mutationFn: async ({ phase, isInterruptible }) => {
      await deeds.setPhase(phase, isInterruptible);
      return undefined;
    },
    onError: (problem) => {
      toast.error("That was not taken", { description: problem.message });
    },
  });
  // While it is on its way, what was pressed is shown.
  const shown = stage.isPending ? stage.variables : view;
  const isOff = view.hasEnded;
  return (
    <footer className={css.controls}>
      <div className={css.control}>
        <ToggleGroup
          label="Phase of the session"
          value={shown.phase}
          options={OPTIONS}
          disabled={isOff}
          onChange={(phase) => {
            stage.mutate({ phase, isInterruptible: shown.isInterruptible });
          }}
        />
      </div>
      <div className={css.control}>
        <Switch
          label="Do not interrupt"
          hint="The assistant keeps still while this is on."
          checked={!shown.isInterruptible}
          disabled={isOff}
          onChange={(isOn) => {
            stage.mutate({ phase: shown.phase, isInterruptible: !isOn });
          }}
        />
      </div>
      <SlideButtons slide={view.slide} deeds={deeds} disabled={isOff} />
    </footer>
  );
}
