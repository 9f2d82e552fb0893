import { createSubscriber } from "svelte/reactivity";

/** The time, for "3 minutes ago" and for coupons that end: it moves on twice a minute while shown. */
class Clock {
  #follow = createSubscriber((update) => {
    const timer = setInterval(update, 30_000);
    return () => {
      clearInterval(timer);
    };
  });

  get nowMs(): number {
    this.#follow();
    return Date.now();
  }
}

export const clock = new Clock();
