import { createHash } from "node:crypto";
import { decide, type CommandResult, type EventRecord, type Issue, type OrderLog } from "../src/node.js";
import type { Envelope } from "../src/store/client.js";
import { ruleset, staff } from "./shop.js";

type IssueOfEngine = NonNullable<CommandResult["issues"]>[number];

/** A request as the server reads it. */
export interface SyncBody {
  v: number;
  client: string;
  rules: string;
  since?: { epoch: string; seq: number };
  limit: number;
  ack: number;
  commands: Envelope[];
}

/** What the server keeps of a client. */
interface Client {
  last: number;
  results: Map<number, CommandResult>;
  ids: Map<number, string>;
}

/** What a test does in place of the server's answer; `undefined` leaves it to the server. */
export type Intervention = (
  body: SyncBody,
  serve: () => Response,
) => Response | Promise<Response> | undefined;

/** A server in a few lines: it decides by the real rules and keeps what the protocol says it keeps. */
export class FakeServer {
  readonly requests: SyncBody[] = [];
  readonly tokens: string[] = [];
  readonly orders = new Map<string, { log: OrderLog; seq: number }>();
  /** What happens to the next requests, one each. */
  readonly next: Intervention[] = [];
  /** Verdicts that the rules would not give, by kind. */
  readonly verdicts = new Map<string, Partial<CommandResult>>();
  readonly extras: Record<string, unknown>[] = [];
  epoch = "e1";
  seq = 0;
  pageSize = 1_000;
  digest: { orders: number; hash: string } | undefined;
  rulesetText: string | undefined;
  readonly #clients = new Map<string, Client>();
  #hash = 0n;
  readonly #decided = new Map<string, CommandResult>();

  readonly fetch: typeof fetch = async (input, init) => {
    if (!urlOf(input).endsWith("/sync")) return new Response(null, { status: 404 });
    this.tokens.push(new Headers(init?.headers).get("authorization") ?? "");
    const body = JSON.parse(new TextDecoder().decode(init?.body as Uint8Array)) as SyncBody;
    this.requests.push(body);
    const serve = () => this.serve(body);
    return (await this.next.shift()?.(body, serve)) ?? serve();
  };

  serve(body: SyncBody): Response {
    const client: Client = this.#clients.get(body.client) ?? { last: 0, results: new Map(), ids: new Map() };
    this.#clients.set(body.client, client);
    const results: CommandResult[] = [];
    let gap: number | undefined;
    for (const command of body.commands) {
      if (command.n > client.last + 1) {
        gap = client.last + 1;
        break;
      }
      if (command.n <= client.last) {
        if (client.ids.get(command.n) !== command.id) return status(409, "client_forked");
        const known = client.results.get(command.n);
        if (known !== undefined) results.push(known);
        continue;
      }
      const result = this.#decided.get(command.id) ?? this.#decide(command);
      results.push({ ...result, n: command.n });
      if (result.verdict === "deferred") break;
      client.last = command.n;
      client.ids.set(command.n, command.id);
      client.results.set(command.n, { ...result, n: command.n });
      this.#decided.set(command.id, result);
    }
    return this.#respond(body, client.last, results, gap);
  }

  #decide(command: Envelope): CommandResult {
    const { n, id } = command;
    const forced = this.verdicts.get(command.kind);
    if (forced !== undefined) return { n, id, verdict: "rejected", ...forced };
    const known = this.orders.get(command.order);
    const log = known?.log ?? { id: command.order, events: [] };
    const answer = decide(known?.log ?? null, { kind: command.kind, args: command.args } as never, {
      rules: ruleset,
      actor: staff,
      atMs: command.atMs,
      device: "K7",
      assignedNumber: `S-${n}`,
    });
    if (!answer.ok) return { n, id, verdict: "rejected", issues: answer.issues as IssueOfEngine[] };
    const events: EventRecord[] = answer.events.map((event) => ({
      atMs: command.atMs,
      by: staff,
      command: id,
      event,
    }));
    this.put({ ...log, events: [...log.events, ...events] });
    return { n, id, verdict: "accepted", seq: this.seq };
  }

  /** Stores an order as if another device had changed it. */
  put(log: OrderLog): void {
    const old = this.orders.get(log.id);
    if (old !== undefined) this.#hash ^= this.#digestOf(old.log);
    this.#hash ^= this.#digestOf(log);
    this.seq += 1;
    this.orders.set(log.id, { log, seq: this.seq });
  }

  #respond(body: SyncBody, processed: number, results: CommandResult[], gap: number | undefined): Response {
    const resync = body.since !== undefined && body.since.epoch !== this.epoch;
    const from = resync ? 0 : (body.since?.seq ?? 0);
    const newer = [...this.orders.values()].filter((it) => it.seq > from).sort((a, b) => a.seq - b.seq);
    const page = newer.slice(0, Math.min(body.limit, this.pageSize));
    const more = page.length < newer.length;
    const next = more ? (page.at(-1)?.seq ?? from) : this.seq;
    const hash = this.#hash.toString(16).padStart(16, "0");
    const digest = this.digest ?? { orders: this.orders.size, hash };
    return json({
      v: 1,
      epoch: this.epoch,
      timeMs: Date.now(),
      processed,
      device: "K7",
      results,
      changes: page.map(({ log, seq }) => ({ seq, order: log })),
      next,
      more,
      ...(resync ? { resync } : {}),
      ...(gap === undefined ? {} : { gap }),
      ...(more ? {} : { digest: { upto: next, ...digest } }),
      ...(this.rulesetText === undefined ? {} : { ruleset: JSON.parse(this.rulesetText) as unknown }),
      ...this.extras.shift(),
    });
  }

  /** The part of one order in the checksum of all. */
  #digestOf(log: OrderLog): bigint {
    const revision = Buffer.alloc(8);
    revision.writeBigUInt64BE(BigInt(log.events.length));
    const id = Buffer.from(log.id.replaceAll("-", ""), "hex");
    return createHash("sha256").update(id).update(revision).digest().readBigUInt64BE();
  }
}

/** The address of a request. */
export function urlOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : input.toString();
}

export function json(body: unknown, init?: ResponseInit): Response {
  return new Response(JSON.stringify(body), {
    ...init,
    headers: { "content-type": "application/json", ...(init?.headers as Record<string, string> | undefined) },
  });
}

/** A refusal as the real server writes it. */
export function status(code: number, name: string, headers?: Record<string, string>, path = ""): Response {
  const issue: Issue = { code: name as Issue["code"], path, args: {} };
  return json(
    { ...issue, message: name, issues: [issue] },
    { status: code, ...(headers ? { headers } : {}) },
  );
}
