import type { Page } from "@playwright/test";
import { fileURLToPath } from "node:url";
import type * as Orderkit from "orderkit";
import type { Store, StoreOptions, Sync, SyncOptions } from "orderkit";
import { usualDraft } from "../draft";
import type { SessionAnswer } from "../server";

/**
 * A page that has only the package: for what the page of the shop leaves no setting for, such as how soon a silent page loses
 * its turn. It stands on the address of a real server, so that both share one database.
 */

declare global {
  interface Window {
    bare: { store: Store; sync: Sync; orderkit: typeof Orderkit };
  }
}

const root = fileURLToPath(new URL("../../..", import.meta.url));

const html = `<!doctype html><title>bare</title>
<script type="importmap">{"imports": {"idb": "/bare/idb/build/index.js"}}</script><h1>bare</h1>`;

/** What a store and its sync begin with; waits are short, so that tests are. */
export type BareOptions = Pick<SyncOptions, "eventSource" | "pollMs" | "retryMs" | "lead"> & {
  /** False leaves the sync to be started by the test. */
  starts?: boolean;
};

/** Opens the page, and in it the copy of a user. */
export async function openBare(
  page: Page,
  url: string,
  session: SessionAnswer,
  { starts = true, ...options }: BareOptions = {},
): Promise<void> {
  await serveBare(page);
  await page.goto(`${url}/bare/`);
  await page.evaluate(begin, { session, starts, options });
}

async function serveBare(page: Page): Promise<void> {
  await page.route("**/bare/**", async (route) => {
    const path = new URL(route.request().url()).pathname.slice("/bare/".length);
    if (path === "") return route.fulfill({ contentType: "text/html", body: html });
    const folder = path.startsWith("idb/") ? "node_modules" : "www";
    return route.fulfill({ path: `${root}${folder}/${path}` });
  });
}

interface Beginning {
  session: SessionAnswer;
  starts: boolean;
  options: Partial<SyncOptions>;
}

/** Runs in the page. */
async function begin({ session, starts, options }: Beginning): Promise<void> {
  const path = "/bare/orderkit/dist/browser.js";
  const orderkit = (await import(path)) as typeof Orderkit;
  await orderkit.ready();
  const { tenant, user, role, token } = session;
  const headers = { authorization: `Bearer ${token}` };
  const ruleset = (await (
    await fetch(`/v1/${tenant}/ruleset`, { headers })
  ).json()) as StoreOptions["ruleset"];
  const actor = { user, role } as StoreOptions["actor"];
  const store = await orderkit.Store.open({ name: "orderkit", tenant, actor, ruleset });
  const sync = new orderkit.Sync(store, {
    url: `/v1/${tenant}`,
    token: () => token,
    eventSource: false,
    pollMs: 300,
    retryMs: { first: 50, longest: 200 },
    ...options,
  });
  window.bare = { store, sync, orderkit };
  if (starts) sync.start();
}

/** Places the usual order and gives its id. Whoever means it may place it often. */
export function placeBare(page: Page): Promise<string> {
  return page.evaluate(async (draft) => {
    const answer = await window.bare.store.place(draft, { isRepeat: true });
    if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
    return answer.saved.order;
  }, usualDraft());
}

/** How many commands the server has not decided. */
export const unsentOf = (page: Page) => page.evaluate(() => window.bare.store.standing().unsent);
export const stateOf = (page: Page) => page.evaluate(() => window.bare.sync.state);
