import { getRouteApi, Link } from "@tanstack/react-router";
import { areaOf, homeOf, keptInvitation, type SignedOut, signOut, whySignedOut } from "@/api/auth";
import { useIdentity } from "@/api/identity";
import { Button, buttonClass } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { JoinForm } from "./JoinForm";
import css from "./SignInPage.module.css";

const route = getRouteApi("/sign-in");

const WHY: Readonly<Record<SignedOut, readonly [title: string, text: string]>> = {
  missing: [
    "Sign in",
    "You come in by a link that names who you are. Open yours, and this page will let you in.",
  ],
  expired: ["Your link has run out", "Links are good for a limited time. Ask for a new one, or make one."],
  invalid: [
    "This link does not work",
    "It may have been cut off when it was copied, or it comes from another installation. Ask for a new one, or make one.",
  ],
  left: ["You are signed out", "Open your link again to come back."],
};

/** Who comes without a token that works: why, and how to get one. */
export function SignInPage() {
  const { next } = route.useSearch();
  const area = areaOf(next ?? "/dashboard");
  const who = useIdentity(area);
  if (keptInvitation() !== null && area !== "dashboard") {
    return (
      <Page title={area === "speak" ? "You are invited to speak" : "You are invited"}>
        <JoinForm area={area} next={next ?? "/"} known={who} />
      </Page>
    );
  }
  if (who !== null) {
    const leave = () => {
      signOut("left", area);
    };
    return (
      <Page title={`You are signed in as ${who.name === "" ? who.userId : who.name}`}>
        <p className={css.row}>
          <Link to={next ?? homeOf(who) ?? "/dashboard"} className={buttonClass("primary")}>
            Go on
          </Link>
          <Button onClick={leave}>Sign out</Button>
        </p>
      </Page>
    );
  }
  const [title, text] = WHY[whySignedOut()];
  return (
    <Page title={title}>
      <p>{text}</p>
      {area === "dashboard" ? <ForOrganisers /> : <ForGuests />}
    </Page>
  );
}

function ForOrganisers() {
  return (
    <>
      <h2>How to get a link</h2>
      <ol className={css.ways}>
        <li>
          Started on this machine with <code>conductor serve</code>: it printed one that begins with{" "}
          <code>Sign in:</code>. Start it again for a new one.
        </li>
        <li>
          Anywhere else, whoever runs it makes a token with <code>conductor token --role organiser</code> and
          hands you <code>{location.origin}/sign-in#token=…</code>
        </li>
      </ol>
    </>
  );
}

function ForGuests() {
  return <p>Whoever holds the session can send you a link to it.</p>;
}

function Page({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <main className={css.page}>
      <p className={css.brand}>
        <img src="/favicon.svg" alt="" width="32" height="32" /> Engagement Conductor
      </p>
      <Card className={css.card}>
        <h1>{title}</h1>
        {children}
      </Card>
    </main>
  );
}
