// How much memory a page holds that has all orders open: script, wasm and what they allocated, as the browser itself counts it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Fills a profile, opens it in a new browser, and asks that one. */
export async function measureMemory(copy, name, orders) {
  const { launch, newProfile, rmProfile, serveStatic } = await import(
    pathToFileURL(join(copy, "lib", "chromium.mjs"))
  );
  const { bundle } = await import(pathToFileURL(join(copy, "lib", "bundle.mjs")));
  const folder = join(copy, "storage");
  const stdin = `import adapter from "./adapters/${name}.mjs"; globalThis.adapter = adapter;`;
  await bundle({ stdin, resolveDir: folder, outfile: join(folder, "dist", "memory.js") });
  const roots = { "/dist/": join(folder, "dist"), "/adapters/": join(folder, "adapters") };
  const server = await serveStatic(roots);
  const profile = newProfile();
  const inPage = async (work) => {
    const browser = await launch(profile);
    try {
      await browser.page.goto(server.url);
      await browser.page.addScriptTag({ url: "/dist/memory.js", type: "module" });
      await browser.page.waitForFunction("globalThis.adapter !== undefined");
      return await browser.page.evaluate(work);
    } finally {
      await browser.close();
    }
  };
  try {
    await inPage(fill);
    const { bytes, found } = await inPage(open);
    if (found !== orders) throw new Error(`${found} of ${orders} orders are there`);
    return { bytes, megabytes: bytes / 1e6 };
  } finally {
    rmProfile(profile);
    await server.close();
  }
}

// Both run in the page and know nothing of this file.

async function fill() {
  const readAsset = async (file) => new Uint8Array(await (await fetch(`/adapters/${file}`)).arrayBuffer());
  const { adapter } = globalThis;
  await adapter.init({ readAsset });
  await adapter.open("single");
  await adapter.close();
  await adapter.open("main");
  await adapter.bulk();
  await adapter.close();
}

async function open() {
  const readAsset = async (file) => new Uint8Array(await (await fetch(`/adapters/${file}`)).arrayBuffer());
  const { adapter } = globalThis;
  await adapter.init({ readAsset });
  await adapter.open("main");
  await adapter.lastCreated(50, Number.MAX_SAFE_INTEGER);
  const counts = Object.values(await adapter.countByStatus());
  globalThis.gc?.();
  const { bytes } = await performance.measureUserAgentSpecificMemory();
  return { bytes, found: counts.reduce((sum, count) => sum + count, 0) };
}
