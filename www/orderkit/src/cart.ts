import { contextOf, type Known } from "./calls.js";
import type { CheckoutGlue } from "./engine.js";
import { issue, OrderkitError, refuseMisuse } from "./error.js";
import type { CartChange, Details, Draft, DraftLine, Quote, Ruleset, Totals } from "./generated/types.js";
import { parse, shapeError, stringify } from "./json.js";
import { glueOf, handleOf, rulesFor, type Rules } from "./rules.js";
import type { Outcome } from "./types.js";

/** Carts that nobody holds any more are freed, so that forgetting `dispose` costs only time. */
const forgotten = new FinalizationRegistry<() => void>((drop) => {
  drop();
});

/** What pricing gives at every key: the totals, or why there are none. */
export type Priced = Outcome<"totals", Totals>;

/**
 * A cart that stays in the engine and is priced again at every key, without passing it again.
 *
 * ```ts
 * using cart = Cart.open(draft, rules);
 * const priced = cart.setQuantity(0, 3);
 * if (priced.ok) show(priced.totals.grossMinor);
 * ```
 */
export class Cart {
  readonly #glue: CheckoutGlue;
  #rules: Rules;
  #handle: number | undefined;

  private constructor(handle: number, rules: Rules, glue: CheckoutGlue) {
    this.#handle = handle;
    this.#rules = rules;
    this.#glue = glue;
    forgotten.register(
      this,
      () => {
        glue.dropCart(handle);
      },
      this,
    );
  }

  /**
   * Puts a draft into the engine.
   *
   * @throws {@link OrderkitError} if the draft or what is known has not the documented form.
   */
  static open(draft: Draft, rules: Rules | Ruleset, known?: Known): Cart {
    const loaded = rulesFor(rules);
    const glue = glueOf(loaded);
    const answer = parse<Outcome<"cart", { handle: number }>>(
      glue.openCart(stringify(draft), contextOf(known)),
    );
    if (!answer.ok) throw new OrderkitError(answer.issues);
    return new Cart(answer.cart.handle, loaded, glue);
  }

  /** Changes the quantity of the line at a position (from 0), and prices. Text that is no number is refused in the answer. */
  setQuantity(line: number, quantity: number | string): Priced {
    const [cart, rules] = this.#handles();
    const isKnown = mayBeLine(line);
    if (typeof quantity !== "number" && typeof quantity !== "string") {
      throw shapeError("/quantity", `a number or a text is needed, not ${String(quantity)}`);
    }
    const numbers = isKnown && this.#glue.setCartQuantity(cart, rules, line, String(quantity));
    return numbers && numbers.length !== 1 ? this.#priced(numbers) : lineUnknown(line);
  }

  /** Adds a line at the end, and prices. */
  addLine(line: DraftLine): Priced {
    return this.#changed({ addLine: line });
  }

  /** Removes the line at a position (from 0), and prices. */
  removeLine(line: number): Priced {
    return mayBeLine(line) ? this.#changed({ removeLine: line }) : lineUnknown(line);
  }

  /** Adds a coupon code, and prices. */
  applyCoupon(code: string): Priced {
    return this.#changed({ applyCoupon: code });
  }

  /** Removes a coupon code, and prices. */
  removeCoupon(code: string): Priced {
    return this.#changed({ removeCoupon: code });
  }

  /** Puts other details in place of all there are (customer, address, methods, coupon codes), and prices. */
  setDetails(details: Details): Priced {
    return this.#changed({ details });
  }

  /** Tells what is known by now (the time, stock, balances), and prices. */
  setKnown(known?: Known): Priced {
    const { cart } = this.#named();
    this.#check(this.#glue.changeCart(cart, `{"context":${contextOf(known)}}`));
    return this.totals();
  }

  /** Prices by other rules from now on. */
  setRules(rules: Rules | Ruleset): Priced {
    this.#rules = rulesFor(rules, this.#glue);
    return this.totals();
  }

  /** The totals of the cart as it is. */
  totals(): Priced {
    const [cart, rules] = this.#handles();
    return this.#priced(this.#glue.cartTotals(cart, rules));
  }

  /** The whole quote, with its lines and the reason for every amount. */
  quote(): Outcome<"quote", Quote> {
    const [cart, rules] = this.#handles();
    return refuseMisuse(parse<Outcome<"quote", Quote>>(this.#glue.quoteCart(cart, rules)));
  }

  /** What is in the cart, to be validated or placed. */
  get draft(): Draft {
    const answer = parse<Outcome<"draft", Draft>>(this.#glue.cartDraft(this.#named().cart));
    if (!answer.ok) throw new OrderkitError(answer.issues);
    return answer.draft;
  }

  /** Frees the memory of the cart at once; without it, it is freed some time after nobody uses it. */
  dispose(): void {
    if (this.#handle === undefined) return;
    forgotten.unregister(this);
    this.#glue.dropCart(this.#handle);
    this.#handle = undefined;
  }

  /** The same as {@link Cart.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #changed(change: CartChange): Priced {
    const { cart } = this.#named();
    for (const [name, value] of Object.entries(change) as [string, unknown][]) {
      if (value === undefined || value === null)
        throw shapeError(`/${name}`, `${String(value)} is no change`);
    }
    const refused = this.#check(this.#glue.changeCart(cart, stringify(change)));
    return refused ?? this.totals();
  }

  /** A refusal of a change, as an answer; misuse is thrown. */
  #check(answer: string): Priced | undefined {
    const changed = refuseMisuse(parse<Outcome<"changed", null>>(answer));
    return changed.ok ? undefined : changed;
  }

  #priced(numbers: Float64Array): Priced {
    if (numbers.length === 0) {
      const answer = this.quote();
      return answer.ok ? { ok: true, totals: answer.quote.totals } : answer;
    }
    return { ok: true, totals: totalsOf(numbers) };
  }

  #named(): { cart: number } {
    if (this.#handle === undefined) throw new OrderkitError([issue("cart_disposed")]);
    return { cart: this.#handle };
  }

  #handles(): [cart: number, rules: number] {
    return [this.#named().cart, handleOf(this.#rules)];
  }
}

/** One more than the positions that the engine can be asked for. */
const POSITIONS = 2 ** 32;

/** Whether a line can be at this position; what is no position at all is misuse. */
function mayBeLine(line: number): boolean {
  if (!Number.isSafeInteger(line)) {
    throw shapeError("/line", `the position of a line is a whole number, not ${String(line)}`);
  }
  return line >= 0 && line < POSITIONS;
}

function lineUnknown(line: number): Priced {
  return { ok: false, issues: [{ code: "line_unknown", path: `/lines/${line}`, args: { line: line + 1 } }] };
}

/** The sums in the order in which the engine gives them. */
function totalsOf(numbers: Float64Array): Totals {
  const at = (index: number) => numbers[index] ?? 0;
  const totals: Totals = {
    itemsMinor: at(0),
    discountMinor: at(1),
    allowanceMinor: at(2),
    chargeMinor: at(3),
    shippingMinor: at(4),
    netMinor: at(5),
    taxMinor: at(6),
    grossMinor: at(7),
    payableMinor: at(9),
  };
  if (at(8) !== 0) totals.cashRoundingMinor = at(8);
  return totals;
}
