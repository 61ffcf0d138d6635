import type { ReactNode } from "react";
import { EmptyState } from "@/ui/States";
import css from "./NoSessions.module.css";

interface Props {
  readonly eventId: string | null;
  /** Starts a demo at once, where the app offers that. */
  readonly demo: ReactNode;
}

/** Nothing is watched yet: how that changes. */
export function NoSessions({ eventId, demo }: Props) {
  const example = JSON.stringify({
    session_id: "session-7",
    event_id: eventId ?? "event-1",
    title: "My session",
  });
  return (
    <EmptyState title="No sessions yet">
      <p>A session shows up here with the first signal of it. There are three ways to begin:</p>
      <dl className={css.ways}>
        <dt>Look at a demo</dt>
        <dd>
          {demo ?? (
            <>
              A simulated room loses its people and is rescued: <code>conductor demo</code>
            </>
          )}
        </dd>
        <dt>Register a session</dt>
        <dd>
          With a token of <code>conductor token --role service</code>:
          <pre>
            {`curl ${location.origin}/api/v1/agent/sessions/register \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '${example}'`}
          </pre>
        </dd>
        <dt>Connect a source</dt>
        <dd>
          Let your platform send signals to <code>POST {location.origin}/api/v1/signals</code>, or publish
          them in Redis. The shapes are in the <a href="/docs">description of the API</a>.
        </dd>
      </dl>
    </EmptyState>
  );
}
