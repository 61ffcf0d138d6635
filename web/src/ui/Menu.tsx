import * as Radix from "@radix-ui/react-dropdown-menu";
import type { ReactNode } from "react";
import css from "./Menu.module.css";

interface Props {
  /** One button, which opens the menu. */
  readonly trigger: ReactNode;
  readonly children: ReactNode;
}

/** A few things to do, one under the other; arrow keys go through them, Escape closes. */
export function Menu({ trigger, children }: Props) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={css.menu} align="end" sideOffset={6} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ItemProps {
  readonly onSelect: () => void;
  readonly disabled?: boolean;
  /** A line of explanation. */
  readonly hint?: string;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, disabled = false, hint, children }: ItemProps) {
  return (
    <Radix.Item className={css.item} onSelect={onSelect} disabled={disabled}>
      {children}
      {hint !== undefined && <span className={css.hint}>{hint}</span>}
    </Radix.Item>
  );
}

interface LinkProps {
  readonly href: string;
  readonly children: ReactNode;
}

export function MenuLink({ href, children }: LinkProps) {
  return (
    <Radix.Item className={css.item} asChild>
      <a href={href} target="_blank" rel="noreferrer">
        {children}
      </a>
    </Radix.Item>
  );
}
