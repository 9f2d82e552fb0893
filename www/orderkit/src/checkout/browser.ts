import { fetched } from "../fetched.js";
import "../message.js"; // gives errors their sentences
import { checkout } from "./engine.js";

// Bundlers know this form and ship the file; where one does not, pass the address to `ready`.
checkout.loadWith(fetched(() => new URL("../../wasm/checkout_bg.wasm", import.meta.url)));

export * from "./index.js";
