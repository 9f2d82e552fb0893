import { readWith } from "../file.js";
import "../message.js"; // gives errors their sentences
import { checkout } from "./engine.js";

checkout.loadWith(readWith(new URL("../../wasm/checkout_bg.wasm", import.meta.url)));

export * from "./index.js";
