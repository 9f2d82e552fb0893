// What both adapters share: a cart of the peer benchmark priced through the public functions of the package.
//
// What is timed: the draft is made of the cart, crosses into the module as JSON, is read, priced and written there, and the whole
// answer (totals, every line, every discount's shares, tax summary and trace) is parsed back. Nothing is kept from call to call but
// the shop's rules: they do not change from cart to cart, so each distinct set of promotions and shipping is loaded once and found
// again by a signature. All data of lines crosses on every call; names do not, because no peer reads them.

/** The tax classes of the shop: its rates in parts per million. */
const RATES_PPM = [250_000, 120_000, 60_000, 0, 88_750];

/** Cents as a decimal text of major units. */
function majorUnits(cents) {
  const fraction = cents % 100;
  return `${(cents - fraction) / 100}.${fraction < 10 ? "0" : ""}${fraction}`;
}

const percent = (ppm) => String(ppm / 10_000);
const taxClass = (ppm) => `rate-${ppm}`;

/** Drafts ask for the coupon of the cart; nothing else of them differs. */
const COUPON = "SAVE";

function draftOf(cart) {
  return {
    lines: cart.lines.map((line) => ({
      id: line.id,
      sku: line.sku,
      quantity: String(line.qty),
      unitPrice: majorUnits(line.unitPrice),
      taxClass: taxClass(line.ratePpm),
    })),
    details: cart.coupon
      ? { shippingMethod: cart.shipping.method, couponCodes: [COUPON] }
      : { shippingMethod: cart.shipping.method },
  };
}

/** The part of a cart that the shop decides. */
function signature({ taxInclusive, coupon, orderDiscount, tiers, shipping }) {
  let text = `${taxInclusive} ${coupon?.ppm} ${orderDiscount?.amount}`;
  for (const tier of tiers) text += ` ${tier.spend}:${tier.save}`;
  return `${text} ${shipping.price} ${shipping.ratePpm} ${shipping.freeFrom}`;
}

function rulesetOf(cart) {
  const { shipping } = cart;
  const name = { en: shipping.method };
  return {
    version: signature(cart),
    name: { en: "Shop" },
    currency: cart.currency,
    homeCountry: "DE",
    priceBasis: cart.taxInclusive ? "taxInclusive" : "taxExclusive",
    priceSource: "draft",
    rounding: { level: "line", mode: "halfUp", target: "net" },
    promotions: promotionsOf(cart),
    shippingMethods: [
      {
        id: shipping.method,
        name,
        priceMinor: shipping.price,
        freeOverMinor: shipping.freeFrom,
        taxClass: taxClass(shipping.ratePpm),
      },
    ],
    taxClasses: RATES_PPM.map((ppm) => ({
      id: taxClass(ppm),
      rules: [{ components: [ppm === 0 ? { category: "Z" } : { percent: percent(ppm) }] }],
    })),
  };
}

function promotionsOf({ coupon, orderDiscount, tiers }) {
  const promotions = [];
  // All in one phase: the peers' carts take the coupon off first.
  const add = (id, effect, couponCodes = []) =>
    promotions.push({
      id,
      name: { en: id },
      phase: "order",
      priority: promotions.length,
      couponCodes,
      effect,
    });
  if (coupon) add("coupon", { kind: "orderPercentage", percent: percent(coupon.ppm) }, [COUPON]);
  if (orderDiscount) add("fixed", { kind: "orderFixed", amountMinor: orderDiscount.amount });
  // Of tiers from the same value on, the last counts; a ruleset may not hold both.
  const rising = new Map(tiers.map((tier) => [tier.spend, tier.save]));
  const list = [...rising].map(([spendMinor, saveMinor]) => ({ spendMinor, saveMinor }));
  if (list.length > 0) add("tiers", { kind: "spendTiers", tiers: list });
  return promotions;
}

function totalsOf({ lines, totals }) {
  return {
    subtotal: totals.itemsMinor,
    discount: totals.discountMinor,
    shipping: totals.shippingMinor,
    tax: totals.taxMinor,
    total: totals.grossMinor,
    lines: lines.map((line) => ({
      discount: line.discountMinor,
      tax: line.taxMinor,
      total: line.grossMinor,
    })),
  };
}

/** An adapter for one of the two modules of the package. */
export function adapter({ name, asset, ready, quote, load, Cart }) {
  const shops = new Map();
  const now = { nowMs: 0 };
  const rulesOf = (cart) => {
    const key = signature(cart);
    let rules = shops.get(key);
    if (rules === undefined) shops.set(key, (rules = load(rulesetOf(cart))));
    return rules;
  };
  return {
    name,
    version: "0.1.0",
    mode: "largest",
    browser: true,
    assets: [asset],
    async init(env) {
      await ready({ wasm: await env.readAsset(asset) });
    },
    price(cart) {
      const answer = quote(draftOf(cart), rulesOf(cart), now);
      if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
      return totalsOf(answer.quote);
    },
    // The cart handle: the cart stays in the module, each call changes the quantity of one line and gives the totals.
    prepare(cart) {
      return { cart: Cart.open(draftOf(cart), rulesOf(cart), now), lines: cart.lines.length, call: 0 };
    },
    pricePrepared(held) {
      held.call += 1;
      const answer = held.cart.setQuantity(held.call % held.lines, 1 + (held.call % 12));
      if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
      return { total: answer.totals.grossMinor };
    },
  };
}
