import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/generated/paraglide",
      strategy: ["globalVariable", "baseLocale"],
    }),
    svelte(),
  ],
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
