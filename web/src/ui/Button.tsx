import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { classes } from "./classes";
import css from "./Button.module.css";

export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: ButtonLook;
  readonly small?: boolean;
  /** It is being done: the button says so and does nothing. */
  readonly busy?: boolean;
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = "secondary",
  small,
  busy,
  icon,
  className,
  children,
  disabled,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(css.button, css[look], small && css.small, className)}
      disabled={disabled === true || busy === true}
      aria-busy={busy}
    >
      {icon}
      {children}
    </button>
  );
}

/** The looks of a button, for links that lead somewhere: `<Link className={buttonClass("primary")}>`. */
export function buttonClass(look: ButtonLook = "secondary", small = false): string {
  return classes(css.button, css[look], small && css.small);
}

interface IconButtonProps extends Omit<Props, "icon" | "children"> {
  /** What it does, for those who do not see the icon. */
  readonly label: string;
  readonly children: ReactNode;
}

export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <Button look="quiet" aria-label={label} title={label} {...rest} className={classes(css.icon, className)}>
      {children}
    </Button>
  );
}
