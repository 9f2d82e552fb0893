import { dropRules, loadRules } from "../wasm/orderkit.js";
import { assertReady } from "./engine.js";
import { issue, OrderkitError } from "./error.js";
import type { Ruleset } from "./generated/types.js";
import { decode, encode, encodeText } from "./json.js";
import type { Outcome } from "./types.js";

/** Rules that nobody holds any more are freed, so that forgetting `dispose` costs only time. */
const forgotten = new FinalizationRegistry<number>((handle) => {
  dropRules(handle);
});

let handleIn: (rules: Rules) => number | undefined;

/** A shop's rules, checked and indexed. */
export class Rules {
  /** The name of this version. */
  readonly version: string;
  /** SHA-256 of the rules in canonical form. */
  readonly digest: string;
  #handle: number | undefined;
  #ruleset: Ruleset | string;

  static {
    handleIn = (rules) => rules.#handle;
  }

  private constructor(loaded: Loaded, ruleset: Ruleset | string) {
    this.version = loaded.version;
    this.digest = loaded.digest;
    this.#handle = loaded.handle;
    this.#ruleset = ruleset;
    forgotten.register(this, loaded.handle, this);
  }

  /**
   * Loads rules from an object or from JSON.
   *
   * @throws {@link OrderkitError} with every reason if the rules are not usable.
   */
  static load(ruleset: Ruleset | string | Uint8Array): Rules {
    assertReady();
    const isBytes = ruleset instanceof Uint8Array;
    const bytes = isBytes ? ruleset : typeof ruleset === "string" ? encodeText(ruleset) : encode(ruleset);
    const answer = decode<Outcome<"rules", Loaded>>(loadRules(bytes));
    if (!answer.ok) throw new OrderkitError(answer.issues);
    return new Rules(answer.rules, isBytes ? new TextDecoder().decode(ruleset) : ruleset);
  }

  /** The rules as data. */
  get ruleset(): Ruleset {
    if (typeof this.#ruleset === "string") this.#ruleset = JSON.parse(this.#ruleset) as Ruleset;
    return this.#ruleset;
  }

  /** Frees the memory of the rules at once; without it they are freed some time after nobody uses them. */
  dispose(): void {
    if (this.#handle === undefined) return;
    forgotten.unregister(this);
    dropRules(this.#handle);
    this.#handle = undefined;
  }

  /** The same as {@link Rules.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

interface Loaded {
  handle: number;
  version: string;
  digest: string;
}

const compiled = new WeakMap<Ruleset, Rules>();

/** The handle of rules; a plain ruleset is compiled when it is first seen. */
export function handleOf(rules: Rules | Ruleset): number {
  assertReady();
  const handle = handleIn(rules instanceof Rules ? rules : compile(rules));
  if (handle === undefined) throw new OrderkitError([issue("rules_disposed")]);
  return handle;
}

function compile(ruleset: Ruleset): Rules {
  let rules = compiled.get(ruleset);
  if (rules === undefined) {
    rules = Rules.load(ruleset);
    compiled.set(ruleset, rules);
  }
  return rules;
}
