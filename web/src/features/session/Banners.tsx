import { useConnection, useNow } from "@/api/sessions";
import { reconnect } from "@/api/socket";
import type { SessionState } from "@/core/session";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { OutageBanners } from "@/ui/OutageBanners";
import { useIsBack } from "@/ui/useIsBack";
import css from "./Banners.module.css";
import { cost } from "./made";
import { timeOfDay } from "@/core/times";

/** For how long it is said that the connection is back. */
const BACK_MS = 6_000;

/** What makes the page less than it seems: no connection, no signals, no more money. */
export function Banners({ state }: { readonly state: SessionState }) {
  const now = useNow();
  return (
    <div className={css.banners}>
      <ConnectionBanner updatedAt={state.updatedAt} />
      {state.isOpen && <OutageBanners outages={state.outages} now={now} />}
      {state.isOpen && state.state === "SIGNAL_LOST" && (
        <Banner tone="fair" role="status">
          No signals come from this room. Until they are back the score says nothing about it, and the agent
          does nothing.
        </Banner>
      )}
      {state.isOpen && state.state === "WARMING_UP" && (
        <Banner tone="neutral" role="status">
          Warming up: the agent learns what is normal here. The score means little so far.
        </Banner>
      )}
      {!state.isOpen && (
        <Banner tone="neutral" role="status">
          This session is over. What happened in it stays here.
        </Banner>
      )}
      {state.isOpen && state.budget !== null && (
        <Banner tone="fair" role="status">
          {cost(state.budget.spentUsd)} of {cost(state.budget.limitUsd)} for language models is spent this{" "}
          {state.budget.window}. When all of it is, templates do the wording.
        </Banner>
      )}
    </div>
  );
}

function ConnectionBanner({ updatedAt }: { readonly updatedAt: number | null }) {
  const { state, problem } = useConnection();
  const isLost = state === "reconnecting" || state === "refused";
  const isBack = useIsBack(isLost, state === "connected", BACK_MS);
  const since = updatedAt === null ? "" : ` What you see is of ${timeOfDay(updatedAt)}.`;
  if (isBack)
    return (
      <Banner tone="high" role="status">
        Connected again. Nothing that happened meanwhile is missing.
      </Banner>
    );
  if (!isLost) return null;
  return (
    <Banner tone="low" role="alert">
      {state === "refused"
        ? `Disconnected${problem === null ? "" : `: ${problem.message}`}.${since} `
        : `The connection is lost.${since} It is being tried again; the agent goes on meanwhile. `}
      <Button small onClick={reconnect}>
        {state === "refused" ? "Connect again" : "Try now"}
      </Button>
    </Banner>
  );
}
