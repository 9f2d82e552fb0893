// Checks the OpenAPI document of the server with the schema of OpenAPI itself, and each reference in it.
//   node tests/openapi/validate.mjs --binary=target/debug/orderkit
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Validator } from "@seriousme/openapi-schema-validator";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({ options: { binary: { type: "string", default: "target/debug/orderkit" } } });

const text = execFileSync(values.binary, ["schema", "--openapi"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 2 ** 28,
});
const document = JSON.parse(text);

const validator = new Validator();
const { valid, errors } = await validator.validate(structuredClone(document));
if (!valid) fail(JSON.stringify(errors, undefined, 2));
if (validator.version !== "3.1") fail(`it is OpenAPI ${validator.version}, and not 3.1`);
// It throws if a reference points at nothing.
validator.resolveRefs();

// A validator that takes everything would find nothing either.
const broken = structuredClone(document);
delete broken.paths["/health"].get.responses;
broken.paths["/health"].get.parameters = [{ name: "x" }];
if ((await new Validator().validate(broken)).valid) fail("a broken document passes as well");

console.log(`OpenAPI ${validator.version}: ${Object.keys(document.paths).length} paths are valid`);

function fail(why) {
  console.error(`the OpenAPI document is not valid: ${why}`);
  process.exit(1);
}
