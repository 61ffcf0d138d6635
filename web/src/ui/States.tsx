import type { ReactNode } from "react";
import { Button } from "./Button";
import css from "./States.module.css";

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** The way out: a button or link. */
  readonly action?: ReactNode;
}

/** Nothing is here, and what to do about it. */
export function EmptyState({ title, children, action }: EmptyProps) {
  return (
    <div className={css.state}>
      <h2>{title}</h2>
      {children}
      {action}
    </div>
  );
}

interface ErrorProps {
  readonly title: string;
  /** What the service said. */
  readonly message: string;
  readonly requestId?: string | null;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

/** It did not work, why, and the way out. */
export function ErrorState({ title, message, requestId, onRetry, children }: ErrorProps) {
  return (
    <div className={css.state} role="alert">
      <h2>{title}</h2>
      <p>{message}</p>
      {requestId != null && (
        <p className={css.soft}>
          Request <code>{requestId}</code>
        </p>
      )}
      {children}
      {onRetry && (
        <Button look="primary" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
