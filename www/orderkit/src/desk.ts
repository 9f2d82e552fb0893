import init, * as glue from "../wasm/orderkit.js";
import { Engine } from "./engine.js";

/** The module that does everything. */
export const desk = new Engine(init, glue, 2);
