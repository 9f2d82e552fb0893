import { chromium, type Browser, type BrowserContext } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import config from "../playwright.config";

/** A whole browser with a profile in a folder, which a test may kill and copy. */
export class Chromium {
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #browser: Browser;

  private constructor(folder: string, process: ChildProcess, browser: Browser) {
    this.folder = folder;
    this.#process = process;
    this.#browser = browser;
  }

  static folder(): Promise<string> {
    return mkdtemp(join(tmpdir(), "orderkit-profile-"));
  }

  static async start(folder: string): Promise<Chromium> {
    const { executablePath = "", args = [] } = config.use?.launchOptions ?? {};
    const own = ["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${folder}`, "about:blank"];
    // A group of its own, so that all of its processes can be killed at once.
    const child = spawn(executablePath, [...args, ...own], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const address = await new Promise<string>((resolve, reject) => {
      let said = "";
      child.stderr.on("data", (bytes: Buffer) => {
        said += bytes.toString();
        const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.on("exit", () => {
        reject(new Error(`the browser ended:\n${said}`));
      });
    });
    return new Chromium(folder, child, await chromium.connectOverCDP(address));
  }

  get context(): BrowserContext {
    const context = this.#browser.contexts()[0];
    if (context === undefined) throw new Error("the browser has no context");
    return context;
  }

  /** Ends it as a crash of the machine's session would: all processes at once, in whatever they do. */
  async kill(): Promise<void> {
    const { pid } = this.#process;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    if (pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    process.kill(-pid, "SIGKILL");
    await ended;
  }

  /** Ends it in order. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    const session = await this.#browser.newBrowserCDPSession();
    await session.send("Browser.close").catch(() => undefined);
    await ended;
  }

  static async remove(...folders: string[]): Promise<void> {
    for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
