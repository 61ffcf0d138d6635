import * as Radix from "@radix-ui/react-tooltip";
import type { ReactNode } from "react";
import css from "./Tooltip.module.css";

interface Props {
  readonly text: ReactNode;
  /** One element that can have the focus, so that the keyboard reaches the tooltip too. */
  readonly children: ReactNode;
}

export function Tooltip({ text, children }: Props) {
  return (
    <Radix.Provider delayDuration={200}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content className={css.tooltip} sideOffset={6} collisionPadding={8}>
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
