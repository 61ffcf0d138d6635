/** Errors of the services, as one type: REST and sockets tell them in the same words (CONTRACTS §6). */

export type Category =
  | "VALIDATION"
  | "AUTHENTICATION"
  | "AUTHORIZATION"
  | "NOT_FOUND"
  | "CONFLICT"
  | "RATE_LIMIT"
  | "EXTERNAL_SERVICE"
  | "INTERNAL"
  | "UNREACHABLE";

export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly category: Category,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly retryAfterS: number | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }

  /** Whether the same may succeed a little later. */
  get isPassing(): boolean {
    return ["UNREACHABLE", "RATE_LIMIT", "EXTERNAL_SERVICE", "INTERNAL"].includes(this.category);
  }
}

const BY_STATUS: Readonly<Record<number, Category>> = {
  400: "VALIDATION",
  401: "AUTHENTICATION",
  403: "AUTHORIZATION",
  404: "NOT_FOUND",
  409: "CONFLICT",
  422: "VALIDATION",
  429: "RATE_LIMIT",
  502: "EXTERNAL_SERVICE",
  503: "EXTERNAL_SERVICE",
  504: "EXTERNAL_SERVICE",
};

/** The problem that a body tells of; a proxy in between may have said something else. */
export function readProblem(body: unknown, status: number): Problem {
  const error = inside(body, "error");
  const category = BY_STATUS[status] ?? "INTERNAL";
  if (error === null) return new Problem(category, `status_${status}`, `The service answered ${status}.`);
  return problemOf(error, category);
}

/** The problem that an error's own object tells of, as sockets send it. */
export function problemOf(error: unknown, otherwise: Category = "INTERNAL"): Problem {
  const said = isObject(error) ? error : {};
  return new Problem(
    typeof said.category === "string" ? (said.category as Category) : otherwise,
    typeof said.code === "string" ? said.code : "unknown",
    typeof said.message === "string" ? said.message : "Something went wrong, and nobody said what.",
    isObject(said.details) ? said.details : {},
    typeof said.retry_after_s === "number" ? said.retry_after_s : null,
    typeof said.request_id === "string" ? said.request_id : null,
  );
}

export function unreachable(): Problem {
  return new Problem("UNREACHABLE", "unreachable", "The service cannot be reached. Check that it runs.");
}

/** Any error, as something that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem("INTERNAL", "unexpected", error instanceof Error ? error.message : String(error));
}

function inside(body: unknown, name: string): Record<string, unknown> | null {
  if (!isObject(body)) return null;
  const found = body[name];
  return isObject(found) ? found : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
