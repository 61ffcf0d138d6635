import { useState } from "react";
import { Button, type ButtonLook } from "@/ui/Button";
import { PlayIcon } from "@/ui/icons";
import { DemoDialog } from "./DemoDialog";

/** Opens the demo's dialog. */
export function DemoButton({ look = "secondary" }: { readonly look?: ButtonLook }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        look={look}
        icon={<PlayIcon />}
        onClick={() => {
          setIsOpen(true);
        }}
      >
        Watch a 60-second rescue
      </Button>
      <DemoDialog open={isOpen} onOpenChange={setIsOpen} />
    </>
  );
}
