import { useMutation } from "@tanstack/react-query";
import { toast } from "@/ui/toast";
import { useEffect, useEffectEvent } from "react";
import type { Problem } from "@/api/problem";
import type { Deeds } from "@/api/rooms";
import { turnedTo } from "@/core/speak";
import { Button } from "@/ui/Button";
import css from "./Speak.module.css";

interface Props {
  /** The slide that is shown; null where nobody said so yet. */
  readonly slide: number | null;
  readonly deeds: Deeds;
  readonly disabled: boolean;
}

/** What the buttons of a presenter's remote press. */
const KEYS: Readonly<Record<string, 1 | -1>> = { PageDown: 1, PageUp: -1 };

export function SlideButtons({ slide, deeds, disabled }: Props) {
  const show = useMutation<undefined, Problem, number>({
    mutationFn: async (to) => {
      await deeds.showSlide(to);
      return undefined;
    },
    onError: (problem) => {
      toast.error("The slide was not turned", { description: problem.message });
    },
  });
  // Pressed twice at once means two slides on.
  const shown = show.isPending ? show.variables : slide;
  const turn = (by: 1 | -1) => {
    if (!disabled) show.mutate(turnedTo(shown, by));
  };
  const press = useEffectEvent((event: KeyboardEvent) => {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    turn(by);
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      press(event);
    };
    addEventListener("keydown", pressed);
    return () => {
      removeEventListener("keydown", pressed);
    };
  }, []);
  return (
    <div className={css.slides} role="group" aria-label="Slides">
      <Button
        disabled={disabled || shown === null || shown === 0}
        onClick={() => {
          turn(-1);
        }}
      >
        Back
      </Button>
      <p className={css.slide} aria-live="polite">
        <span className={css.soft}>Slide</span> <strong>{shown ?? "–"}</strong>
      </p>
      <Button
        look="primary"
        className={css.forward}
        disabled={disabled}
        title="Also by Page Down"
        onClick={() => {
          turn(1);
        }}
      >
        {shown === null ? "First slide" : "Next slide"}
      </Button>
    </div>
  );
}
