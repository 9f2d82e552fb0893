// The answers of a real server to somebody who pulls the generator's orders: each placed, paid, shipped … by commands before.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Rules, ready } from "../../www/orderkit/dist/node.js";
import { startServer, TENANT } from "../server.mjs";
import { commandsOf, orderIdOf, ruleset } from "../shop.mjs";

const COMMANDS = 200;
const CHANGES = 1_000;

/** Writes `orderkit-answer-N.json` into the folder, and says how many there are and how large they are. */
export async function recordAnswers(binary, orders, folder) {
  await ready();
  const { digest } = Rules.load(ruleset);
  const server = await startServer(binary, ruleset);
  try {
    await push(server, orders, digest);
    return await pull(server, folder, digest);
  } finally {
    await server.stop();
  }
}

async function exchange({ port, token }, body) {
  const response = await fetch(`http://127.0.0.1:${port}/v1/${TENANT}/sync`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ v: 1, ...body }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

async function push(server, orders, rules) {
  const client = randomUUID();
  let n = 0;
  let since;
  const envelope = (order) => (command) => {
    const [kind, args] = command;
    n += 1;
    return { n, id: randomUUID(), order: orderIdOf(order.id), kind, base: 0, atMs: order.createdAt, args };
  };
  let waiting = [];
  const send = async () => {
    const commands = waiting.splice(0, COMMANDS);
    const ack = commands[0].n - 1;
    const answer = JSON.parse(await exchange(server, { client, ack, limit: 1, rules, since, commands }));
    const refused = answer.results.find((result) => result.verdict !== "accepted");
    if (refused) throw new Error(JSON.stringify(refused));
    since = { epoch: answer.epoch, seq: answer.results.at(-1).seq };
  };
  for (const order of orders) {
    waiting.push(...commandsOf(order, rules).map(envelope(order)));
    while (waiting.length >= COMMANDS) await send();
  }
  while (waiting.length > 0) await send();
}

async function pull(server, folder, rules) {
  const client = randomUUID();
  const sizes = { answers: 0, bytes: 0 };
  let since;
  for (;;) {
    const text = await exchange(server, { client, ack: 0, limit: CHANGES, rules, since, commands: [] });
    await writeFile(join(folder, `orderkit-answer-${sizes.answers}.json`), text);
    sizes.answers += 1;
    sizes.bytes += Buffer.byteLength(text);
    const { epoch, next, more } = JSON.parse(text);
    if (!more) return sizes;
    since = { epoch, seq: next };
  }
}
