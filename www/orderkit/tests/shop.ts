import { readFileSync } from "node:fs";
import type { Actor, Draft, Ruleset } from "../src/index.js";
import { ready, Store } from "../src/node.js";

/** The demo shop. */
export const ruleset = JSON.parse(
  readFileSync(new URL("../../../examples/ruleset.json", import.meta.url), "utf8"),
) as Ruleset;

export const staff: Actor = { user: "staff", role: "staff" };

/** A time at which the demo shop's promotions stand still. */
export const nowMs = Date.UTC(2026, 5, 1, 12);

/** A draft that the demo shop takes. */
export function draft(quantity = "2"): Draft {
  const shippingMethod = ruleset.shippingMethods?.[0]?.id;
  const paymentMethod = ruleset.paymentMethods?.[0]?.id;
  return {
    lines: [{ sku: "85123A", quantity }],
    details: {
      customer: { name: "Ada Example", email: "ada@example.org" },
      shippingAddress: { street: ["1 Example Street"], city: "London", postcode: "EC1A 1BB", country: "GB" },
      ...(shippingMethod === undefined ? {} : { shippingMethod }),
      ...(paymentMethod === undefined ? {} : { paymentMethod }),
    },
  };
}

let databases = 0;

/** A name that no other test uses. */
export function freshName(): string {
  databases += 1;
  return `test-${databases}`;
}

export async function openStore(name: string = freshName(), actor: Actor = staff): Promise<Store> {
  await ready();
  return Store.open({ name, tenant: "main", actor, ruleset });
}

/** The number a store saved under, or the reasons why not as a failure. */
export async function placed(
  store: Store,
  quantity = "2",
): Promise<{ n: number; order: string; number?: string }> {
  const answer = await store.place(draft(quantity), { isRepeat: true });
  if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
  return answer.saved;
}

/** Waits until something holds. */
export async function until(holds: () => boolean, what = "what was waited for"): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${what} did not happen`);
}
