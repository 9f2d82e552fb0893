import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    testTimeout: 20_000,
    // One test counts the bytes of the heap, which only tells something after a collection.
    execArgv: ["--expose-gc"],
  },
});
