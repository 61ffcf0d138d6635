import { useEffect } from "react";
import { toast, Toaster as Sonner } from "sonner";
import { show } from "./toast";

export type Theme = "system" | "light" | "dark";

/** Where notices are shown, once it is mounted. */
export function Toaster({ theme }: { readonly theme: Theme }) {
  useEffect(() => {
    show(toast);
  }, []);
  return <Sonner theme={theme} position="bottom-right" closeButton visibleToasts={4} />;
}
