import { registerSW } from "virtual:pwa-register";

/** A newer build of the page. It is taken when the reader says so: a form may be half filled in. */
class Update {
  isWaiting = $state(false);
  readonly #apply: (reload?: boolean) => Promise<void>;

  constructor() {
    this.#apply = registerSW({ onNeedRefresh: () => (this.isWaiting = true) });
  }

  take(): void {
    void this.#apply(true);
  }

  later(): void {
    this.isWaiting = false;
  }
}

export const update = new Update();
