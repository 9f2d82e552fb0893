// The module of the desk (built for speed): plain cart in, plain totals out.
import { quote, ready, Rules } from "orderkit";
import { adapter } from "./_orderkit.mjs";

export default adapter({
  name: "orderkit",
  asset: "orderkit_bg.wasm",
  ready,
  quote,
  load: (ruleset) => Rules.load(ruleset),
});
