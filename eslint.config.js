// ESLint: what the compiler does not see. Layout is Prettier's.
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import ts from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    "**/dist/",
    "**/generated/",
    "www/orderkit/wasm/",
    "target/",
    ".tools/",
    "data/",
    "test-results/",
    "playwright-report/",
  ]),
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.svelte"],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, extraFileExtensions: [".svelte"] },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    // Scripts and settings run in Node, and no tsconfig lists them.
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["server/src/http/*.js"],
    languageOptions: { globals: globals.serviceworker },
  },
  {
    // What runs in the page: its plain scripts, and what tests and benchmarks evaluate there.
    files: ["tests/browser/**/*.mjs", "benches/**/*.mjs", "www/*/public/**/*.js"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
