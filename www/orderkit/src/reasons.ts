import { reasons } from "./generated/reasons.js";
import { explainReasons } from "./message.js";

// For pages and programs on which rules are edited: they say what is wrong with them.
explainReasons(reasons);
