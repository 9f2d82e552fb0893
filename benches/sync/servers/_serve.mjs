// In place of the peers' file of this name: the same, and it counts the bytes of bodies that cross, for every peer alike. What was
// counted is written at each `/api/count`, as one line of JSON, to the file that ORDERKIT_BYTES names.
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import http from "node:http";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
};
const TYPES = { ".wasm": "application/wasm", ".json": "application/json" };
/** Node can by itself from version 22.15 on; before, the program of the same name has to. */
const zstd =
  zlib.zstdDecompressSync ??
  ((body) => execFileSync("zstd", ["-d", "-c"], { input: body, maxBuffer: 1 << 30 }));
const DECODERS = { gzip: zlib.gunzipSync, br: zlib.brotliDecompressSync, deflate: zlib.inflateSync, zstd };
const PAGE = "<!doctype html><meta charset=utf-8><title>bench</title>";

/** What crossed since the page was loaded last. */
let tally;
let side = "none";
let adapter = "none";

function begin() {
  side = side === "push" ? "pull" : "push";
  tally = { requests: 0, sent: 0, received: 0, answers: [] };
}

function countBodies(request, response) {
  const of = tally;
  of.requests += 1;
  const { emit } = request;
  // A listener would make it flow before the server is ready to listen.
  request.emit = (event, ...values) => {
    if (event === "data") of.sent += values[0].length;
    return emit.call(request, event, ...values);
  };
  const chunks = [];
  const keep = (chunk, encoding) => {
    if (chunk && typeof chunk !== "function") chunks.push(Buffer.from(chunk, encoding));
  };
  const { write, end } = response;
  response.write = (chunk, encoding, done) => {
    keep(chunk, typeof encoding === "string" ? encoding : undefined);
    return write.call(response, chunk, encoding, done);
  };
  response.end = (chunk, encoding, done) => {
    keep(chunk, typeof encoding === "string" ? encoding : undefined);
    return end.call(response, chunk, encoding, done);
  };
  response.on("finish", () => {
    of.answers.push({ chunks, encoding: response.getHeader("content-encoding") });
  });
}

/** Unpacked only now: that takes time, and the clock has stopped. */
function report() {
  const file = process.env.ORDERKIT_BYTES;
  if (!file) return;
  let received = 0;
  let unpacked = 0;
  for (const { chunks, encoding } of tally.answers) {
    const body = Buffer.concat(chunks);
    received += body.length;
    unpacked += (DECODERS[encoding]?.(body) ?? body).length;
  }
  const { requests, sent } = tally;
  appendFileSync(file, `${JSON.stringify({ adapter, side, requests, sent, received, unpacked })}\n`);
}

function serveFile(response, folder, name) {
  const file = join(root, folder, name);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { ...ISOLATED, "Content-Type": TYPES[extname(name)] ?? "text/javascript" });
  return response.end(readFileSync(file));
}

/** Page and bundles at `/`, `/dist/` and `/adapters/`; everything else is the server's own. */
export function serve(handle, stop = () => Promise.resolve()) {
  const server = http.createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    if (path === "/") {
      begin();
      return response.writeHead(200, { ...ISOLATED, "Content-Type": "text/html" }).end(PAGE);
    }
    const [, folder, name] = /^\/(dist|adapters)\/([\w.-]+)$/.exec(path) ?? [];
    if (folder === "dist") adapter = name.replace(/\.js$/, "");
    if (folder !== undefined) return serveFile(response, folder, name);
    if (path === "/api/count") report();
    else if (path !== "/favicon.ico" && tally !== undefined) countBodies(request, response);
    return handle(request, response);
  });
  const end = () => {
    server.closeAllConnections();
    void stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", end);
  process.on("disconnect", end);
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => console.log(`PORT ${server.address().port}`));
}
