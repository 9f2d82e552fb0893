import { host } from "./host.js";

/** Those who want to be told. One that throws keeps nobody else from being told, and nothing from being done. */
export class Listeners<A extends unknown[]> {
  readonly #all = new Set<(...news: A) => void>();

  /** Gives what ends it. */
  add(listener: (...news: A) => void): () => void {
    this.#all.add(listener);
    return () => {
      this.#all.delete(listener);
    };
  }

  tell(...news: A): void {
    for (const listener of [...this.#all]) {
      try {
        listener(...news);
      } catch (cause) {
        report(cause);
      }
    }
  }

  clear(): void {
    this.#all.clear();
  }
}

/** As if nobody had caught it: it is a fault of the listener, to be seen where such faults are seen. */
function report(cause: unknown): void {
  if (host.reportError !== undefined) host.reportError(cause);
  else
    setTimeout(() => {
      throw cause;
    });
}
