import type { ReactNode } from "react";
import { refusalOf } from "@/core/refusal";
import { Loading } from "./Skeleton";
import { ErrorState } from "./States";

interface Props {
  /** Why this room may not be entered; null while nothing speaks against it. */
  readonly problem: {
    readonly code: string;
    readonly message: string;
    readonly requestId: string | null;
  } | null;
  readonly onRetry: () => void;
  readonly className: string | undefined;
  /** What stands here until the room is known. */
  readonly children: ReactNode;
}

/** What is seen before a room: that it is being entered, or why it is not and what to do. */
export function RoomDoor({ problem, onRetry, className, children }: Props) {
  if (problem === null) {
    return (
      <main className={className}>
        <Loading what="the room">{children}</Loading>
      </main>
    );
  }
  const { title, advice, isPassing } = refusalOf(problem.code);
  return (
    <main className={className}>
      <ErrorState
        title={title}
        message={advice ?? problem.message}
        requestId={problem.requestId}
        {...(isPassing && { onRetry })}
      />
    </main>
  );
}
