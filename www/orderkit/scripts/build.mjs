// Builds dist/: one module for each source file, with its types. Bundling is left to whoever uses the package.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (!existsSync(here("wasm/orderkit_bg.wasm"))) {
  console.error("www/orderkit/wasm is missing: run `make wasm`");
  process.exit(1);
}
rmSync(here("dist"), { recursive: true, force: true });
execFileSync("tsc", ["--project", here("tsconfig.build.json")], { stdio: "inherit" });
for (const name of ["LICENSE-APACHE", "LICENSE-MIT"])
  copyFileSync(here(`../../${name}`), here(`dist/${name}`));
// Switches of rulesets that give the totals of other commerce systems.
cpSync(here("../../profiles"), here("dist/profiles"), { recursive: true });
