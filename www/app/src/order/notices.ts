import type { Session } from "../state/session";
import { fetchAs } from "../state/token";

/** What the customer was told of an order, as the server keeps it. */
export interface CustomerNotice {
  position: number;
  kind: string;
  language: "en" | "zh";
  subject: string;
  body: string;
  email?: string;
  state: "waiting" | "sent" | "failed" | "unreachable";
  tries: number;
  atMs: number;
  sentMs?: number;
  error?: string;
}

async function ask(session: Session, path: string, request: RequestInit = {}): Promise<unknown> {
  try {
    const url = `/v1/${encodeURIComponent(session.tenant)}/orders/${path}`;
    const response = await fetchAs(session, url, { ...request, signal: AbortSignal.timeout(10_000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** The notices of an order; nothing if the server cannot be reached. */
export async function noticesOf(session: Session, order: string): Promise<CustomerNotice[] | undefined> {
  const answer = (await ask(session, `${order}/notices`)) as { notices: CustomerNotice[] } | undefined;
  return answer?.notices;
}

/** Tries a notice again that was given up; false if the server cannot be reached. */
export async function sendAgain(session: Session, order: string, position: number): Promise<boolean> {
  return (await ask(session, `${order}/notices/${position}/send`, { method: "POST" })) !== undefined;
}
