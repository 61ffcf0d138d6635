import type { Generation } from "@/core/model";
import { Badge } from "@/ui/Badge";
import { isByModel, madeInWords } from "./made";

/** Who worded it: a model, a template or a person. */
export function MadeBy({ by }: { readonly by: Generation | null }) {
  if (by === null) return null;
  const title = isByModel(by)
    ? `Worded by a language model: ${by.model}`
    : by.method === "TEMPLATE"
      ? `Worded by a template, without a language model: ${by.model}`
      : "Worded by an organiser";
  return (
    <Badge tone={isByModel(by) ? "accent" : "neutral"} title={title}>
      {isByModel(by) && <span aria-hidden="true">✦</span>}
      {isByModel(by) && "AI · "}
      {madeInWords(by)}
    </Badge>
  );
}
