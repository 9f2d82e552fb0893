import type { Store } from "../store/store.js";
import type { SyncOptions, SyncState } from "./state.js";

/** Exchanges commands and changes with the server. */
export class Sync {
  #state: SyncState = { status: "stopped", leader: false };
  constructor(_store: Store, _options: SyncOptions) {}
  start(): void {}
  stop(): void {}
  syncNow(): Promise<SyncState> {
    return Promise.resolve(this.#state);
  }
  get state(): SyncState {
    return this.#state;
  }
  subscribe(_listener: (state: SyncState) => void): () => void {
    return () => undefined;
  }
}
