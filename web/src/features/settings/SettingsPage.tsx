import { Loading, Skeleton } from "@/ui/Skeleton";
import { ErrorState } from "@/ui/States";
import { Invitations } from "./Invitations";
import { SessionModes } from "./SessionModes";
import { SettingsForm } from "./SettingsForm";
import css from "./SettingsPage.module.css";
import { useSettings } from "./useSettings";

export function SettingsPage({ eventId }: { readonly eventId: string }) {
  const { data, error, refetch } = useSettings(eventId);
  if (data === undefined) {
    if (error === null) return <Skeletons />;
    return (
      <ErrorState
        title="The settings cannot be shown"
        message={error.message}
        requestId={error.requestId}
        onRetry={() => {
          void refetch();
        }}
      />
    );
  }
  return (
    <div className={css.page}>
      <Head eventId={eventId} />
      <SettingsForm key={eventId} eventId={eventId} saved={data} />
      <SessionModes eventId={eventId} saved={data} />
      <Invitations eventId={eventId} />
    </div>
  );
}

function Head({ eventId }: { readonly eventId: string }) {
  return (
    <header>
      <h1>Settings</h1>
      <p className={css.soft}>What the agent may do in the event “{eventId}”.</p>
    </header>
  );
}

function Skeletons() {
  return (
    <Loading what="the settings">
      <div className={css.page}>
        <Skeleton width="16rem" height="2rem" />
        <Skeleton height="18rem" />
        <Skeleton height="12rem" />
        <Skeleton height="10rem" />
      </div>
    </Loading>
  );
}
