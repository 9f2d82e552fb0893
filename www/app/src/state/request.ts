import type { Issue } from "orderkit";

/** Who asks the server: somebody who is signed in, or a buyer with a token for one order. */
export interface Asker {
  tenant: string;
  token: string;
}

/** An answer; nothing if the server cannot be reached. */
export type Answer<T> = { ok: true; value: T } | { ok: false; issues: Issue[] } | undefined;

interface Asking {
  /** What is sent; without it something is only read. */
  body?: unknown;
  /** The name of the request, so that it is done once however often it is sent. */
  key?: string;
}

/** Asks the server for what the copy on this device does not have. */
export async function request<T>(
  { tenant, token }: Asker,
  path: string,
  { body, key }: Asking = {},
): Promise<Answer<T>> {
  try {
    const headers = new Headers({ authorization: `Bearer ${token}` });
    if (body !== undefined) headers.set("content-type", "application/json");
    if (key !== undefined) headers.set("idempotency-key", key);
    const response = await fetch(`/v1/${encodeURIComponent(tenant)}/${path}`, {
      method: body === undefined ? "GET" : "POST",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers,
      signal: AbortSignal.timeout(30_000),
      cache: "no-store",
    });
    if (response.status >= 500) return undefined;
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, value: answer as T };
    const refusal = answer as { code: Issue["code"]; path: string; args: Issue["args"]; issues?: Issue[] };
    const { code, args } = refusal;
    const issues = refusal.issues ?? [];
    return { ok: false, issues: issues.length > 0 ? issues : [{ code, path: refusal.path, args }] };
  } catch {
    return undefined;
  }
}
