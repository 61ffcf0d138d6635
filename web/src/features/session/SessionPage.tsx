import { useSession } from "@/api/sessions";
import { ScoreChip } from "@/ui/ScoreChip";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { ErrorState } from "@/ui/States";

interface Props {
  readonly eventId: string;
  readonly sessionId: string;
}

export function SessionPage({ sessionId }: Props) {
  const { state, problem } = useSession(sessionId);
  if (problem !== null)
    return <ErrorState title="This session cannot be watched" message={problem.message} />;
  if (!state.isKnown) {
    return (
      <Loading what="the session">
        <Skeleton height="12rem" />
      </Loading>
    );
  }
  return (
    <>
      <h1>{state.profile?.title ?? sessionId}</h1>
      <ScoreChip score={state.score} large />
    </>
  );
}
