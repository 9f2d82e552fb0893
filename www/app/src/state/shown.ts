import type { Route } from "./route.svelte";
import type { Shop } from "./shop.svelte";

/** Which page is shown: the one asked for, once its order is read from the device; until then the one before. */
export class Shown {
  #last: Route | undefined;

  of(asked: Route, shop: Pick<Shop, "order" | "row"> | undefined): Route {
    const id = "id" in asked ? asked.id : undefined;
    const isBeingRead =
      id !== undefined && shop !== undefined && shop.order(id) === undefined && shop.row(id) !== undefined;
    if (!isBeingRead) this.#last = asked;
    return this.#last ?? { name: "reading" };
  }
}
