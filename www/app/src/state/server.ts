import type { Issue } from "orderkit";
import type { Session } from "./session";

/** An answer of the server, or why there is none: what it refused, or that it cannot be reached. */
export type Told<T> = { ok: true; value: T } | { ok: false; issues: Issue[] };

interface Refusal {
  code: Issue["code"];
  path: string;
  args: Issue["args"];
  issues?: Issue[];
}

export const unreached: Issue = { code: "offline", path: "", args: {} };

/** Asks the server of one's shop, with the rights of who is signed in. */
export async function ask<T>(
  session: Session,
  path: string,
  { method = "GET", body }: { method?: "GET" | "POST" | "PUT"; body?: unknown } = {},
): Promise<Told<T>> {
  try {
    const headers = new Headers({ authorization: `Bearer ${session.token}` });
    if (body !== undefined) headers.set("content-type", "application/json");
    const response = await fetch(`/v1/${encodeURIComponent(session.tenant)}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: "no-store",
      signal: AbortSignal.timeout(30_000),
    });
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, value: answer as T };
    const { code, path: at, args, issues = [] } = answer as Refusal;
    return { ok: false, issues: issues.length > 0 ? issues : [{ code, path: at, args }] };
  } catch {
    return { ok: false, issues: [unreached] };
  }
}
