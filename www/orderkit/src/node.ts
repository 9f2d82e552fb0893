import { readFile } from "node:fs/promises";
import { loadWith } from "./engine.js";
import "./message.js"; // gives errors their sentences

loadWith(async (source) => {
  if (source === undefined) return readFile(new URL("../wasm/orderkit_bg.wasm", import.meta.url));
  if (typeof source !== "string" && !(source instanceof URL)) return source;
  const address = source instanceof URL || !URL.canParse(source) ? source : new URL(source);
  if (typeof address === "string" || address.protocol === "file:") return readFile(address);
  return fetch(address);
});

export * from "./index.js";
