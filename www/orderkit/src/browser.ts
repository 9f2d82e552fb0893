import { desk } from "./desk.js";
import { fetched } from "./fetched.js";
import "./message.js"; // gives errors their sentences
import "./reasons.js"; // and says what is wrong with rules

// Bundlers know this form and ship the file; where one does not, pass the address to `ready`.
desk.loadWith(fetched(() => new URL("../wasm/orderkit_bg.wasm", import.meta.url)));

export * from "./index.js";
