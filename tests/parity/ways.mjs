// The ways to ask the engine. Each gives, for a shop, the answers by the name of the way: two for each draft (price, check).
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const file = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What all ways share: a folder for files, the binary, the modules. */
export async function prepare(binary) {
  const modules = {
    desk: await readFile(file("www/orderkit/wasm/orderkit_bg.wasm")),
    checkout: await readFile(file("www/orderkit/wasm/checkout_bg.wasm")),
  };
  return { binary, modules, folder: await mkdtemp(join(tmpdir(), "orderkit-parity-")) };
}

export async function cleanUp({ folder }) {
  await rm(folder, { recursive: true, force: true });
}

const byWay = (answers, host) =>
  Object.fromEntries(
    Object.entries(answers).map(([way, text]) => [
      `${way === "package" ? "package" : `${way} module`} in ${host}`,
      text.split("\n"),
    ]),
  );

/** The command line. */
export async function native({ binary, folder }) {
  const askFor = async (task, shop, ruleset) => {
    const args = [task, "--ruleset", ruleset, "--now-ms", String(shop.nowMs)];
    if (shop.mayAdjust) args.push("--staff");
    const text = await pipe(binary, args, `${shop.drafts.join("\n")}\n`);
    return text.trimEnd().split("\n").map(asLibrary);
  };
  return {
    async ask(shop) {
      const ruleset = join(folder, "ruleset.json");
      await writeFile(ruleset, shop.ruleset);
      const [prices, checks] = [
        await askFor("quote", shop, ruleset),
        await askFor("validate", shop, ruleset),
      ];
      return { native: prices.flatMap((price, at) => [price, checks[at]]) };
    },
    async close() {},
  };
}

/** The command line says the line number of a refusal, and has nothing to say of a draft in order. */
function asLibrary(line) {
  if (line === '{"ok":true}') return '{"ok":true,"issues":[]}';
  return line.replace(/^\{"ok":false,"line":\d+,/, '{"ok":false,');
}

function pipe(binary, args, input) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: ["pipe", "pipe", "inherit"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    // 1: something was refused, as it should be.
    child.on("close", (code) =>
      code === 0 || code === 1
        ? resolve(Buffer.concat(chunks).toString("utf8"))
        : reject(new Error(`${binary} ${args.join(" ")} ended with ${code}`)),
    );
    child.stdin.on("error", reject);
    child.stdin.end(input);
  });
}

/** WebAssembly in this process. */
export async function node({ modules }) {
  const engine = await import("./engine.mjs");
  await engine.start(modules);
  return {
    async ask(shop) {
      return byWay(engine.ask(shop), "Node");
    },
    async close() {},
  };
}

/** WebAssembly in a page. */
export async function browser({ modules }) {
  const bundle = await build({
    stdin: {
      contents: 'import { ask, start } from "./engine.mjs"; globalThis.engine = { ask, start };',
      resolveDir: file("tests/parity"),
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const chrome = await chromium.launch({ executablePath, args: [...args, ...quiet] });
  const page = await chrome.newPage();
  await page.addScriptTag({ type: "module", content: bundle.outputFiles[0].text });
  await page.waitForFunction(() => globalThis.engine !== undefined);
  const texts = Object.entries(modules).map(([name, bytes]) => [name, bytes.toString("base64")]);
  await page.evaluate(async (modules) => {
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    await globalThis.engine.start(Object.fromEntries(modules.map(([name, text]) => [name, bytes(text)])));
  }, texts);
  return {
    async ask(shop) {
      return byWay(await page.evaluate((shop) => globalThis.engine.ask(shop), shop), "Chromium");
    },
    close: () => chrome.close(),
  };
}

/** How many requests are under way at once. */
const CONNECTIONS = 8;

/** A real server for each shop, asked over connections that are kept. */
export async function http({ binary, folder }) {
  let count = 0;
  return {
    async ask(shop) {
      count += 1;
      const ruleset = join(folder, `server-${count}.json`);
      await writeFile(ruleset, shop.ruleset);
      const server = await startServer(binary, ruleset, join(folder, `data-${count}`));
      try {
        return { HTTP: await askServer(server.port, shop) };
      } finally {
        await server.stop();
      }
    },
    async close() {},
  };
}

async function startServer(binary, ruleset, data) {
  // One user asks for everything at once here.
  const limits = ["--user-rate", "off"];
  const args = [
    "serve",
    "--open-sign-in",
    "--ruleset",
    ruleset,
    "--data",
    data,
    "--listen",
    "127.0.0.1:0",
    ...limits,
  ];
  const env = { ...process.env, RUST_LOG: "warn" };
  const child = spawn(binary, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const port = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const ready = /ready on http:\/\/127\.0\.0\.1:(\d+)\//.exec(said);
      if (ready) resolve(Number(ready[1]));
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { port, stop };
}

async function askServer(port, { nowMs, mayAdjust, drafts }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const json = { "content-type": "application/json" };
  const role = JSON.stringify({ role: mayAdjust ? "staff" : "customer" });
  const { token } = JSON.parse(await post({ agent, port, path: "/v1/session", headers: json }, role));
  const headers = { ...json, authorization: `Bearer ${token}` };
  const tasks = ["quote", "validate"].map((task) => ({
    agent,
    port,
    path: `/v1/main/${task}?nowMs=${nowMs}`,
    headers,
  }));
  const answers = new Array(drafts.length * 2);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < answers.length; at = next++)
      answers[at] = await post(tasks[at % 2], drafts[Math.floor(at / 2)]);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  return answers;
}

function post(options, body) {
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, host: "127.0.0.1", method: "POST" }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
