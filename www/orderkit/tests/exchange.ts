import type { Store } from "../src/node.js";
import { receive } from "../src/store/receive.js";
import { coreOf } from "../src/store/store.js";
import type { FakeServer } from "./server.js";

/** One exchange with a server, without the driver. */
export async function exchange(store: Store, server: FakeServer) {
  const core = coreOf(store);
  const body = core.client.request(1_000);
  const response = await server.fetch("/sync", { method: "POST", body: body as Uint8Array<ArrayBuffer> });
  return receive(core, new Uint8Array(await response.arrayBuffer()), () => 0);
}
