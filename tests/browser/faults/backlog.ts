import type { Page } from "@playwright/test";
import { usualDraft } from "../draft";

/** Times in which a page could not answer its user, in milliseconds. */
export async function watchTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { tasks: [] as number[] };
    Object.assign(globalThis, { longTasks: seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.tasks.push(Math.round(duration));
    }).observe({ type: "longtask", buffered: true });
  });
}

/** The long tasks since this was asked last. */
export const longTasks = (page: Page) =>
  page.evaluate(() => {
    const seen = (globalThis as unknown as { longTasks: { tasks: number[] } }).longTasks;
    return seen.tasks.splice(0);
  });

/** Brings in so many orders that were never sent, as they were given over two weeks. */
export function seed(page: Page, count: number): Promise<{ imported: number; tookMs: number }> {
  const asked = { wanted: count, draft: usualDraft() };
  return page.evaluate(async ({ wanted, draft }) => {
    const { store, orderkit } = window.bare;
    const priced = orderkit.quote(draft, store.rules, store.known);
    if (!priced.ok) throw new Error("no price");
    const expect = {
      totalMinor: priced.quote.totals.grossMinor,
      rulesetDigest: priced.quote.rulesetDigest,
      payableMinor: priced.quote.totals.payableMinor,
    };
    const file = JSON.parse(store.exportUnsent()) as { commands: object[] };
    const nowMs = Date.now();
    const apartMs = (14 * 24 * 60 * 60 * 1_000) / wanted;
    file.commands = Array.from({ length: wanted }, (_, at) => ({
      n: at + 1,
      id: orderkit.newId(),
      order: orderkit.newId(),
      kind: "place@1",
      base: 0,
      atMs: Math.round(nowMs - (wanted - at) * apartMs),
      args: { draft, expect, isRepeat: true },
    }));
    const text = JSON.stringify(file);
    const began = performance.now();
    const answer = await store.importUnsent(text);
    if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
    return { imported: answer.imported.imported, tookMs: Math.round(performance.now() - began) };
  }, asked);
}
