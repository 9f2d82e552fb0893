import type { Page } from "@playwright/test";

/** Changes stored orders behind the back of the page, as somebody at the device could. */

interface Options {
  /** Leaves the checksum as it was, as a broken disk does; somebody who knows the format makes it anew. */
  keepsChecksum?: boolean;
}

/** Replaces a text by another of the same length in every stored page of orders. */
export async function tamper(
  page: Page,
  before: string,
  after: string,
  options: Options = {},
): Promise<void> {
  const changed = await page.evaluate(change, {
    before,
    after,
    keepsChecksum: options.keepsChecksum === true,
  });
  if (changed === 0) throw new Error(`no stored order says ${before}`);
}

/** Runs in the page; a page of orders is a head of 24 bytes, with the count at 8 and the checksum of the rest at 16. */
async function change(wish: { before: string; after: string; keepsChecksum: boolean }): Promise<number> {
  const mask = (1n << 64n) - 1n;
  const primes = [
    11400714785074694791n,
    14029467366897019727n,
    1609587929392839161n,
    9650029242287828579n,
    2870177450012600261n,
  ] as const;
  const [p1, p2, p3, p4, p5] = primes;
  const turn = (value: bigint, by: bigint) => ((value << by) | (value >> (64n - by))) & mask;
  const round = (state: bigint, lane: bigint) => (turn((state + lane * p2) & mask, 31n) * p1) & mask;

  /** XXH64 as its specification has it. */
  function xxh64(bytes: Uint8Array, seed: bigint): bigint {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lane = (at: number) => view.getBigUint64(at, true);
    let at = 0;
    let hash: bigint;
    if (bytes.length >= 32) {
      const states = [seed + p1 + p2, seed + p2, seed, seed - p1].map((it) => it & mask);
      for (; at + 32 <= bytes.length; at += 32) {
        states.forEach((state, index) => (states[index] = round(state, lane(at + 8 * index))));
      }
      hash = [1n, 7n, 12n, 18n].reduce((sum, by, index) => sum + turn(states[index] ?? 0n, by), 0n) & mask;
      for (const state of states) hash = ((hash ^ round(0n, state)) * p1 + p4) & mask;
    } else {
      hash = (seed + p5) & mask;
    }
    hash = (hash + BigInt(bytes.length)) & mask;
    for (; at + 8 <= bytes.length; at += 8) hash = (turn(hash ^ round(0n, lane(at)), 27n) * p1 + p4) & mask;
    if (at + 4 <= bytes.length) {
      hash = (turn(hash ^ ((BigInt(view.getUint32(at, true)) * p1) & mask), 23n) * p2 + p3) & mask;
      at += 4;
    }
    for (; at < bytes.length; at += 1) {
      hash = (turn(hash ^ ((BigInt(view.getUint8(at)) * p5) & mask), 11n) * p1) & mask;
    }
    hash = ((hash ^ (hash >> 33n)) * p2) & mask;
    hash = ((hash ^ (hash >> 29n)) * p3) & mask;
    return hash ^ (hash >> 32n);
  }

  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(new Error(String(request.error)));
      };
    });
  const texts = {
    before: new TextEncoder().encode(wish.before),
    after: new TextEncoder().encode(wish.after),
  };

  /** How often the text stood in a page; the page is changed in place. */
  function replaced(stored: Uint8Array): number {
    let count = 0;
    for (let at = 24; at + texts.before.length <= stored.length; at += 1) {
      if (!texts.before.every((byte, index) => stored[at + index] === byte)) continue;
      stored.set(texts.after, at);
      count += 1;
    }
    if (count > 0 && !wish.keepsChecksum) {
      const head = new DataView(stored.buffer, stored.byteOffset, 24);
      head.setBigUint64(16, xxh64(stored.subarray(24), BigInt(head.getUint32(8, true))), true);
    }
    return count;
  }

  let changed = 0;
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith("orderkit/") !== true) continue;
    const database = await asked(indexedDB.open(name));
    for (const table of ["rows", "logs"]) {
      const store = database.transaction(table, "readwrite").objectStore(table);
      const [keys, pages] = await Promise.all([
        asked(store.getAllKeys()),
        asked(store.getAll() as IDBRequest<Uint8Array[]>),
      ]);
      for (const [index, stored] of pages.entries()) {
        const count = replaced(stored);
        const key = keys[index];
        if (count > 0 && key !== undefined) await asked(store.put(stored, key));
        changed += count;
      }
    }
    database.close();
  }
  return changed;
}
