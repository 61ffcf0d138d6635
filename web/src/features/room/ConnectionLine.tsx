import { useConnection } from "@/api/sessions";
import type { Problem } from "@/api/problem";
import { reconnect } from "@/api/socket";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { useIsBack } from "@/ui/useIsBack";
import css from "./Room.module.css";

/** As long as it says that somebody is back. */
const BACK_MS = 3_000;

/** Says that somebody is cut off, and for a moment that they are back. */
export function ConnectionLine({ problem }: { readonly problem: Problem | null }) {
  const connection = useConnection();
  const isOut = connection.state !== "connected" || problem !== null;
  const isBack = useIsBack(isOut, !isOut, BACK_MS);
  const refused = problem ?? (connection.state === "refused" ? connection.problem : null);
  return (
    <div role="status">
      {isOut && (
        <p className={classes(css.line, css.out)}>
          {refused === null ? "You are offline. Trying to get you back in …" : refused.message}
          {refused !== null && (
            <Button small onClick={reconnect}>
              Connect again
            </Button>
          )}
        </p>
      )}
      {isBack && <p className={classes(css.line, css.back)}>You are back.</p>}
    </div>
  );
}
