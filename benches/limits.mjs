// Figures beside the best peer and the limit of the design.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { printTable, show } from "./table.mjs";

const FOLDER = fileURLToPath(new URL("../target/bench", import.meta.url));

/**
 * A row: `ours` beside `peers` (figures by name), less being better. `limit` is what the ratio to the best of them may be, or with
 * `absolute` the figure itself; without one the row only tells.
 */
export function judge({ what, unit, ours, peers = {}, limit, absolute, note = "" }) {
  const known = Object.entries(peers).filter(([, figure]) => Number.isFinite(figure));
  const [peer, best] = known.sort((one, other) => one[1] - other[1])[0] ?? [];
  const ratio = best === undefined ? undefined : ours / best;
  const judged = absolute === undefined ? ratio : ours;
  const most = absolute ?? limit;
  const met = most === undefined || judged === undefined ? undefined : judged <= most;
  return { what, unit, ours, peer, best, ratio, limit, absolute, met, note };
}

const figure = (value) => (Number.isFinite(value) ? show(value) : "–");

function limitOf({ limit, absolute, unit }) {
  if (absolute !== undefined) return `${absolute} ${unit}`;
  return limit === undefined ? "" : `x ${limit}`;
}

function verdict({ met }) {
  if (met === undefined) return "";
  return met ? "met" : "MISSED";
}

/** Prints the rows with what must be known to read them, and keeps them as JSON. */
export async function report(name, title, rows, about) {
  console.log(`\n${title}`);
  printTable(
    ["", "orderkit", "best peer", "", "ratio", "limit", ""],
    rows.map((row) => [
      row.what,
      `${figure(row.ours)} ${row.unit}`,
      row.best === undefined ? "–" : `${figure(row.best)} ${row.unit}`,
      row.peer ?? "",
      figure(row.ratio),
      limitOf(row),
      verdict(row),
    ]),
  );
  for (const { what, note } of rows.filter((row) => row.note)) console.log(`  ${what}: ${note}`);
  await mkdir(FOLDER, { recursive: true });
  const file = `${FOLDER}/${name}.json`;
  await writeFile(file, `${JSON.stringify({ ...about, rows }, null, 1)}\n`);
  console.log(`wrote ${file}`);
}
