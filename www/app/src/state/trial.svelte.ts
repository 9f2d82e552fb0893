import type { Context, Draft, Explanation, Language, Product } from "orderkit";
import { compared, explained, priced, quoteOf, roundingVariants, trialOf, type Trial } from "../lib/trial";
import { clock } from "./clock.svelte";
import type { RulesEditor } from "./rules.svelte";

/** The cart that the rules are tried on: what it costs now, and what it would cost. */

export class TrialState {
  readonly editor: RulesEditor;
  trial = $state<Trial>({
    lines: [],
    coupons: [],
    country: "",
    shippingMethod: "",
    groups: [],
  });

  #mine: Trial | undefined;
  readonly #cart: Trial = $derived($state.snapshot(this.trial));
  readonly old = $derived.by(() => priced(this.#cart, this.editor.shop.rules, clock.nowMs));
  readonly now = $derived.by(() =>
    this.editor.rules ? priced(this.#cart, this.editor.rules, clock.nowMs) : undefined,
  );
  readonly rows = $derived(compared(quoteOf(this.old), quoteOf(this.now)));

  constructor(editor: RulesEditor) {
    this.editor = editor;
    const { homeCountry, shippingMethods = [], products = [] } = editor.ruleset;
    this.trial.country = homeCountry;
    this.trial.shippingMethod = shippingMethods[0]?.id ?? "";
    // Something to look at from the start.
    this.trial.lines = products.slice(0, 2).map((product) => ({
      sku: product.sku,
      quantity: leastOf(product),
    }));
  }

  /** Totals under every way of rounding; only asked for when they are looked at. */
  roundings() {
    const { rules } = this.editor;
    if (!rules) return [];
    return roundingVariants(rules).map(({ level, mode, rules: variant }) => {
      const totals = quoteOf(priced(this.#cart, variant, clock.nowMs))?.totals;
      return { level, mode, grossMinor: totals?.grossMinor, taxMinor: totals?.taxMinor };
    });
  }

  /** Why it costs what it does under the rules in force, or under the edited ones. */
  explanations(side: "old" | "now", language: Language): Explanation[] {
    const rules = side === "old" ? this.editor.shop.rules : this.editor.rules;
    return rules && quoteOf(this[side]) ? explained(this.#cart, rules, language, clock.nowMs) : [];
  }

  product(sku: string): Product | undefined {
    const of = (products: Product[] | undefined) => products?.find((product) => product.sku === sku);
    return of(this.editor.ruleset.products) ?? of(this.editor.shop.ruleset.products);
  }

  add(sku: string): void {
    const product = this.product(sku);
    if (!product || this.trial.lines.some((line) => line.sku === sku)) return;
    this.trial.lines.push({ sku, quantity: leastOf(product) });
  }

  remove(sku: string): void {
    this.trial.lines = this.trial.lines.filter((line) => line.sku !== sku);
  }

  /** Takes the cart of a finding; one's own is put aside. */
  fill(draft: Draft, context: Context = { nowMs: clock.nowMs }): void {
    if (!this.trial.example) this.#mine = $state.snapshot(this.trial);
    this.trial = trialOf(draft, context, this.editor.ruleset.homeCountry);
  }

  /** One's own cart again. */
  restore(): void {
    if (this.#mine) this.trial = this.#mine;
    this.#mine = undefined;
  }
}

function leastOf(product: Product): string {
  return product.minimumQuantity ?? product.quantityStep ?? "1";
}
