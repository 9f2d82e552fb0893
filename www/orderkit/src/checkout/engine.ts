import init, * as glue from "../../wasm/checkout.js";
import { Engine } from "../engine.js";

/** The small module, which only prices and checks drafts. */
export const checkout = new Engine(init, glue, 1);
