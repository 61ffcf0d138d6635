import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Area, type Identity, keepInvitation, keptInvitation, signIn } from "@/api/auth";
import { answer, api } from "@/api/client";
import type { Problem } from "@/api/problem";
import { Button } from "@/ui/Button";
import css from "./SignInPage.module.css";

/** As long as a name in a room may be. */
const NAME_CHARS = 60;

interface Props {
  readonly area: Area;
  readonly next: string;
  /** Who is signed in here already: they can go on as the same person. */
  readonly known: Identity | null;
}

/** Somebody who was invited says under which name others see them. */
export function JoinForm({ area, next, known }: Props) {
  const navigate = useNavigate();
  const goOn = () => {
    keepInvitation(null);
    void navigate({ to: next, replace: true });
  };
  const accept = useMutation<undefined, Problem, string>({
    mutationFn: async (name) => {
      const body = { invitation: keptInvitation() ?? "", display_name: name.trim() };
      const accepted = await answer(api.POST("/api/v1/invitations/accept", { body }));
      signIn(accepted.token, area);
      return undefined;
    },
    onSuccess: goOn,
  });
  const submit = (data: FormData) => {
    const name = data.get("name");
    accept.mutate(typeof name === "string" ? name : "");
  };
  return (
    <form action={submit} className={css.form}>
      <label className={css.field}>
        Your name, as others see it
        <input name="name" maxLength={NAME_CHARS} autoComplete="nickname" defaultValue={known?.name ?? ""} />
      </label>
      <p className={css.hint}>You can leave it empty and stay a guest.</p>
      {accept.error !== null && (
        <p role="alert" className={css.wrong}>
          {accept.error.message}
        </p>
      )}
      <p className={css.row}>
        <Button look="primary" type="submit" busy={accept.isPending}>
          Come in
        </Button>
        {known !== null && (
          <Button onClick={goOn}>Go on as {known.name === "" ? "before" : known.name}</Button>
        )}
      </p>
    </form>
  );
}
