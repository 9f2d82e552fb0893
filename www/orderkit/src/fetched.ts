import type { Loader } from "./engine.js";

/** How a browser gets a module: from beside the package, or from where it is told. */
export function fetched(beside: () => URL): Loader {
  return async (source) => {
    if (source === undefined) return fetch(beside());
    return typeof source === "string" || source instanceof URL ? fetch(source) : source;
  };
}
