// What makes the wasm module heavy: bytes of code by origin, and the heaviest functions. Reads the module before wasm-opt, which
// still has names, so read shares and not sums.
//   make weight
import { readFileSync } from "node:fs";

const path = "target/wasm32/wasm32-unknown-unknown/wasm/orderkit.wasm";
const top = 25;

// The first that matches counts: what a generic function was made for says less than who made it.
const origins = [
  ["reading JSON (serde_json)", /serde_json.*(de\.\.|Deserializer|Deserialize)/],
  ["tagged and untagged enums (serde Content)", /Content/],
  ["deriving Deserialize", /Deserialize|serde_core.{0,3}de/],
  ["writing JSON", /Serialize|serde_json/],
  ["postcard", /postcard/],
  ["printing and parsing floats", /flt2dec|dec2flt/],
  ["orderkit's own code", /orderkit/],
  ["standard library", /core|alloc|std/],
  ["the rest", /./],
];

/** The length and name of every function with a body. */
function functions(bytes) {
  let at = 8; // magic and version
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    return bytes.toString("utf8", at - length, at);
  };
  const lengths = [];
  const names = new Map();
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === 10) {
      for (let left = number(); left > 0; left--) {
        const length = number();
        lengths.push(length);
        at += length;
      }
    } else if (section === 0 && text() === "name") {
      while (at < end) {
        const kind = bytes[at++];
        const kindEnd = number() + at;
        if (kind === 1) {
          for (let left = number(); left > 0; left--) names.set(number(), text());
        }
        at = kindEnd;
      }
    }
    at = end;
  }
  // Imported functions have the first numbers and no body.
  const imported = Math.max(...names.keys()) + 1 - lengths.length;
  return lengths.map((length, index) => ({ length, name: names.get(index + imported) ?? "?" }));
}

/** Enough of Rust's name mangling to read a name. */
const readable = (name) =>
  name
    .replace(/^_ZN(.*)17h[0-9a-f]{16}E$/, "$1")
    .replace(/\$LT\$/g, "<")
    .replace(/\$GT\$/g, ">")
    .replace(/\$RF\$/g, "&")
    .replace(/\$u20\$/g, " ")
    .replace(/\$C\$/g, ",")
    .replace(/\.\./g, "::");

const all = functions(readFileSync(path)).sort((a, b) => b.length - a.length);
const total = all.reduce((sum, { length }) => sum + length, 0);
const groups = new Map(origins.map(([origin]) => [origin, { length: 0, count: 0 }]));
for (const { length, name } of all) {
  const [origin] = origins.find(([, pattern]) => pattern.test(name));
  const group = groups.get(origin);
  group.length += length;
  group.count += 1;
}

console.log(`${total} bytes of code in ${all.length} functions\n`);
for (const [origin, { length, count }] of [...groups].sort(([, a], [, b]) => b.length - a.length)) {
  const share = `${Math.round((100 * length) / total)} %`;
  console.log(`${String(length).padStart(8)}  ${share.padStart(4)}  ${origin} (${count} functions)`);
}
console.log(`\nthe heaviest ${top}:`);
for (const { length, name } of all.slice(0, top)) {
  console.log(`${String(length).padStart(8)}  ${readable(name).slice(0, 120)}`);
}
