import { tick } from "svelte";
import { OrderkitError, ready, type Issue, type Role } from "orderkit";
import { Refused } from "./ruleset";
import { forget, keep, kept, keptAs, leave, signInAs, signInWith, type Session } from "./session";
import { Shop } from "./shop.svelte";

/** From nothing to an open shop: load the rules' code, find out who is here, open their store. */

export type Phase =
  | { name: "starting" }
  | { name: "signIn"; problem?: "invalid" | "offline" }
  | { name: "unreachable" }
  /** The engine or the storage does not work in this browser, or not now. */
  | { name: "failed"; issue: Issue }
  /** A newer build of the page has been here, or is here in part. */
  | { name: "outdated" }
  | { name: "ready"; shop: Shop };

class Boot {
  phase = $state.raw<Phase>({ name: "starting" });
  /** Whether the server lets people choose their role. */
  isOpen = $state(true);
  #hasBegun = false;

  /** Starts once: a page that needs no shop does not open one. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    void this.start();
  }

  async start(): Promise<void> {
    this.phase = { name: "starting" };
    try {
      await ready();
    } catch (error) {
      this.phase = failure(error);
      return;
    }
    const session = kept();
    if (session) await this.#open(session);
    else await this.switchTo("customer");
  }

  async switchTo(role: Role): Promise<void> {
    const known = keptAs(role, Date.now());
    if (known) return this.#open(known);
    const answer = await signInAs(role);
    if (answer.ok) await this.#open(answer.session);
    else if (answer.why === "closed") {
      this.isOpen = false;
      this.phase = { name: "signIn" };
    } else if (this.phase.name !== "ready") {
      this.phase = { name: "unreachable" };
    }
  }

  async useToken(token: string): Promise<void> {
    const answer = await signInWith(token);
    if (answer.ok) await this.#open(answer.session);
    else this.phase = { name: "signIn", problem: answer.why === "offline" ? "offline" : "invalid" };
  }

  /** Leaves; what is stored of the user stays for the next sign-in. */
  signOut(): void {
    const session = kept();
    forget();
    if (session) void leave(session);
    this.#enter({ name: "signIn" });
  }

  async #open(session: Session): Promise<void> {
    try {
      const shop = await Shop.open(session);
      keep(session);
      this.#enter({ name: "ready", shop });
    } catch (error) {
      if (error instanceof Refused) {
        forget();
        this.#enter({ name: "signIn", problem: "invalid" });
      } else if (error instanceof OrderkitError) {
        this.#enter(failure(error));
      } else {
        this.#enter({ name: "unreachable" });
      }
    }
  }

  /** The old shop is closed only when nothing on the page reads it any more. */
  #enter(phase: Phase): void {
    const old = this.phase;
    this.phase = phase;
    if (old.name === "ready")
      void tick().then(() => {
        old.shop.close();
      });
  }
}

function failure(error: unknown): Phase {
  const issue = error instanceof OrderkitError ? error.issues[0] : undefined;
  if (issue?.code === "store_closed" || issue?.code === "module_outdated") return { name: "outdated" };
  const unknown: Issue = { code: "module_failed", path: "", args: { reason: String(error) } };
  return { name: "failed", issue: issue ?? unknown };
}

export const boot = new Boot();
