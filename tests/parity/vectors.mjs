// Asks the wasm module what the native engine was asked, and compares the answers byte for byte.
//
//     cargo run --example vectors -- --emit target/vectors-calls.json
//     node tests/parity/vectors.mjs target/vectors-calls.json
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { dropRules, initSync, loadRules, quote } from "../../www/orderkit/wasm/orderkit.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const modulePath = join(root, "www/orderkit/wasm/orderkit_bg.wasm");
initSync({ module: readFileSync(modulePath) });

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const calls = JSON.parse(readFileSync(process.argv[2], "utf8"));
const different = calls.filter((call) => answer(call) !== call.answer);
const same = calls.length - different.length;
console.log(`wasm: ${same} of ${calls.length} quotes are the same, byte for byte`);
for (const call of different.slice(0, 3)) {
  console.log(`  draft  ${call.draft}\n  native ${call.answer}\n  wasm   ${answer(call)}`);
}
if (different.length > 0 && isOlderThanItsSource()) {
  console.log("wasm: the module is older than src/; make wasm builds it anew");
} else if (different.length > 0) {
  process.exitCode = 1;
}

function answer({ ruleset, draft, context }) {
  const loaded = JSON.parse(decoder.decode(loadRules(encoder.encode(ruleset))));
  if (!loaded.ok) return JSON.stringify(loaded);
  const { handle } = loaded.rules;
  const text = quote(handle, draft, context);
  dropRules(handle);
  return text;
}

function isOlderThanItsSource() {
  const builtMs = statSync(modulePath).mtimeMs;
  return readdirSync(join(root, "src"), { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).mtimeMs > builtMs,
  );
}
