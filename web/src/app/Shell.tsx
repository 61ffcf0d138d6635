import { Link, Outlet, useParams } from "@tanstack/react-router";
import { signOut } from "@/api/auth";
import { useIdentity } from "@/api/identity";
import { IconButton } from "@/ui/Button";
import { SignOutIcon } from "@/ui/icons";
import { ConnectionBadge } from "./ConnectionBadge";
import { HelpMenu } from "./HelpMenu";
import css from "./Shell.module.css";
import { ThemeSwitch } from "./ThemeSwitch";

/** What an organiser has around every page. */
export function Shell() {
  const { eventId } = useParams({ strict: false });
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#main">
        To the content
      </a>
      <header className={css.header}>
        <Link to="/dashboard" className={css.brand} aria-label="Engagement Conductor">
          <img src="/favicon.svg" alt="" width="26" height="26" />
          <span>Engagement Conductor</span>
        </Link>
        {eventId !== undefined && <EventNavigation eventId={eventId} />}
        <div className={css.tools}>
          <ConnectionBadge />
          <HelpMenu />
          <ThemeSwitch />
          <Account />
        </div>
      </header>
      <main id="main" className={css.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function EventNavigation({ eventId }: { readonly eventId: string }) {
  const props = { params: { eventId }, className: css.link, activeProps: { className: css.active } };
  return (
    <nav className={css.navigation} aria-label={`Event ${eventId}`}>
      <span className={css.event} title={`Event ${eventId}`}>
        {eventId}
      </span>
      <Link
        to="/dashboard/events/$eventId/engagement-conductor"
        search={{}}
        activeOptions={{ includeSearch: false }}
        {...props}
      >
        Sessions
      </Link>
      <Link to="/dashboard/events/$eventId/learning" {...props}>
        Learning
      </Link>
      <Link to="/dashboard/events/$eventId/settings" {...props}>
        Settings
      </Link>
    </nav>
  );
}

function Account() {
  const who = useIdentity();
  if (who === null) return null;
  const leave = () => {
    signOut("left");
  };
  return (
    <>
      <span className={css.who}>{who.name === "" ? who.userId : who.name}</span>
      <IconButton label="Sign out" onClick={leave}>
        <SignOutIcon />
      </IconButton>
    </>
  );
}
