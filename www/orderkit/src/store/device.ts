import type { DeviceState } from "../generated/types.js";
import { host } from "../host.js";
import type { Issue } from "../types.js";
import type { Progress } from "./client.js";

/** Room on the device changes slowly, and asking for it takes time. */
const MEASURE_EVERY_MS = 60_000;

/**
 * What is known of the device: its clock beside the server's, and how its storage fares. What of it is trouble is decided
 * by the rules and not here.
 */
export class Device {
  persisted: boolean | undefined;
  #usedBytes: number | undefined;
  #quotaBytes: number | undefined;
  #measuredMs = 0;
  /** Why the last write failed, and since when writes fail so. */
  #failure: { code: Issue["code"]; sinceMs: number } | undefined;

  /** Notes how a write ended; says whether that is news. */
  wrote(failed: Issue | undefined): boolean {
    const before = this.#failure;
    if (failed === undefined) {
      this.#failure = undefined;
    } else if (failed.code === "storage_full" || failed.code === "storage_failed") {
      this.#failure = { code: failed.code, sinceMs: before?.sinceMs ?? Date.now() };
    }
    return before?.code !== this.#failure?.code;
  }

  /** Asks the browser how much room there is, unless it was asked a moment ago. */
  async measure(): Promise<void> {
    if (Date.now() - this.#measuredMs < MEASURE_EVERY_MS) return;
    this.#measuredMs = Date.now();
    try {
      const estimate = await host.navigator?.storage?.estimate?.();
      this.#usedBytes = estimate?.usage;
      this.#quotaBytes = estimate?.quota;
    } catch {
      // Some browsers refuse to say; then nothing is known.
    }
  }

  state({ lastSyncMs, serverMs, damagedMs }: Progress): DeviceState {
    const failedMs = this.#failure?.sinceMs;
    const isFull = this.#failure?.code === "storage_full";
    return {
      ...some("contactMs", lastSyncMs),
      ...some("serverMs", serverMs),
      ...some("damagedMs", damagedMs),
      ...(this.persisted === undefined ? {} : { isPersisted: this.persisted }),
      ...some("usedBytes", this.#usedBytes),
      ...some("quotaBytes", this.#quotaBytes),
      ...some(isFull ? "fullMs" : "failedMs", failedMs),
    };
  }
}

function some<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return (value === undefined ? {} : { [key]: Math.trunc(value) }) as Partial<Record<K, number>>;
}
