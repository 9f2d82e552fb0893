import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The real server on a free port, with a database of its own. */

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The debug build: only that one can be killed at a chosen point. */
export function binary(): string {
  const wanted = process.env["ORDERKIT_BINARY"];
  const known = [wanted, join(root, "target/debug/orderkit"), join(root, "target/release/orderkit")];
  const found = known.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error("build the server first: cargo build --package orderkit-server");
  return found;
}

export interface StartOptions {
  failpoint?: string;
  demo?: boolean;
  /** More of the command line. */
  args?: string[];
}

export class Server {
  readonly data: string;
  readonly port: number;
  #process: ChildProcess | undefined;
  #log = "";

  private constructor(data: string, port: number) {
    this.data = data;
    this.port = port;
  }

  static async start(options: StartOptions = {}): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "orderkit-e2e-"));
    const server = new Server(data, await freePort());
    await server.run(options);
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process on the same data, also after it was killed. */
  async run(options: StartOptions = {}): Promise<void> {
    const args = ["serve", "--open-sign-in", "--data", this.data, "--listen", `127.0.0.1:${this.port}`];
    if (options.demo === true) args.push("--demo");
    args.push(...(options.args ?? []));
    const failpoint = options.failpoint === undefined ? {} : { ORDERKIT_FAILPOINT: options.failpoint };
    const child = spawn(binary(), args, {
      env: { ...process.env, ...failpoint },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    child.stderr.on("data", (chunk: Buffer) => (this.#log += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("is ready on")) resolve();
      });
      child.on("exit", (code) => {
        reject(new Error(`the server ended (${code ?? "killed"}):\n${this.#log}`));
      });
    });
  }

  /** When the process has ended by itself, as a failpoint makes it. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => child.once("exit", resolve));
  }

  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.ended();
  }

  /** Ends the process and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** A token of any tenant, as the operator gives them out. */
  async token(tenant: string, user: string, role: string): Promise<string> {
    const args = ["token", "--data", this.data, "--tenant", tenant, "--user", user, "--role", role];
    const { stdout } = await promisify(execFile)(binary(), args);
    return stdout.trim();
  }

  /** Signs in over HTTP, to look at what the server has without a page. */
  async signIn(role: "customer" | "staff" | "admin"): Promise<SessionAnswer> {
    const response = await fetch(`${this.url}/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ role }),
    });
    return (await response.json()) as SessionAnswer;
  }

  /** All orders that the server has, as its staff sees them. */
  async orders(): Promise<OrderSummary[]> {
    const { token } = await this.signIn("staff");
    const response = await fetch(`${this.url}/v1/main/orders`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await response.json()) as { orders: OrderSummary[] }).orders;
  }
}

export interface SessionAnswer {
  token: string;
  tenant: string;
  user: string;
  role: string;
  expiresMs: number;
}

export interface OrderSummary {
  id: string;
  number: string;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("no free port"));
      });
    });
  });
}
