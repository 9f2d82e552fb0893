// Makes src/generated/types.ts from the Rust types: JSON Schema from cargo, TypeScript from it; and src/generated/reasons.ts
// from the catalogue.
//   node scripts/types.mjs           writes the files
//   node scripts/types.mjs --check   fails if a file is not what it would write
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";
import { format, resolveConfig } from "prettier";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const target = fileURLToPath(new URL("../src/generated/types.ts", import.meta.url));
const banner = "// Made from the Rust types by `npm run types`. Do not edit.\n";

/** The schema of all documents, as the Rust types describe themselves. */
function readSchema() {
  const command = ["run", "--quiet", "--example", "schema", "--features", "schemars"];
  return JSON.parse(execFileSync("cargo", command, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }));
}

/** Says the same as the schema does, in the form that gives the plainest TypeScript. */
function plain(node) {
  if (Array.isArray(node)) return node.map(plain);
  if (node === null || typeof node !== "object") return node;
  const entries = Object.entries(node).filter(([key]) => key !== "default" && key !== "format");
  const out = Object.fromEntries(entries.map(([key, value]) => [key, plain(value)]));
  if (typeof out.description === "string") out.description = prose(out.description);
  // Without this, a reference with a description of its own becomes one more type of another name.
  if (typeof out.$ref === "string") return { ...out, $ref: undefined, tsType: nameOf(out.$ref) };
  // An optional field is left out and never null: that is what is written, and what callers should write.
  if (Array.isArray(out.type)) {
    const types = out.type.filter((type) => type !== "null");
    return { ...out, type: types.length === 1 ? types[0] : types };
  }
  if (Array.isArray(out.anyOf)) {
    const forms = out.anyOf.filter((form) => form.type !== "null");
    if (forms.length === 1) return { ...forms[0], ...out, anyOf: undefined };
  }
  // Words that are described one by one are still one union of words.
  if (Array.isArray(out.oneOf) && out.oneOf.every((form) => typeof form.const === "string" || form.enum)) {
    const words = out.oneOf.flatMap((form) => form.enum ?? [form.const]);
    return { ...out, oneOf: undefined, type: "string", enum: words };
  }
  return out;
}

const nameOf = (reference) => reference.slice(reference.lastIndexOf("/") + 1);

/** A doc comment of Rust without what only Rust's reader understands. */
function prose(text) {
  const [described] = text.split("\n\n# Example");
  return described.replace(/\[(`[^`]+`)\](?:\([^)]*\))?/g, "$1");
}

async function generate() {
  const definitions = plain(readSchema()).$defs;
  for (const definition of Object.values(definitions)) delete definition.title;
  const all = {
    type: "object",
    additionalProperties: false,
    definitions,
    properties: Object.fromEntries(
      Object.keys(definitions).map((name) => [name, { $ref: `#/definitions/${name}` }]),
    ),
  };
  // Out and in again, so that what is undefined is gone.
  const text = await compile(JSON.parse(JSON.stringify(all)), "Everything", {
    additionalProperties: false,
    bannerComment: banner,
    ignoreMinAndMaxItems: true,
    format: false,
  });
  // The list of all types only served to have each of them written.
  const types = text.replace(/export interface Everything \{[^]*?\n\}\n/, "");
  const short = types.replace(/\/\*\*\n\s*\* ([^\n]*)\n\s*\*\//g, "/** $1 */");
  return format(short, { ...(await resolveConfig(target)), parser: "typescript" });
}

/** The reasons against rules: the wasm module goes without them. */
async function reasons() {
  const catalogue = (language) =>
    JSON.parse(readFileSync(`${root}messages/reasons.${language}.json`, "utf8"));
  const both = { en: catalogue("en"), zh: catalogue("zh") };
  const text = `// Made from messages/reasons.*.json by \`npm run types\`. Do not edit.
export const reasons: Record<"en" | "zh", Record<string, string>> = ${JSON.stringify(both)};`;
  return format(text, { ...(await resolveConfig(target)), parser: "typescript" });
}

const files = [
  [target, await generate()],
  [fileURLToPath(new URL("../src/generated/reasons.ts", import.meta.url)), await reasons()],
];
for (const [file, text] of files) {
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text);
  } else if (readFileSync(file, "utf8") !== text) {
    console.error(`${file} differs from its sources: run \`npm run types\``);
    process.exit(1);
  }
}
