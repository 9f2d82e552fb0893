import { currentGlue, type CheckoutGlue } from "./engine.js";
import { issue, OrderkitError } from "./error.js";
import type { Ruleset } from "./generated/types.js";
import { decode, encode, encodeText } from "./json.js";
import type { Outcome } from "./types.js";

/** Rules that nobody holds any more are freed, so that forgetting `dispose` costs only time. */
const forgotten = new FinalizationRegistry<() => void>((drop) => {
  drop();
});

let handleIn: (rules: Rules) => number | undefined;
let glueIn: (rules: Rules) => CheckoutGlue;
let loadWith: (ruleset: Ruleset | string | Uint8Array, glue: CheckoutGlue) => Rules;

/** A shop's rules, checked and indexed. */
export class Rules {
  /** The name of this version. */
  readonly version: string;
  /** SHA-256 of the rules in canonical form. */
  readonly digest: string;
  /** The module that holds them. */
  readonly #glue: CheckoutGlue;
  #handle: number | undefined;
  #ruleset: Ruleset | string;

  static {
    handleIn = (rules) => rules.#handle;
    glueIn = (rules) => rules.#glue;
    loadWith = (ruleset, glue) => Rules.#load(ruleset, glue);
  }

  private constructor(loaded: Loaded, ruleset: Ruleset | string, glue: CheckoutGlue) {
    this.version = loaded.version;
    this.digest = loaded.digest;
    this.#handle = loaded.handle;
    this.#ruleset = ruleset;
    this.#glue = glue;
    const { handle } = loaded;
    forgotten.register(
      this,
      () => {
        glue.dropRules(handle);
      },
      this,
    );
  }

  /**
   * Loads rules from an object or from JSON.
   *
   * @throws {@link OrderkitError} with every reason if the rules are not usable.
   */
  static load(ruleset: Ruleset | string | Uint8Array): Rules {
    return Rules.#load(ruleset, currentGlue());
  }

  static #load(ruleset: Ruleset | string | Uint8Array, glue: CheckoutGlue): Rules {
    const isBytes = ruleset instanceof Uint8Array;
    const bytes = isBytes ? ruleset : typeof ruleset === "string" ? encodeText(ruleset) : encode(ruleset);
    const answer = decode<Outcome<"rules", Loaded>>(glue.loadRules(bytes));
    if (!answer.ok) throw new OrderkitError(answer.issues);
    return new Rules(answer.rules, isBytes ? new TextDecoder().decode(ruleset) : ruleset, glue);
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
    this.#glue.dropRules(this.#handle);
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

/** The plain rulesets that each module has compiled. */
const compiled = new WeakMap<CheckoutGlue, WeakMap<Ruleset, Rules>>();

/** Rules for a module (whichever there is, if none is named); a plain ruleset is compiled when it is first seen. */
export function rulesFor(rules: Rules | Ruleset, glue?: CheckoutGlue): Rules {
  if (!(rules instanceof Rules)) return compile(rules, glue ?? currentGlue());
  // Both modules are loaded, and the rules were loaded by the other one.
  return glue === undefined || glueIn(rules) === glue ? rules : compile(rules.ruleset, glue);
}

/** The module that holds rules. */
export function glueOf(rules: Rules): CheckoutGlue {
  return glueIn(rules);
}

/** The handle of rules in their module. */
export function handleOf(rules: Rules): number {
  const handle = handleIn(rules);
  if (handle === undefined) throw new OrderkitError([issue("rules_disposed")]);
  return handle;
}

function compile(ruleset: Ruleset, glue: CheckoutGlue): Rules {
  let known = compiled.get(glue);
  if (known === undefined) {
    known = new WeakMap();
    compiled.set(glue, known);
  }
  let rules = known.get(ruleset);
  if (rules === undefined) {
    rules = loadWith(ruleset, glue);
    known.set(ruleset, rules);
  }
  return rules;
}
