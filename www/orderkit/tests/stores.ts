import { openDB } from "idb";
import { afterEach } from "vitest";
import type { Store } from "../src/node.js";
import type { Tables } from "../src/store/database.js";
import { exchange } from "./exchange.js";
import { FakeServer } from "./server.js";
import { freshName, openStore, placed, staff } from "./shop.js";

const stores: Store[] = [];

/** A store that is closed after the test. */
export async function open(name?: string, actor = staff): Promise<Store> {
  const store = await openStore(name, actor);
  stores.push(store);
  return store;
}

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

/** The database of a store, as it is stored. */
export function raw(name: string) {
  return openDB<Tables>(`${name}/main/staff`);
}

/** A name under which a confirmed order is stored, and no store is open. */
export async function closed() {
  const name = freshName();
  const server = new FakeServer();
  const store = await open(name);
  const { order } = await placed(store);
  await exchange(store, server);
  await store.close();
  return { name, server, order };
}
