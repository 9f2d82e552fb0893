// Does every npm package carry a licence we may use? Read from package-lock.json, which npm fills from the packages.
import { readFileSync } from "node:fs";

const permissive = [
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Zlib",
];
// Fine in a tool that is run, not in code that is shipped.
const toolsOnly = ["MPL-2.0", "CC-BY-4.0", "Python-2.0"];

// Enough of SPDX: of an OR one side must do, of an AND all.
const allowed = (licence, list) =>
  licence
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((side) => side.split(" AND ").every((name) => list.includes(name.trim())));

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const installed = Object.entries(packages).filter(
  ([path, entry]) => path.includes("node_modules/") && !entry.link,
);
const refused = installed.filter(([, { license = "none given", dev }]) => {
  return !allowed(license, dev ? [...permissive, ...toolsOnly] : permissive);
});
for (const [path, { license = "none given", dev }] of refused) {
  console.error(
    `${path}: ${license} (${dev ? "tool" : "shipped"}): find another, or allow it in scripts/npm-licences.mjs with the reason`,
  );
}
console.log(`npm licences: ${installed.length} packages, ${refused.length} refused`);
process.exit(refused.length === 0 ? 0 : 1);
