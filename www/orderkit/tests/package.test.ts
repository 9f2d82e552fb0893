import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const home = fileURLToPath(new URL("..", import.meta.url));
let folder: string;

/** Installs the package as its users get it: from the tarball, into a project of its own. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orderkit-package-"));
  run("npm", ["pack", "--silent", "--pack-destination", folder], home);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  const project = {
    name: "user",
    private: true,
    type: "module",
    dependencies: { orderkit: `file:${tarball}` },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(project));
  run(
    "npm",
    ["install", "--silent", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"],
    folder,
  );
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string, args: string[], directory: string): string {
  return execFileSync(command, args, {
    cwd: directory,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What the examples of the README print, as the comments behind them say: `grossMinor 2370`, or a part of a sentence. */
function stated(examples: string): string[] {
  const comments = [...examples.matchAll(/^console\.log.*; \/\/ (.*)$/gm)].flatMap(([, text = ""]) =>
    text.split(", "),
  );
  return comments.map((text) => text.replace(/^(\w+) (\d+)$/, "$1: $2"));
}

it("runs the examples of the README in Node", () => {
  const [before = ""] = readFileSync(join(home, "README.md"), "utf8").split("\n## ");
  // The second goes on from the first, as a reader would.
  const examples = [...before.matchAll(/```js\n([^]*?)```/g)].map(([, code = ""]) => code);
  expect(examples).toHaveLength(2);
  const script = examples.join("\n");
  expect(stated(script)).toHaveLength(9);
  const printed = run("node", [write("example.mjs", script)], folder);
  for (const text of stated(script)) expect(printed).toContain(text);
});

it("ships what it needs and nothing else", () => {
  const shipped = join(folder, "node_modules", "orderkit");
  expect(readdirSync(shipped).sort()).toEqual(["README.md", "dist", "package.json", "wasm"]);
  expect(readdirSync(join(shipped, "wasm")).sort()).toEqual([
    "checkout.js",
    "checkout_bg.wasm",
    "orderkit.js",
    "orderkit_bg.wasm",
  ]);
});

it("has types for those who check", () => {
  write(
    "user.ts",
    'import { Store, quote, type Quote } from "orderkit";\nimport { quote as small } from "orderkit/checkout";\nexport const same: typeof small = quote;\nexport { Store };\nexport const ask: typeof quote = quote;\nexport type Q = Quote;\n',
  );
  const tsc = join(home, "../../node_modules/.bin/tsc");
  const options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom"];
  run(tsc, [...options, "--module", "nodenext", "user.ts"], folder);
  run(tsc, [...options, "--module", "esnext", "--moduleResolution", "bundler", "user.ts"], folder);
});

/** The files that Vite makes of a page with this script. */
async function bundle(script: string): Promise<{ modules: string[]; text: string }> {
  write("index.html", '<script type="module" src="./page.js"></script>');
  write("page.js", script);
  const { build } = await import("vite");
  await build({ root: folder, logLevel: "error", build: { outDir: "out", emptyOutDir: true } });
  const assets = readdirSync(join(folder, "out", "assets"));
  const scripts = assets.filter((name) => name.endsWith(".js"));
  return {
    modules: assets.filter((name) => name.endsWith(".wasm")).map((name) => name.replace(/-.{8}\.wasm$/, "")),
    text: scripts.map((name) => readFileSync(join(folder, "out", "assets", name), "utf8")).join(""),
  };
}

it("is bundled for the browser by Vite, with each module once and only if it is used", async () => {
  const use = "ready().then(() => console.log(quote({}, {})));";
  const small = await bundle(`import { quote, ready } from "orderkit/checkout";\n${use}`);
  expect(small.modules).toEqual(["checkout_bg"]);
  // A page that only prices does not pay for the store.
  expect(small.text).not.toMatch(/BroadcastChannel|replica/);
  expect(small.text.length).toBeLessThan(16_000);
  const large = await bundle(
    `import { Store, Sync, quote, ready } from "orderkit";\n${use}console.log(Store, Sync);`,
  );
  expect(large.modules).toEqual(["orderkit_bg"]);
  expect(large.text).not.toContain("node:fs");
});

it("is bundled for the browser by esbuild", async () => {
  const { build } = await import("esbuild");
  const script = 'import { ready } from "orderkit/checkout";\nready({ wasm: "/checkout.wasm" });\n';
  const entryPoints = [write("checkout.js", script)];
  await build({
    entryPoints,
    bundle: true,
    format: "esm",
    outdir: join(folder, "bundled"),
    logLevel: "error",
  });
  expect(existsSync(join(folder, "bundled", "checkout.js"))).toBe(true);
});
