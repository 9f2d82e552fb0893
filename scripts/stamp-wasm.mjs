// Writes one mark into a module and its glue, so that whoever loads them can tell whether they were built together.
//
//   node scripts/stamp-wasm.mjs FOLDER NAME
//
// The mark is a hash of both. In the module it is a section of its own, which engines skip.
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";

const [folder, name] = process.argv.slice(2);
if (name === undefined) {
  console.error("usage: node scripts/stamp-wasm.mjs FOLDER NAME");
  process.exit(2);
}
const module = `${folder}/${name}_bg.wasm`;
const glue = `${folder}/${name}.js`;
const hash = createHash("sha256");
for (const path of [module, glue]) hash.update(readFileSync(path));
const build = hash.digest("hex").slice(0, 16);

// All lengths are below 128, so that each is one byte.
const text = (value) => [value.length, ...Buffer.from(value)];
const content = [...text("orderkit-build"), ...Buffer.from(build)];
appendFileSync(module, Buffer.from([0, content.length, ...content]));
appendFileSync(glue, `\nexport const BUILD = "${build}";\n`);
appendFileSync(
  `${folder}/${name}.d.ts`,
  `\n/** The mark of the module that belongs to this. */\nexport const BUILD: string;\n`,
);
