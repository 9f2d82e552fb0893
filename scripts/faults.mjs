// Runs every test that is named after a fault of tests/faults.json, in each place, and prints which faults are shown.
//
//   node scripts/faults.mjs [--only=tests,fuzz] [--seconds=5]
//
// A fault counts if each place that is named for it has a test, and all of them pass. Exit code 1 if one does not count.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const faults = JSON.parse(readFileSync(`${root}tests/faults.json`, "utf8"));
const option = (name) => process.argv.find((it) => it.startsWith(`--${name}=`))?.slice(name.length + 3);
const only = option("only")?.split(",");

/** Runs a command and gives what it said, and shows the errors of one that failed. */
function run(command, args) {
  const done = spawnSync(command, args, {
    cwd: root,
    // A backlog of two weeks; test runs have a shorter one.
    env: { ORDERKIT_BACKLOG: "20000", ...process.env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0) process.stderr.write(`${command} ${args.join(" ")}: ${done.status}\n`);
  return done.stdout ?? "";
}

/** The numbers in the name of a test: `fault_17_18_killed` has two. */
export function numbers(name) {
  const found = /\bfault[ _](\d+(?:[ _]\d+)*)(?=[ _:])/.exec(name);
  return found ? found[1].split(/[ _]/).map(Number) : [];
}

/** Each place gives [name, numbers, whether it passed] of its tests. */
const places = {
  tests() {
    const said = run("cargo", ["test", "--workspace", "--no-fail-fast", "--", "fault_"]);
    return [...said.matchAll(/^test (?:.*::)?(fault_\w+)(?: - .*)? \.\.\. (\w+)/gm)].map(([, name, end]) => [
      name,
      numbers(name),
      end === "ok",
    ]);
  },
  browser() {
    const config = ["-c", "tests/browser/playwright.config.ts"];
    const said = run("npx", ["playwright", "test", ...config, "-g", "fault[ _][0-9]+", "--reporter=json"]);
    const start = said.indexOf("{");
    if (start < 0) return [];
    const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
    return specs(JSON.parse(said.slice(start))).map(({ title, ok }) => [title, numbers(title), ok]);
  },
  simulation() {
    if (!existsSync(`${root}simulation/Cargo.toml`)) return [];
    const args = ["run", "--quiet", "--release", "-p", "orderkit-simulation", "--", "--faults"];
    const said = run("cargo", args);
    return [...said.matchAll(/^fault (\d+) (\d+)$/gm)].map(([line, number, count]) => [
      line,
      [Number(number)],
      Number(count) > 0,
    ]);
  },
  fuzz() {
    const said = run("scripts/fuzz", [option("seconds") ?? "5"]);
    const passed = new Map(
      [...said.matchAll(/^fuzz (\w+): (\d+ inputs|CRASH)/gm)].map(([, name, end]) => [
        name,
        end !== "CRASH" && !end.startsWith("0 "),
      ]),
    );
    return faults
      .filter(({ places }) => places.fuzz)
      .flatMap(({ number, places }) =>
        places.fuzz.split(" ").map((name) => [name, [number], passed.get(name) ?? false]),
      );
  },
};

/** What a place shows of a fault: undefined if it was not run. */
const shown = {};
for (const [place, find] of Object.entries(places)) {
  if (only && !only.includes(place)) continue;
  shown[place] = new Map(faults.map(({ number }) => [number, { passed: 0, failed: [] }]));
  for (const [name, found, passed] of find()) {
    for (const number of found) {
      const result = shown[place].get(number);
      if (!result) continue;
      if (passed) result.passed += 1;
      else result.failed.push(name);
    }
  }
}

let counted = 0;
console.log("NN | fault | where | tests | result");
for (const { number, title, places: wanted } of faults) {
  let isShown = true;
  let total = 0;
  const remarks = [];
  for (const place of Object.keys(wanted)) {
    const result = shown[place]?.get(number);
    total += (result?.passed ?? 0) + (result?.failed.length ?? 0);
    if (!result) remarks.push(`${place} not run`);
    else if (result.failed.length) remarks.push(`${place}: ${result.failed.join(", ")} failed`);
    else if (!result.passed) remarks.push(`${place} has no test`);
    isShown &&= Boolean(result?.passed && !result.failed.length);
  }
  counted += isShown ? 1 : 0;
  const row = [String(number).padStart(2, "0"), title, Object.keys(wanted).join(" "), total];
  console.log([...row, isShown ? "ok" : remarks.join("; ")].join(" | "));
}
console.log(`faults: ${counted} of ${faults.length}`);
process.exit(counted === faults.length ? 0 : 1);
