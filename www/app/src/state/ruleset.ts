import type { Ruleset } from "orderkit";
import type { Session } from "./session";
import { fetchAs } from "./token";

/**
 * The rules that a store begins with. A copy is kept on the device, so that a reload works offline;
 * newer rules come with the sync and are then kept by the store itself.
 */

const cacheName = "orderkit-ruleset";

/** The shop answered, and said no. */
export class Refused extends Error {}

export async function rulesetOf(session: Session): Promise<Ruleset> {
  const url = `/v1/${encodeURIComponent(session.tenant)}/ruleset`;
  const kept = await keptAt(url);
  if (kept) return kept;
  const response = await fetchAs(session, url, { signal: AbortSignal.timeout(15_000) });
  if (response.status === 401 || response.status === 403) throw new Refused();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  await keep(url, response.clone());
  return (await response.json()) as Ruleset;
}

async function keptAt(url: string): Promise<Ruleset | undefined> {
  if (!("caches" in globalThis)) return undefined;
  const response = await (await caches.open(cacheName)).match(url);
  return response ? ((await response.json()) as Ruleset) : undefined;
}

async function keep(url: string, response: Response): Promise<void> {
  if (!("caches" in globalThis)) return;
  try {
    await (await caches.open(cacheName)).put(url, response);
  } catch {
    // Without the copy a reload needs the network until the first sync has brought the rules.
  }
}
