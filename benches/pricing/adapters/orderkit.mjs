// The module of the desk (built for speed): plain cart in, plain totals out.
import { Cart, quote, ready, Rules } from "orderkit";
import { adapter } from "./_orderkit.mjs";

export default adapter({
  name: "orderkit",
  asset: "orderkit_bg.wasm",
  ready,
  quote,
  Cart,
  load: (ruleset) => Rules.load(ruleset),
});
