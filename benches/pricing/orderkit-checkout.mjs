// The module of the checkout page (built for size): plain cart in, plain totals out.
import { quote, ready, Rules } from "orderkit/checkout";
import { adapter } from "./_orderkit.mjs";

export default adapter({
  name: "orderkit/checkout",
  asset: "checkout_bg.wasm",
  ready,
  quote,
  load: (ruleset) => Rules.load(ruleset),
});
