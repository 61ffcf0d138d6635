import type { ReactNode } from "react";
import type { Problem } from "@/api/problem";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { ErrorState } from "@/ui/States";

interface Props<T> {
  readonly what: string;
  readonly query: {
    readonly data: T | undefined;
    readonly error: Problem | null;
    readonly refetch: () => Promise<unknown>;
  };
  readonly height: string;
  /** What is said to those who may not see it. */
  readonly refused?: string;
  readonly children: (data: NonNullable<T>) => ReactNode;
}

const OF_ALL = "Only an organiser of all events can see this: the agent learns from all of them together.";

/** What was asked for; until it is there a skeleton, and if it is refused why. */
export function Parted<T>({ what, query, height, refused = OF_ALL, children }: Props<T>) {
  const { data, error } = query;
  if (data != null) return children(data);
  if (error === null) {
    return (
      <Loading what={what}>
        <Skeleton height={height} />
      </Loading>
    );
  }
  if (error.category === "AUTHORIZATION") {
    return <p>{refused}</p>;
  }
  return (
    <ErrorState
      title={`No ${what} right now`}
      message={error.message}
      requestId={error.requestId}
      onRetry={() => {
        void query.refetch();
      }}
    />
  );
}
