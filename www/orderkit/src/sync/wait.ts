import * as engine from "../../wasm/orderkit.js";
import { anyNumber } from "../store/client.js";

/** Why a wait may end early: there is something to exchange, the network may be back, or somebody asked. */
export type Reason = "news" | "network" | "asked";

/** Waits for a time, or until something happens that ends it. What happened while nobody waited is not forgotten. */
export class Waiter {
  readonly #missed = new Set<Reason>();
  #end: ((reason: Reason) => void) | undefined;

  /** Something happened. */
  wake(reason: Reason): void {
    this.#missed.add(reason);
    this.#end?.(reason);
  }

  /** Everything that happened until now is dealt with. */
  forget(): void {
    this.#missed.clear();
  }

  /** Waits so long, or until one of the reasons. */
  wait(durationMs: number, reasons: readonly Reason[], stopped: AbortSignal): Promise<void> {
    if (stopped.aborted || reasons.some((reason) => this.#missed.has(reason))) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        stopped.removeEventListener("abort", finish);
        this.#end = undefined;
        resolve();
      };
      const timer = setTimeout(finish, durationMs);
      stopped.addEventListener("abort", finish);
      this.#end = (reason) => {
        if (reasons.includes(reason)) finish();
      };
    });
  }
}

/** The wait after so many faults in a row, as the engine spreads it. */
export function backoff(attempt: number, retryMs: { first: number; longest: number }): number {
  return engine.backoff(attempt, retryMs.first, retryMs.longest, anyNumber());
}
