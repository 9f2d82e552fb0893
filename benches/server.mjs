// The release server on a free port of this machine, with a database of its own.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const TENANT = "main";

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Starts the server; `token` is one of its staff. */
export async function startServer(binary, ruleset) {
  if (!existsSync(binary))
    throw new Error(`${binary} is missing: cargo build --release --package orderkit-server`);
  const data = await mkdtemp(join(tmpdir(), "orderkit-bench-server-"));
  const rules = join(data, "rules.json");
  await writeFile(rules, JSON.stringify(ruleset));
  const port = await freePort();
  const limits = ["--sync-rate", "off", "--tenant-rate", "off", "--user-rate", "off"];
  const args = ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, "--ruleset", rules, ...limits];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    child.stdout.on("data", (text) => text.toString().includes("is ready on") && resolve());
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const who = ["--data", data, "--tenant", TENANT, "--user", "staff", "--role", "staff"];
  const token = execFileSync(binary, ["token", ...who], { encoding: "utf8" }).trim();
  const stop = async () => {
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  return { port, token, pid: child.pid, stop };
}
