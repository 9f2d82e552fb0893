import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { it } from "vitest";

// Cargo may have to compile first.
it("is what the Rust types say", { timeout: 600_000 }, () => {
  const script = fileURLToPath(new URL("../scripts/types.mjs", import.meta.url));
  execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" });
});
