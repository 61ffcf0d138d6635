import { useBlocker } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import css from "./SettingsPage.module.css";

/** Asks whoever leaves before saving; of a tab that is closed, the browser asks itself. */
export function LeaveGuard({ isOn }: { readonly isOn: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isOn,
    enableBeforeUnload: () => isOn,
    withResolver: true,
  });
  return (
    <Dialog
      open={status === "blocked"}
      onOpenChange={(opens) => {
        if (!opens) reset?.();
      }}
      title="Leave without saving?"
      description="What you changed here is not saved yet, and would be lost."
    >
      <div className={css.actions}>
        <Button look="primary" onClick={reset}>
          Stay here
        </Button>
        <Button look="danger" onClick={proceed}>
          Leave without saving
        </Button>
      </div>
    </Dialog>
  );
}
