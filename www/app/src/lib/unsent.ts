import type { Store } from "orderkit";
import { download, today } from "./download";

/** Gives what was not sent to the reader as a file, which another device can bring in. */
export function saveUnsent(store: Store): void {
  download(store.exportUnsent(), `orders-unsent-${today()}.json`);
}
