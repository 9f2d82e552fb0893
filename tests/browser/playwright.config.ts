import { defineConfig } from "@playwright/test";

// Debian's Chromium; Playwright's own download is not needed.
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../test-results",
  // Each test starts a server and a browser profile of its own.
  fullyParallel: true,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env["CI"] !== undefined,
  reporter: [["list"], ["./failures.ts"]],
  // A second try tells a race from a fault; it is named at the end, so that it is mended too.
  retries: 1,
  use: {
    browserName: "chromium",
    locale: "en-GB",
    colorScheme: "light",
    viewport: { width: 1280, height: 900 },
    trace: "retain-on-first-failure",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
