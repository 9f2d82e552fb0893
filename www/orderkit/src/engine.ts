import init from "../wasm/orderkit.js";
import { issue, OrderkitError } from "./error.js";

/** Where the module comes from: its bytes, a response that brings them, or an address. */
export type WasmSource = BufferSource | Response | URL | string;

/** What each host does to get the module. */
export type Loader = (source: WasmSource | undefined) => Promise<BufferSource | Response>;

let loader: Loader | undefined;
let loading: Promise<void> | undefined;
let loaded = false;

/** Says how this host gets the module; called by the entry of each host. */
export function loadWith(hostLoader: Loader): void {
  loader = hostLoader;
}

/**
 * Loads the engine. Call it once before everything else; more calls cost nothing and answer when the first does. After
 * a failure the next call tries again.
 */
export function ready(options: { wasm?: WasmSource } = {}): Promise<void> {
  loading ??= load(options.wasm).catch((cause: unknown) => {
    loading = undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OrderkitError([issue("module_failed", { reason })], { cause });
  });
  return loading;
}

async function load(source: WasmSource | undefined): Promise<void> {
  if (loader === undefined) throw new Error("no entry of the package was loaded");
  await init({ module_or_path: await loader(source) });
  loaded = true;
}

/** Whether the engine is loaded. */
export function isReady(): boolean {
  return loaded;
}

/** Without this, a forgotten `ready()` would end in an error about `undefined`. */
export function assertReady(): void {
  if (!loaded) throw new OrderkitError([issue("not_ready")]);
}
