// Does every npm package carry a licence we may use? Read from package-lock.json, which npm fills from the packages. All are looked
// at as if they were shipped, since a bundler ships what npm calls a development dependency.
import { readFileSync } from "node:fs";

const permissive = [
  "0BSD",
  "Apache-2.0",
  "Apache-2.0 WITH LLVM-exception",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "OFL-1.1", // fonts
  "Zlib",
];

// Packages that are let through by name, each with the reason.
const exceptions = [
  [/^(@axe-core\/playwright|axe-core)$/, "MPL-2.0; runs in tests only"],
  [/^lightningcss(-|$)/, "MPL-2.0; runs in the build only"],
  [/^caniuse-lite$/, "CC-BY-4.0; data that the build reads"],
  [/^@inlang\/plugin-message-format$/, "says MIT in its LICENSE file only"],
  [/^@lix-js\/sdk-/, "the compiled part of @lix-js/sdk, which is MIT"],
  [/^svelte-toolbelt$/, "says MIT in its LICENSE file only"],
  [/^argparse$/, "Python-2.0 (PSF-2.0); makes the types only"],
];

// Enough of SPDX: of an OR one side must do, of an AND all.
const allowed = (licence) =>
  licence
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((side) => side.split(" AND ").every((name) => permissive.includes(name.trim())));

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const installed = Object.entries(packages)
  .filter(([path, entry]) => path.includes("node_modules/") && !entry.link)
  .map(([path, { license }]) => ({
    name: path.split("node_modules/").at(-1),
    licence: license ?? "none given",
  }));
const refused = installed.filter(
  ({ name, licence }) => !allowed(licence) && !exceptions.some(([pattern]) => pattern.test(name)),
);
for (const { name, licence } of refused) {
  console.error(
    `${name}: ${licence}: find another package, or allow it in scripts/npm-licences.mjs with the reason`,
  );
}
console.log(`npm licences: ${installed.length} packages, ${refused.length} refused`);
process.exit(refused.length === 0 ? 0 : 1);
