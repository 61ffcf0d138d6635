import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import { Loading, Skeleton } from "@/ui/Skeleton";
import css from "./Preview.module.css";

type Words = ReadonlyMap<string, string>;

/** Questions as attendees asked them: content names them by ids only. What was asked does not change. */
function useWords(sessionId: string, ids: readonly string[]) {
  return useQuery<Words, Problem>({
    queryKey: ["questions", sessionId, ...ids],
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId }, query: { question_id: [...ids] } };
      const said = await answer(api.GET("/api/v1/agent/sessions/{session_id}/questions", { params, signal }));
      return new Map(said.questions.map((each) => [each.question_id, each.content]));
    },
    staleTime: Infinity,
  });
}

interface Props {
  readonly sessionId: string;
  readonly ids: readonly string[];
}

/** The questions that are brought to the speaker, best first. */
export function QuestionWords({ sessionId, ids }: Props) {
  const { data, isPending } = useWords(sessionId, ids);
  if (isPending) {
    return (
      <Loading what="the questions">
        <Skeleton height={`${ids.length * 2.5}rem`} />
      </Loading>
    );
  }
  return (
    <ol className={css.options}>
      {ids.map((id) => (
        <li key={id}>{data?.get(id) ?? <span className={css.soft}>Its words are not known here.</span>}</li>
      ))}
    </ol>
  );
}
