import { type ReactNode, useState } from "react";
import { useNow } from "@/api/sessions";
import { found, type Sort, sorted } from "@/core/sessions";
import { PLACES } from "@/core/tour";
import { Loading, Skeleton } from "@/ui/Skeleton";
import { EmptyState, ErrorState } from "@/ui/States";
import { OutageBanners } from "@/ui/OutageBanners";
import { ToggleGroup } from "@/ui/ToggleGroup";
import { SearchIcon } from "@/ui/icons";
import { NoSessions } from "./NoSessions";
import { SessionRow } from "./SessionRow";
import css from "./SessionsPage.module.css";
import { useRows } from "./useRows";

const SORTS = [
  { value: "urgency", label: "Urgency", title: "Who is asked or falls comes first" },
  { value: "score", label: "Score", title: "Lowest first" },
  { value: "title", label: "Title" },
] as const;

interface Props {
  /** null for all that the token is for. */
  readonly eventId: string | null;
  /** What starts a demo. */
  readonly demo?: ReactNode;
}

export function SessionsPage({ eventId, demo }: Props) {
  const { rows, problem, outages, retry } = useRows(eventId);
  const [search, setSearch] = useState("");
  const now = useNow();
  const [sort, setSort] = useState<Sort>("urgency");

  if (rows === null) {
    if (problem === null) return <Skeletons />;
    return (
      <>
        <h1 className="unseen">Sessions</h1>
        <ErrorState
          title="The sessions cannot be shown"
          message={problem.message}
          requestId={problem.requestId}
          onRetry={retry}
        />
      </>
    );
  }
  if (rows.length === 0)
    return (
      <>
        <h1 className="unseen">Sessions</h1>
        <NoSessions eventId={eventId} demo={demo} />
      </>
    );
  const shown = sorted(found(rows, search), sort);
  return (
    <>
      <div className={css.bar}>
        <h1>Sessions</h1>
        <label className={css.search}>
          <SearchIcon />
          <span className="unseen">Search sessions</span>
          <input
            type="search"
            placeholder="Search"
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
            }}
          />
        </label>
        <ToggleGroup label="Order" value={sort} options={SORTS} onChange={setSort} />
        {demo}
      </div>
      <div className={css.outages}>
        <OutageBanners outages={outages} now={now} />
      </div>
      {problem !== null && (
        <p role="alert" className={css.stale}>
          This list is not of now: {problem.message}
        </p>
      )}
      {shown.length === 0 ? (
        <EmptyState title={`No session is called “${search}”`}>
          <p>{rows.length} sessions have other names.</p>
        </EmptyState>
      ) : (
        <ul className={css.list} data-tour={PLACES.sessions} aria-label="Sessions">
          {shown.map((row) => (
            <SessionRow key={row.sessionId} row={row} showsEvent={eventId === null} />
          ))}
        </ul>
      )}
    </>
  );
}

function Skeletons() {
  return (
    <Loading what="sessions">
      <div className={css.bar}>
        <h1>Sessions</h1>
      </div>
      <div className={css.list}>
        {[1, 2, 3, 4].map((each) => (
          <Skeleton key={each} height="5.25rem" />
        ))}
      </div>
    </Loading>
  );
}
