/** Who worded something, and what it took, in words. */
import type { Generation } from "@/core/model";
import { METHOD_WORDS } from "@/core/words";

export function isByModel({ method }: Generation): boolean {
  return method === "SONNET" || method === "HAIKU" || method === "OPENAI";
}

/** "Sonnet · 1.2 s · $0.0031"; a template and a person take no time and cost nothing. */
export function madeInWords(by: Generation): string {
  const name = METHOD_WORDS[by.method];
  if (!isByModel(by)) return name;
  return [name, duration(by.latencyMs), cost(by.costUsd)].filter(Boolean).join(" · ");
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** US dollars; small sums with as many digits as say something. */
export function cost(usd: number): string {
  if (usd === 0) return "free";
  return usd < 0.01 ? `$${usd.toPrecision(2)}` : `$${usd.toFixed(2)}`;
}
