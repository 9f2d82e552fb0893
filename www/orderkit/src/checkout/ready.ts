import type { WasmSource } from "../engine.js";
import { checkout } from "./engine.js";

/**
 * Loads the small engine. Call it once before everything else; more calls cost nothing and answer when the first does.
 * After a failure the next call tries again.
 */
export function ready(options: { wasm?: WasmSource } = {}): Promise<void> {
  return checkout.ready(options.wasm);
}
