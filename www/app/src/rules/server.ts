import type { Issue, Ruleset } from "orderkit";
import type { Finding } from "../lib/lint";
import type { Session } from "../state/session";
import { fetchAs } from "../state/token";

/** What the page asks of the server about rules. */

export interface Version {
  version: string;
  digest: string;
  fromMs: number;
  retiredMs?: number;
  user?: string;
}

export interface Overtaken {
  version: string;
  digest: string;
  user: string;
  atMs: number;
}

export type Saved =
  | { kind: "saved"; digest: string }
  | { kind: "overtaken"; by: Overtaken }
  | { kind: "refused"; findings: Finding[] }
  | { kind: "unreachable" };

interface Refusal {
  code: string;
  args: Record<string, string | number>;
  issues: (Issue & { severity?: Finding["severity"] })[];
}

async function ask(session: Session, path: string, request: RequestInit = {}): Promise<Response | undefined> {
  try {
    const url = `/v1/${encodeURIComponent(session.tenant)}/ruleset${path}`;
    const response = await fetchAs(session, url, { ...request, signal: AbortSignal.timeout(30_000) });
    return response.status >= 500 ? undefined : response;
  } catch {
    return undefined;
  }
}

/** Saves as a new version, if nobody has saved another since `baseDigest`. */
export async function save(
  session: Session,
  ruleset: Ruleset,
  baseDigest: string,
  acceptsWarnings: boolean,
): Promise<Saved> {
  const response = await ask(session, acceptsWarnings ? "?acceptWarnings=true" : "", {
    method: "PUT",
    headers: { "content-type": "application/json", "if-match": `"${baseDigest}"` },
    body: JSON.stringify(ruleset),
  });
  if (!response) return { kind: "unreachable" };
  if (response.ok) {
    const { digest } = (await response.json()) as { digest: string };
    return { kind: "saved", digest };
  }
  const refusal = (await response.json().catch(() => undefined)) as Refusal | undefined;
  if (!refusal) return { kind: "unreachable" };
  if (response.status === 409) return { kind: "overtaken", by: refusal.args as unknown as Overtaken };
  const findings = refusal.issues.map(({ severity, code, path, args }) => ({
    severity: severity ?? ("error" as const),
    issue: { code, path, args },
  }));
  return { kind: "refused", findings };
}

/** All versions, the one in force first; nothing if the server cannot be reached. */
export async function versions(session: Session): Promise<Version[] | undefined> {
  const response = await ask(session, "/versions");
  if (response?.ok !== true) return undefined;
  return ((await response.json()) as { versions: Version[] }).versions;
}

export async function versionOf(session: Session, digest: string): Promise<Ruleset | undefined> {
  const response = await ask(session, `/versions/${digest}`);
  return response?.ok === true ? ((await response.json()) as Ruleset) : undefined;
}
