/// <reference lib="esnext.disposable" preserve="true" />
export { number, quote, shippingOptions, validate } from "../calls.js";
export type { Known, NumberInputs } from "../calls.js";
export { Cart } from "../cart.js";
export type { WasmSource } from "../engine.js";
export { OrderkitError } from "../error.js";
export { message } from "../message.js";
export type { Language } from "../message.js";
export { ready } from "./ready.js";
export { Rules } from "../rules.js";
export type { ClientCode, Code, Issue, Outcome } from "../types.js";
export type * from "../generated/types.js";
