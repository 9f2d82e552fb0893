import { readFile } from "node:fs/promises";
import type { Loader } from "./engine.js";

/** How Node gets a module: from the file of the package, or from where it is told. */
export function readWith(file: URL): Loader {
  return async (source) => {
    if (source === undefined) return readFile(file);
    if (typeof source !== "string" && !(source instanceof URL)) return source;
    const address = typeof source === "string" && URL.canParse(source) ? new URL(source) : source;
    if (typeof address === "string" || address.protocol === "file:") return readFile(address);
    return fetch(address);
  };
}
