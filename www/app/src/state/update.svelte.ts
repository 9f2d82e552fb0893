import { registerSW } from "virtual:pwa-register";

/** The worker that keeps the page for when there is no network. */
const WORKER = "/sw.js";

/**
 * A newer build of the page. It is taken when the reader says so: a form may be half filled in. A shop may also take its page
 * back from the devices that keep it; then nothing is kept from here on.
 */
class Update {
  isWaiting = $state(false);
  #apply: ((reload?: boolean) => Promise<void>) | undefined;

  constructor() {
    void this.#begin();
  }

  async #begin(): Promise<void> {
    if (await isRetired()) return;
    this.#apply = registerSW({ onNeedRefresh: () => (this.isWaiting = true) });
  }

  take(): void {
    void this.#apply?.(true);
  }

  later(): void {
    this.isWaiting = false;
  }

  /** Loads the page anew, and the newest build of it if there is one to be had. */
  async renew(): Promise<void> {
    try {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.update();
      if (registration?.installing) await ready(registration.installing);
      if (registration?.waiting) await takeOver(registration.waiting);
    } catch {
      // Without a network, or without such workers, what is here is loaded again.
    }
    location.reload();
  }
}

/** Whether the shop takes its page back: it says so where the worker is. */
async function isRetired(): Promise<boolean> {
  try {
    const answer = await fetch(WORKER, { method: "HEAD", cache: "no-store" });
    return answer.headers.get("orderkit-page") === "retired";
  } catch {
    return false;
  }
}

/** When a new worker has everything that it keeps, or could not get it. */
function ready(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (worker.state !== "installing") resolve();
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

/** Makes a worker that waits the one that counts. */
function takeOver(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener(
      "controllerchange",
      () => {
        resolve();
      },
      { once: true },
    );
    worker.postMessage({ type: "SKIP_WAITING" });
  });
}

export const update = new Update();
