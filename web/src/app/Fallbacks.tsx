import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import { buttonClass } from "@/ui/Button";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { EmptyState, ErrorState } from "@/ui/States";

export function NotFound() {
  return (
    <EmptyState
      title="There is no such page"
      action={
        <Link to="/dashboard" className={buttonClass("primary")}>
          To the dashboard
        </Link>
      }
    >
      <p>The address may be mistyped, or the page has moved.</p>
    </EmptyState>
  );
}

export function Failed({ error, reset }: ErrorComponentProps) {
  const problem = asProblem(error);
  // After an update of the service, a page that is open asks for parts that are no longer there.
  const retry = /dynamically imported module|Importing a module/.test(problem.message)
    ? () => {
        location.reload();
      }
    : reset;
  return (
    <ErrorState
      title="This page does not work right now"
      message={problem.message}
      requestId={problem.requestId}
      onRetry={retry}
    />
  );
}

export function Pending() {
  return (
    <Loading what="the page">
      <div style={{ display: "grid", gap: "var(--space-4)" }}>
        <Skeleton width="16rem" height="2rem" />
        <Skeleton height="12rem" />
      </div>
    </Loading>
  );
}
