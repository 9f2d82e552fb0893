import { desk } from "./desk.js";
import { readWith } from "./file.js";
import "./message.js"; // gives errors their sentences
import "./reasons.js"; // and says what is wrong with rules

desk.loadWith(readWith(new URL("../wasm/orderkit_bg.wasm", import.meta.url)));

export * from "./index.js";
