import { useMutation } from "@tanstack/react-query";
import { toast } from "@/ui/toast";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { asProblem } from "@/api/problem";
import { Button, buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Skeleton } from "@/ui/Skeleton";
import { ErrorState } from "@/ui/States";
import { ToggleGroup } from "@/ui/ToggleGroup";
import css from "./SessionHeader.module.css";

/** How long an invitation is good for: as long as the service's own default. */
const GOOD_FOR_S = 12 * 3600;

type Role = "attendee" | "speaker";

const ROLES = [
  { value: "attendee", label: "Audience", title: "For as many people as you like" },
  { value: "speaker", label: "Speaker", title: "For one person: it can change slides and phases" },
] as const;

/** An invitation into the room: to hand on, or to look at the room as the audience sees it. */
export function InviteDialog({ sessionId }: { readonly sessionId: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const [role, setRole] = useState<Role>("attendee");
  const invitation = useMutation({
    mutationFn: async (asked: Role) => {
      const params = { path: { session_id: sessionId } };
      return answer(
        api.POST("/api/v1/sessions/{session_id}/invitations", {
          params,
          body: { role: asked, ttl_s: GOOD_FOR_S },
        }),
      );
    },
  });
  const ask = (asked: Role) => {
    setRole(asked);
    invitation.mutate(asked);
  };
  const change = (opens: boolean) => {
    setIsOpen(opens);
    if (opens) ask(role);
  };
  return (
    <>
      <Button
        onClick={() => {
          change(true);
        }}
      >
        Open the room
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={change}
        title="Into the room"
        description="Whoever has this link may come in. It says nothing about who they are."
      >
        <ToggleGroup label="For whom" value={role} options={ROLES} onChange={ask} />
        {invitation.isError ? (
          <ErrorState
            title="No invitation could be made"
            message={asProblem(invitation.error).message}
            onRetry={() => {
              ask(role);
            }}
          />
        ) : (
          <Link url={invitation.isPending ? null : (invitation.data?.url ?? null)} />
        )}
      </Dialog>
    </>
  );
}

function Link({ url }: { readonly url: string | null }) {
  if (url === null) return <Skeleton height="5.5rem" />;
  const copy = () => {
    navigator.clipboard.writeText(url).then(
      () => {
        toast.success("Link copied");
      },
      () => {
        toast.error("The link could not be copied", { description: "Select it and copy it by hand." });
      },
    );
  };
  return (
    <>
      <input
        className={css.url}
        readOnly
        value={url}
        aria-label="Invitation"
        onFocus={(event) => {
          event.target.select();
        }}
      />
      <div className={css.actions}>
        <a href={url} target="_blank" rel="noreferrer" className={buttonClass("primary")}>
          Open in a new tab
        </a>
        <Button onClick={copy}>Copy the link</Button>
      </div>
    </>
  );
}
