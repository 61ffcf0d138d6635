import { type ReactNode, useState } from "react";
import { Button, type ButtonLook } from "@/ui/Button";
import { PlayIcon } from "@/ui/icons";
import { DemoDialog } from "./DemoDialog";

interface Props {
  readonly look?: ButtonLook;
  readonly children?: ReactNode;
}

/** Opens the demo's dialog. */
export function DemoButton({ look = "secondary", children = "Watch a 60-second rescue" }: Props) {
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
        {children}
      </Button>
      <DemoDialog open={isOpen} onOpenChange={setIsOpen} />
    </>
  );
}
