import { newId } from "orderkit";

/** The key of a request that must be done once: the same as long as the same is sent, as after an answer that got lost. */
export class Once {
  #key = "";
  #sent = "";

  keyOf(body: unknown): string {
    const text = JSON.stringify(body);
    if (text !== this.#sent) this.#key = newId();
    this.#sent = text;
    return this.#key;
  }

  /** The server has said what became of it: whatever comes next is another request. */
  settle(): void {
    this.#sent = "";
  }
}
