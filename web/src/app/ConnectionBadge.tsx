import { useConnection } from "@/api/sessions";
import { type ConnectionState, reconnect } from "@/api/socket";
import { Badge, type Tone } from "@/ui/Badge";
import { Button } from "@/ui/Button";

const WORDS: Readonly<Record<ConnectionState, readonly [Tone, string]>> = {
  idle: ["neutral", "Not connected"],
  connecting: ["neutral", "Connecting"],
  connected: ["high", "Live"],
  reconnecting: ["fair", "Reconnecting"],
  refused: ["low", "Disconnected"],
};

interface Props {
  /** Whether what is on screen is over: nothing of now is to be had of it. */
  readonly isOver?: boolean;
}

/** Whether what is on screen is of now. */
export function ConnectionBadge({ isOver = false }: Props) {
  const { state, problem } = useConnection();
  if (state === "idle" || isOver) return null;
  const [tone, word] = WORDS[state];
  return (
    <span role="status" style={{ display: "inline-flex", alignItems: "center", gap: "var(--space-2)" }}>
      <Badge
        tone={tone}
        icon={<span aria-hidden="true">●</span>}
        {...(problem && { title: problem.message })}
      >
        {word}
      </Badge>
      {state === "refused" && (
        <Button small onClick={reconnect}>
          Connect again
        </Button>
      )}
    </span>
  );
}
