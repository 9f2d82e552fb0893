import type { Role } from "orderkit";

/** Who is signed in. The server gives a token; the page keeps it, so that a reload works offline. */

export interface Session {
  token: string;
  tenant: string;
  user: string;
  role: Role;
  expiresMs?: number;
}

export type SignIn = { ok: true; session: Session } | { ok: false; why: "closed" | "invalid" | "offline" };

const key = "orderkit.session";
const roleKey = (role: Role) => `orderkit.session.${role}`;

function read(name: string): Session | undefined {
  try {
    const text = localStorage.getItem(name);
    const value: unknown = text ? JSON.parse(text) : undefined;
    return isSession(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function kept(): Session | undefined {
  return read(key);
}

/** Who this device was in a role. To ask anew would give another user, with none of the orders. */
export function keptAs(role: Role, nowMs: number): Session | undefined {
  const session = read(roleKey(role));
  return session && (session.expiresMs ?? Infinity) > nowMs ? session : undefined;
}

export function keep(session: Session): void {
  const text = JSON.stringify(session);
  localStorage.setItem(key, text);
  localStorage.setItem(roleKey(session.role), text);
}

export function forget(): void {
  const session = kept();
  localStorage.removeItem(key);
  if (session) localStorage.removeItem(roleKey(session.role));
}

function isSession(value: unknown): value is Session {
  if (typeof value !== "object" || value === null) return false;
  const { token, tenant, user, role } = value as Record<string, unknown>;
  return (
    [token, tenant, user].every((part) => typeof part === "string") &&
    ["customer", "staff", "admin"].includes(String(role))
  );
}

async function ask(request: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch("/v1/session", { ...request, cache: "no-store", signal: AbortSignal.timeout(10_000) });
  } catch {
    return undefined;
  }
}

/** Asks for a role where the server lets anybody choose one. */
export async function signInAs(role: Role): Promise<SignIn> {
  const headers = { "content-type": "application/json" };
  const response = await ask({ method: "POST", headers, body: JSON.stringify({ role }) });
  if (!response) return { ok: false, why: "offline" };
  if (response.status === 403 || response.status === 404) return { ok: false, why: "closed" };
  return answered(response);
}

/** Asks who a token belongs to. */
export async function signInWith(token: string): Promise<SignIn> {
  const response = await ask({ headers: { authorization: `Bearer ${token}` } });
  if (!response) return { ok: false, why: "offline" };
  return answered(response, token);
}

async function answered(response: Response, token?: string): Promise<SignIn> {
  if (response.status >= 500) return { ok: false, why: "offline" };
  if (!response.ok) return { ok: false, why: "invalid" };
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const session: unknown = token === undefined ? answer : { ...answer, token };
  return isSession(session) ? { ok: true, session } : { ok: false, why: "invalid" };
}
