// The module of the checkout page (built for size): plain cart in, plain totals out.
import { Cart, quote, ready, Rules } from "orderkit/checkout";
import { adapter } from "./_orderkit.mjs";

export default adapter({
  name: "orderkit/checkout",
  asset: "checkout_bg.wasm",
  ready,
  quote,
  Cart,
  load: (ruleset) => Rules.load(ruleset),
});
