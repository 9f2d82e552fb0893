import type { Route } from "./route.svelte";
import type { Shop } from "./shop.svelte";

const READING: Route = { name: "reading" };

/** Which page is shown: the one asked for, once its order is read from the device; until then the one before. */
export class Shown {
  #last: Route | undefined;

  of(asked: Route, shop: Pick<Shop, "order" | "row"> | undefined): Route {
    // Without a copy no order is shown, and nothing has to be read.
    if (shop === undefined) return asked;
    const id = "id" in asked ? asked.id : undefined;
    const isBeingRead = id !== undefined && shop.order(id) === undefined && shop.row(id) !== undefined;
    if (!isBeingRead) return (this.#last = asked);
    const last = this.#last ?? READING;
    return "id" in last && last.id === id ? READING : last;
  }
}
