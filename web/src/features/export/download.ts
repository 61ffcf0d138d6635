import { answer, api } from "@/api/client";
import { fileName } from "./text";

export type Format = "csv" | "json";

/** Fetch what was done in a session (with the token, which a plain link would not send) and hand it over as a file. */
export async function download(sessionId: string, title: string, format: Format): Promise<void> {
  const params = { query: { session_id: sessionId, format } };
  const file = await answer(api.GET("/api/v1/interventions/export", { params, parseAs: "blob" }));
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName(title, format);
  link.click();
  // Browsers have taken it by then.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
