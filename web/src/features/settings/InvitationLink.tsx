import { useMutation } from "@tanstack/react-query";
import { toast } from "@/ui/toast";
import { answer, api, type Schemas } from "@/api/client";
import type { Problem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Fault, Field } from "@/ui/Field";
import css from "./SettingsPage.module.css";

type Invitation = Schemas["InvitedAnswer"];

/** A link that was made: to copy, or to call back where it fell into the wrong hands. */
export function InvitationLink({ invitation }: { readonly invitation: Invitation }) {
  const callBack = useMutation<unknown, Problem>({
    mutationFn: async () => {
      const path = { session_id: invitation.session_id, invitation_id: invitation.invitation_id };
      return answer(
        api.DELETE("/api/v1/sessions/{session_id}/invitations/{invitation_id}", { params: { path } }),
      );
    },
  });
  const copy = () => {
    navigator.clipboard.writeText(invitation.url).then(
      () => {
        toast.success("Link copied");
      },
      () => {
        toast.error("The link could not be copied", { description: "Select it and copy it by hand." });
      },
    );
  };
  if (callBack.isSuccess) {
    return (
      <p role="status" className={css.soft}>
        Called back: nobody comes in by this link any more, and whoever came in by it has to leave.
      </p>
    );
  }
  const until = new Date(invitation.expires_at * 1000).toLocaleString([], {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return (
    <div role="status">
      <Field
        label="Invitation"
        hint={`Good until ${until}. Whoever has this link may come in. Here it can be called back; keep the page open for that.`}
        aside={
          <>
            <Button look="primary" onClick={copy}>
              Copy
            </Button>
            <Button
              busy={callBack.isPending}
              onClick={() => {
                callBack.mutate();
              }}
            >
              Call it back
            </Button>
          </>
        }
      >
        {(input) => (
          <input
            {...input}
            readOnly
            className={css.link}
            value={invitation.url}
            onFocus={(event) => {
              event.target.select();
            }}
          />
        )}
      </Field>
      {callBack.isError && <Fault isAlert>It could not be called back: {callBack.error.message}</Fault>}
    </div>
  );
}
