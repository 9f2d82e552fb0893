import { loadWith } from "./engine.js";
import "./message.js"; // gives errors their sentences

loadWith(async (source) => {
  // Bundlers know this form and ship the file; where one does not, pass the address to `ready`.
  if (source === undefined) return fetch(new URL("../wasm/orderkit_bg.wasm", import.meta.url));
  return typeof source === "string" || source instanceof URL ? fetch(source) : source;
});

export * from "./index.js";
