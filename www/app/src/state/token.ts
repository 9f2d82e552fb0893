import { latest, renew, type Session } from "./session";

/**
 * The token of a session as it is now. It ends after an hour; the next one is asked for once, however many notice, in however
 * many pages: a refresh token that comes a second time later looks stolen.
 */

/** The session has a token that works, its sign-in is over, or the server was not reached. */
type Renewed = "done" | "over" | "offline";

/** Who notices within this time noticed the same refused token. */
const SAME_MS = 5_000;

const running = new WeakMap<Session, Promise<Renewed>>();
const renewedMs = new WeakMap<Session, number>();

/** Sees to it that a refused token is replaced. */
export function renewed(session: Session): Promise<Renewed> {
  const known = running.get(session);
  if (known) return known;
  if (performance.now() - (renewedMs.get(session) ?? -Infinity) < SAME_MS) return Promise.resolve("done");
  const asked = inTurn(session).finally(() => running.delete(session));
  running.set(session, asked);
  return asked;
}

/** One page after the other, since they share what is stored. */
function inTurn(session: Session): Promise<Renewed> {
  const once = async (): Promise<Renewed> => {
    const refused = session.token;
    const stored = latest(session);
    if (stored && stored.token !== refused) Object.assign(session, stored);
    else {
      const answer = await renew(session);
      if (!answer.ok) return answer.why === "offline" ? "offline" : "over";
    }
    renewedMs.set(session, performance.now());
    return "done";
  };
  // Without locks, as on a plain http address, two pages may ask at once: the server allows that for a minute.
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks ? locks.request(`orderkit-session-${session.tenant}-${session.user}`, once) : once();
}

/** The token for the sync driver, which says whether the last one was refused. */
export async function tokenOf(session: Session, isRefused: boolean): Promise<string> {
  if (isRefused && (await renewed(session)) === "offline") throw new Error("the sign-in was not reached");
  return session.token;
}

/** Fetches with the rights of a session, also if its token has ended meanwhile. */
export async function fetchAs(
  asker: Session | { token: string },
  url: string,
  request: RequestInit = {},
): Promise<Response> {
  const send = () => {
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${asker.token}`);
    return fetch(url, { ...request, headers, cache: "no-store" });
  };
  const response = await send();
  if (response.status !== 401 || !("user" in asker)) return response;
  return (await renewed(asker)) === "done" ? send() : response;
}
