import type { Role } from "orderkit";

/** Who is signed in. The server gives a token; the page keeps it, so that a reload works offline. */

export interface Session {
  token: string;
  tenant: string;
  user: string;
  role: Role;
  expiresMs?: number;
  /** What makes the next token, if this one came from a sign-in. */
  refresh?: string;
  refreshExpiresMs?: number;
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
  const untilMs = session?.refreshExpiresMs ?? session?.expiresMs ?? Infinity;
  return untilMs > nowMs ? session : undefined;
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

const isSame = (one: Session, other: Session) => one.tenant === other.tenant && one.user === other.user;

/** The session of the same user as it was stored last, perhaps by another page. */
export function latest(session: Session): Session | undefined {
  return [read(key), read(roleKey(session.role))].find((stored) => stored && isSame(stored, session));
}

/** Asks for the next token of a session and stores it where the session is stored. */
export async function renew(session: Session): Promise<SignIn> {
  const { refresh } = session;
  if (refresh === undefined) return { ok: false, why: "invalid" };
  const headers = { "content-type": "application/json" };
  const response = await ask("/refresh", { method: "POST", headers, body: JSON.stringify({ refresh }) });
  if (!response || response.status === 429) return { ok: false, why: "offline" };
  const answer = await answered(response);
  if (!answer.ok) return answer;
  if (!isSame(answer.session, session)) return { ok: false, why: "invalid" };
  Object.assign(session, answer.session);
  for (const name of [key, roleKey(session.role)]) {
    const stored = read(name);
    if (stored && isSame(stored, session)) localStorage.setItem(name, JSON.stringify(session));
  }
  return answer;
}

/** Tells the server that a sign-in is over. Without a network it ends by itself. */
export async function leave(session: Session): Promise<void> {
  if (session.refresh === undefined) return;
  await ask("", {
    method: "DELETE",
    headers: { authorization: `Bearer ${session.token}` },
    keepalive: true,
  });
}

function isSession(value: unknown): value is Session {
  if (typeof value !== "object" || value === null) return false;
  const { token, tenant, user, role } = value as Record<string, unknown>;
  return (
    [token, tenant, user].every((part) => typeof part === "string") &&
    ["customer", "staff", "admin"].includes(String(role))
  );
}

async function ask(path: string, request: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch(`/v1/session${path}`, {
      ...request,
      cache: "no-store",
      signal: AbortSignal.timeout(10_000),
    });
  } catch {
    return undefined;
  }
}

/** Asks for a role where the server lets anybody choose one. */
export async function signInAs(role: Role): Promise<SignIn> {
  const headers = { "content-type": "application/json" };
  const response = await ask("", { method: "POST", headers, body: JSON.stringify({ role }) });
  if (!response) return { ok: false, why: "offline" };
  if (response.status === 403 || response.status === 404) return { ok: false, why: "closed" };
  return answered(response);
}

/** Asks who a token belongs to. */
export async function signInWith(token: string): Promise<SignIn> {
  const response = await ask("", { headers: { authorization: `Bearer ${token}` } });
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
