import type { Issue, Payment } from "orderkit";
import type { Session } from "../state/session";

/** What the page asks of the server about payments through a provider. */

export type Asked =
  { kind: "answered"; payment: Payment } | { kind: "refused"; issues: Issue[] } | { kind: "unreachable" };

/** Cards of the provider for trying out; each one behaves in its own way. */
export const testCards = [
  "test-ok",
  "test-busy",
  "test-no-funds",
  "test-stolen",
  "test-slow",
  "test-lost",
] as const;
export type TestCard = (typeof testCards)[number];

/** The provider that moves no money. */
export const tryingOut = "local";

/**
 * Asks for what is due. The key is the payment's own: with the same key nothing is paid twice, so it is kept until an answer is here.
 */
export async function pay(
  session: Session,
  order: string,
  key: string,
  instrument: string,
  method: string,
): Promise<Asked> {
  let response: Response;
  try {
    response = await fetch(`/v1/${encodeURIComponent(session.tenant)}/orders/${order}/payments`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${session.token}`,
        "content-type": "application/json",
        "idempotency-key": key,
      },
      body: JSON.stringify({ action: "capture", instrument, method }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    return { kind: "unreachable" };
  }
  const body = (await response.json().catch(() => undefined)) as
    { payment?: Payment; issues?: Issue[] } | undefined;
  if (response.ok && body?.payment) return { kind: "answered", payment: body.payment };
  if (response.status >= 500 || !body?.issues) return { kind: "unreachable" };
  return { kind: "refused", issues: body.issues };
}
