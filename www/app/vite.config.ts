import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

// Where the API is while developing; the built page is served by the server itself.
const api = process.env["ORDERKIT_API"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/generated/paraglide",
      strategy: ["globalVariable", "baseLocale"],
      emitGitIgnore: true,
      emitPrettierIgnore: true,
    }),
    svelte(),
    VitePWA({
      // The old page keeps running on its own files until the user agrees: mixing two builds would
      // mix two versions of the rules.
      registerType: "prompt",
      injectRegister: false,
      manifest: {
        name: "orderkit",
        short_name: "orderkit",
        description: "Orders that work offline",
        start_url: "/",
        scope: "/",
        display: "standalone",
        background_color: "#f4f7f1",
        theme_color: "#f4f7f1",
        icons: [
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      workbox: {
        globPatterns: ["**/*.{js,css,html,wasm,woff2,svg,png,webmanifest}"],
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/v1\//],
        cleanupOutdatedCaches: true,
        maximumFileSizeToCacheInBytes: 4_000_000,
      },
    }),
  ],
  // The policy of the server allows no data: fonts or scripts.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  optimizeDeps: { exclude: ["orderkit"] },
  server: { proxy: { "/v1": api } },
});
