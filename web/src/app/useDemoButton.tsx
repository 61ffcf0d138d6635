import type { ReactNode } from "react";
import { DemoButton } from "@/features/demo/DemoButton";
import { useMayShowDemos } from "./HelpMenu";

/** What starts a demo; nothing for whoever may not. */
export function useDemoButton(): ReactNode {
  return useMayShowDemos() ? <DemoButton /> : undefined;
}
