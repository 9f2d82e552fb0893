// A copy of the peers' folder with our files in it. Nothing is written into the folder itself; what is installed there is linked.
import { spawnSync } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../www/orderkit", import.meta.url));

/**
 * Hands over a copy of one benchmark of the peers, and removes it after the work.
 *
 * @param files Ours, each at the same place below this folder as in the copy.
 * @param modules Names of wasm modules of the package, to lie beside the adapters.
 */
export async function withPeers(peers, bench, { files, modules }, work) {
  const copy = await mkdtemp(join(tmpdir(), "orderkit-bench-"));
  try {
    await copyPeers(resolve(peers), bench, copy);
    for (const file of files) await copyFile(join(here, file), join(copy, file));
    const adapters = join(copy, bench, "adapters");
    for (const wasm of modules) await copyFile(join(PACKAGE, "wasm", wasm), join(adapters, wasm));
    await mkdir(join(adapters, "node_modules"));
    await symlink(PACKAGE, join(adapters, "node_modules", "orderkit"));
    return await work(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function copyPeers(peers, bench, copy) {
  for (const part of ["lib", bench]) {
    const source = join(peers, part);
    const isInstalled = (name) => name === "node_modules" || name === "dist";
    const names = (path) => path.slice(source.length).split(/[\\/]/);
    const filter = (path) => !names(path).some(isInstalled);
    await cp(source, join(copy, part), { recursive: true, filter });
  }
  await copyFile(join(peers, "package.json"), join(copy, "package.json"));
  for (const folder of ["", bench])
    await symlink(join(peers, folder, "node_modules"), join(copy, folder, "node_modules"));
}

/** Runs the peers' benchmark in a copy, and gives what it found. */
export async function runBench(copy, bench, args, env = {}) {
  const run = spawnSync(process.execPath, [join(copy, bench, "bench.mjs"), ...args], {
    stdio: ["ignore", "inherit", "inherit"],
    cwd: copy,
    env: { ...process.env, ...env },
  });
  if (run.status !== 0) throw new Error(`the benchmark of the peers ended with ${run.status ?? run.signal}`);
  const only = args.some((arg) => arg.startsWith("--only=")) ? ".only" : "";
  const results = join(copy, "results", `${basename(bench)}${only}.json`);
  return JSON.parse(await readFile(results, "utf8"));
}
