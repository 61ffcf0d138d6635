/** REST, by the client that is generated from the service's own description (`web/openapi.json`). */
import createClient from "openapi-fetch";
import { signOut, token } from "./auth";
import { readProblem, unreachable } from "./problem";
import type { components, paths } from "./schema";

/** The bodies that the service names, such as `Schemas["SessionAnswer"]`. */
export type Schemas = components["schemas"];

/** Where the service is: the page's own origin unless it was built for another. */
export const API_URL = import.meta.env.VITE_API_URL ?? "";

export const api = createClient<paths>({ baseUrl: API_URL === "" ? location.origin : API_URL });

api.use({
  onRequest({ request }) {
    const kept = token();
    if (kept !== null) request.headers.set("Authorization", `Bearer ${kept}`);
    return request;
  },
});

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the service answered.
 *
 * Use it around every call: `await answer(api.GET("/api/v1/agent/sessions"))`.
 *
 * @throws {Problem} It refused, or could not be reached. Whoever is not signed in any more is signed out.
 */
export async function answer<T>(asked: Promise<Answered<T>>): Promise<T> {
  let answered: Answered<T>;
  try {
    answered = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  const { data, error, response } = answered;
  if (response.ok) return data as T;
  const problem = readProblem(error, response.status);
  // An invitation that ran out signs nobody out: whoever accepts one may not be signed in at all.
  if (problem.category === "AUTHENTICATION" && token() !== null) {
    signOut(
      problem.code === "token_expired" ? "expired" : problem.code === "token_missing" ? "missing" : "invalid",
    );
  }
  throw problem;
}
