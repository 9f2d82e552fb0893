import type { Reporter, TestCase } from "@playwright/test/reporter";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** Says once more at the very end, in a few lines each, what failed and what needed a second try: a log is read from its end. */
export default class Failures implements Reporter {
  readonly #seen = new Set<TestCase>();

  onTestEnd(test: TestCase): void {
    this.#seen.add(test);
  }

  onEnd(): void {
    for (const test of this.#seen) {
      const outcome = test.outcome();
      if (outcome !== "unexpected" && outcome !== "flaky") continue;
      const { file, line } = test.location;
      const word = outcome === "flaky" ? "PASSED ONLY AT THE SECOND TRY" : "FAILED";
      console.log(`\n${word} ${relative(process.cwd(), file)}:${String(line)} ${test.title}`);
      const failed = test.results.find((result) => result.error !== undefined);
      const lines = stripVTControlCharacters(failed?.error?.message ?? "").split("\n");
      const shown = lines.filter((text) => text.trim() !== "").slice(0, 8);
      for (const text of shown) console.log(`  ${text}`);
      const at = failed?.error?.location;
      if (at) console.log(`  at ${relative(process.cwd(), at.file)}:${String(at.line)}`);
    }
  }
}
