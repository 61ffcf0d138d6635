import { useSyncExternalStore } from "react";
import { toast } from "@/ui/toast";
import { IconButton } from "@/ui/Button";
import { FullScreenIcon } from "@/ui/icons";

function listen(listener: () => void): () => void {
  document.addEventListener("fullscreenchange", listener);
  return () => {
    document.removeEventListener("fullscreenchange", listener);
  };
}

export function FullScreen() {
  const isFull = useSyncExternalStore(listen, () => document.fullscreenElement !== null);
  // Phones of some makers have no full screen for pages.
  if (!document.fullscreenEnabled) return null;
  const change = () => {
    const changed = isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    changed.catch(() => {
      toast.error("The browser did not allow the full screen");
    });
  };
  return (
    <IconButton
      label={isFull ? "Leave the full screen" : "Full screen"}
      aria-pressed={isFull}
      onClick={change}
    >
      <FullScreenIcon />
    </IconButton>
  );
}
