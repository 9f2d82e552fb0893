import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Sync, type Store, type SyncOptions } from "../src/node.js";
import { patience } from "../src/sync/exchange.js";
import { backoff } from "../src/sync/wait.js";
import { coreOf } from "../src/store/store.js";
import { FakeServer, json, status, urlOf, type SyncBody } from "./server.js";
import { draft, freshName, openStore, placed, ruleset, until } from "./shop.js";

let server: FakeServer;
let store: Store;
const stores: Store[] = [];
const syncs: Sync[] = [];

async function open(name?: string): Promise<Store> {
  const opened = await openStore(name);
  stores.push(opened);
  return opened;
}

/** Sync with short waits: faults are tried again at once, news are asked for only when there is a reason. */
function start(options: Partial<SyncOptions> = {}, of: Store = store): Sync {
  const sync = new Sync(of, {
    url: "http://shop.test/v1/main",
    token: () => "token",
    fetch: server.fetch,
    eventSource: false,
    pollMs: 60_000,
    retryMs: { first: 1, longest: 5 },
    ...options,
  });
  syncs.push(sync);
  sync.start();
  return sync;
}

const idle = (sync: Sync) => until(() => sync.state.status === "idle" && sync.state.leader, "rest");
const stopped = (sync: Sync) => until(() => sync.state.status === "stopped", "the stop");

beforeEach(async () => {
  server = new FakeServer();
  store = await open();
});

afterEach(async () => {
  for (const sync of syncs.splice(0)) sync.stop();
  await Promise.all(stores.splice(0).map((it) => it.close()));
  vi.unstubAllGlobals();
});

describe("verdicts", () => {
  it("send what is accepted, and bring its number and state", async () => {
    const { order } = await placed(store);
    const sync = start();
    await idle(sync);
    expect(store.standing()).toMatchObject({ orders: 1, unsent: 0, device: "K7" });
    expect(store.standing().lastSyncMs).toBe(sync.state.lastSyncMs);
    expect(store.order(order)).toMatchObject({
      pending: [],
      order: { aliases: [expect.stringMatching(/^T-/)] },
    });
    // With a code of its own, the device makes the numbers itself.
    expect((await placed(store)).number).toContain("K7");
    await until(() => store.standing().unsent === 0);
    expect(server.requests.at(-1)?.ack).toBe(1);
  });

  it("keep what is rejected, with the reason", async () => {
    server.verdicts.set("place@1", {
      issues: [{ code: "price_changed", path: "", args: { shownMinor: 1, nowMinor: 2 } }],
    });
    await placed(store);
    const sync = start();
    await idle(sync);
    expect(store.standing()).toMatchObject({ orders: 0, unsent: 0, refused: 1 });
    expect(store.pending()).toMatchObject([{ verdict: { issues: [{ code: "price_changed" }] } }]);
    expect(store.refused()).toEqual(store.pending());
  });

  it("wait with what is deferred, and do not lose it", async () => {
    server.verdicts.set("cancel@1", { verdict: "deferred", retryAfterMs: 20 });
    const { order } = await placed(store);
    await store.submit("cancel@1", order, { reason: "late" });
    await placed(store);
    const sync = start();
    await until(() => sync.state.status === "waiting");
    expect(sync.state.error).toMatchObject({ code: "try_later" });
    expect(store.standing()).toMatchObject({ orders: 1, unsent: 2 });
    server.verdicts.clear();
    await until(() => store.standing().unsent === 0);
    expect(store.standing().orders).toBe(2);
  });

  it("come in batches", async () => {
    for (let at = 0; at < 205; at += 1) await placed(store);
    server.pageSize = 50;
    await idle(start());
    expect(server.requests[0]?.commands).toHaveLength(200);
    expect(server.requests.flatMap((it) => it.commands).map((it) => it.n)).toEqual(
      Array.from({ length: 205 }, (_, at) => at + 1),
    );
    expect(store.standing()).toMatchObject({ orders: 205, unsent: 0 });
  }, 60_000);
});

describe("a bad network", () => {
  it("loses an answer: the same command is sent again and counts once", async () => {
    server.next.push((_body, serve) => {
      serve();
      throw new TypeError("network");
    });
    await placed(store);
    await idle(start());
    const [first, second] = server.requests;
    expect(second?.commands).toEqual(first?.commands);
    expect(server.orders.size).toBe(1);
    expect(store.standing()).toMatchObject({ orders: 1, unsent: 0 });
  });

  it("answers with a page of its own: that is no success", async () => {
    const page = () => new Response("<html>Sign in</html>", { headers: { "content-type": "text/html" } });
    const lie = () => new Response("<html>", { headers: { "content-type": "application/json" } });
    const other = () => json({ ok: true });
    const cut = (_body: unknown, serve: () => Response) =>
      serve()
        .text()
        .then((text) => new Response(text.slice(0, -9), { headers: { "content-type": "application/json" } }));
    const states: (string | undefined)[] = [];
    server.next.push(page, lie, other, cut);
    await placed(store);
    const sync = start();
    sync.subscribe((state) => {
      if (state.status === "offline") states.push(state.error?.code);
    });
    await idle(sync);
    expect(states).toEqual(Array.from({ length: 4 }, () => "answer_unreadable"));
    expect(store.standing()).toMatchObject({ orders: 1, unsent: 0 });
    expect(server.orders.size).toBe(1);
  });

  it("is tried again at once when it is back", async () => {
    let online: () => void = () => undefined;
    vi.stubGlobal("addEventListener", (name: string, listener: () => void) => {
      if (name === "online") online = listener;
    });
    vi.stubGlobal("removeEventListener", () => undefined);
    server.next.push(() => {
      throw new TypeError("network");
    });
    const sync = start({ retryMs: { first: 60_000, longest: 60_000 } });
    await until(() => sync.state.status === "offline");
    expect(sync.state.error).toMatchObject({ code: "offline" });
    online();
    await idle(sync);
  });
});

describe("statuses", () => {
  it.each([
    [400, "shape_invalid"],
    [403, "token_forbids"],
    [426, "protocol_unknown"],
  ])("%i stops, says why and keeps the outbox", async (code, name) => {
    server.next.push(() => status(code, name));
    await placed(store);
    const sync = start();
    await stopped(sync);
    expect(sync.state).toMatchObject({ status: "stopped", leader: false, error: { code: name } });
    expect(store.standing().unsent).toBe(1);
    sync.start();
    await idle(sync);
    expect(sync.state.error).toBeUndefined();
    expect(store.standing().unsent).toBe(0);
  });

  it.each([400, 401, 403, 409, 426])("%i by something in between is tried again", async (code) => {
    server.next.push(
      () => new Response("<html>", { status: code, headers: { "content-type": "text/html" } }),
    );
    await placed(store);
    await idle(start());
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.client).toBe(server.requests[0]?.client);
  });

  it("401 asks for a new token once", async () => {
    server.next.push(() => status(401, "token_invalid"));
    const token = vi.fn((refused: boolean) => (refused ? "new" : "old"));
    const sync = start({ token });
    await idle(sync);
    expect(server.tokens).toEqual(["Bearer old", "Bearer new"]);
    server.next.push(
      () => status(401, "token_invalid"),
      () => status(401, "token_invalid"),
    );
    void sync.syncNow();
    await stopped(sync);
    expect(sync.state.error).toMatchObject({ code: "token_invalid" });
  });

  it("409 takes a new name: ids stay, counters begin again, reasons are kept", async () => {
    server.verdicts.set("cancel@1", { issues: [{ code: "already_shipped", path: "", args: {} }] });
    const { order } = await placed(store);
    await store.submit("cancel@1", order, { reason: "x" });
    const sync = start();
    await idle(sync);
    server.next.push(() => status(409, "client_forked"));
    const saved = await placed(store);
    expect(saved.n).toBe(3);
    await until(() => store.standing().unsent === 0);
    const [before, after] = server.requests.slice(-2);
    expect(after?.client).not.toBe(before?.client);
    expect(after).toMatchObject({
      ack: 0,
      commands: [{ n: 1, id: before?.commands[0]?.id, order: saved.order }],
    });
    expect(store.pending()).toMatchObject([
      { kind: "cancel@1", verdict: { issues: [{ code: "already_shipped" }] } },
    ]);
    expect(await store.dismiss(store.pending()[0]?.n ?? 0)).toMatchObject({ ok: true });
    expect((await placed(store)).n).toBe(2);
    await until(() => store.standing().unsent === 0);
  });

  it("409 again and again stops", async () => {
    for (let at = 0; at < 9; at += 1) server.next.push(() => status(409, "client_forked"));
    await placed(store);
    const sync = start();
    await stopped(sync);
    expect(sync.state.error).toMatchObject({ code: "client_forked" });
    expect(store.standing().unsent).toBe(1);
  });

  it("413 halves the batch", async () => {
    for (let at = 0; at < 5; at += 1) await placed(store);
    const tooLarge = (most: number) => (body: { commands: unknown[] }) =>
      body.commands.length > most ? new Response("too large", { status: 413 }) : undefined;
    server.next.push(tooLarge(2), tooLarge(2), tooLarge(2));
    const sync = start();
    await idle(sync);
    expect(server.requests.map((it) => it.commands.length)).toEqual([5, 3, 2, 3]);
    expect(store.standing()).toMatchObject({ orders: 5, unsent: 0 });
  });

  it("413 for a single command puts that one aside, and the others go on under a new name", async () => {
    const { n, order } = await placed(store);
    const { order: next } = await placed(store);
    const tooLarge = (body: { commands: { order: string }[] }) =>
      body.commands.some((it) => it.order === order) ? new Response("too large", { status: 413 }) : undefined;
    server.next.push(tooLarge, tooLarge);
    await idle(start());
    expect(store.standing()).toMatchObject({ orders: 1, unsent: 0, refused: 1 });
    expect(store.order(next)).toMatchObject({ confirmedRevision: 1 });
    const [aside] = store.pending();
    expect(aside).toMatchObject({ order, verdict: { verdict: "quarantined" } });
    expect(aside?.verdict?.issues).toMatchObject([{ code: "command_too_large" }]);
    expect(aside?.n).toBeGreaterThan(n);
    const [first, last] = [server.requests[0]?.client, server.requests.at(-1)?.client];
    expect(last).not.toBe(first);
  });

  it("400 about one command puts that one aside", async () => {
    await placed(store);
    server.next.push(() => status(400, "shape_invalid", {}, "/commands/0/args"));
    await idle(start());
    expect(store.pending()).toMatchObject([{ verdict: { issues: [{ code: "shape_invalid" }] } }]);
  });

  it("503 waits as long as the server asks, and not for news", async () => {
    server.next.push(() => status(503, "try_later", { "retry-after": "900" }));
    const sync = start();
    await until(() => sync.state.status === "waiting");
    expect(sync.state.error).toMatchObject({ code: "try_later" });
    await placed(store);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.requests).toHaveLength(1);
    // A person who asks is listened to.
    expect(await sync.syncNow()).toMatchObject({ status: "idle" });
    expect(store.standing().unsent).toBe(0);
  });

  it("500 and 404 are tried again", async () => {
    server.next.push(
      () => status(500, "internal_error"),
      () => new Response("nothing", { status: 404 }),
    );
    await placed(store);
    await idle(start());
    expect(server.requests).toHaveLength(3);
    expect(store.standing().unsent).toBe(0);
  });
});

describe("a server that was set back", () => {
  it("gets everything under a new name when it misses a command that is gone here", async () => {
    await placed(store);
    const sync = start();
    await idle(sync);
    const before = server.orders;
    server = Object.assign(new FakeServer(), { epoch: "e2" });
    for (const it of before.values()) server.put(it.log);
    sync.stop();
    await placed(store);
    await idle(start());
    expect(server.requests[0]?.commands).toMatchObject([{ n: 2 }]);
    expect(server.requests[1]?.client).not.toBe(server.requests[0]?.client);
    expect(store.standing()).toMatchObject({ orders: 2, unsent: 0 });
  });

  it("is asked for everything again when the copy is not what it says", async () => {
    await placed(store);
    server.digest = { orders: 3, hash: "00" };
    const sync = start();
    await until(() => sync.state.error?.code === "store_corrupt");
    server.digest = undefined;
    await idle(sync);
    expect(store.standing().orders).toBe(1);
  });
});

describe("news", () => {
  /** A stream that a test writes to. */
  function stream() {
    let write: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        write = controller;
      },
    });
    return {
      response: new Response(body, { headers: { "content-type": "text/event-stream" } }),
      say: (text: string) => write?.enqueue(new TextEncoder().encode(text)),
      end: () => write?.close(),
    };
  }

  it("come when the server pokes, and not for its own commands", async () => {
    const lines = [stream(), stream()];
    let opened = 0;
    const headers: (string | null)[] = [];
    const fetchBoth: typeof fetch = (input, init) => {
      if (!urlOf(input).endsWith("/events")) return server.fetch(input, init);
      headers.push(new Headers(init?.headers).get("authorization"));
      const line = lines[opened];
      opened += 1;
      return Promise.resolve(line?.response ?? new Response(null, { status: 404 }));
    };
    await placed(store);
    const sync = start({ eventSource: true, fetch: fetchBoth });
    await idle(sync);
    const asked = server.requests.length;
    lines[0]?.say(`: hello\n\ndata: {"seq":${server.seq}}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.requests).toHaveLength(asked);

    const other = await open();
    await placed(other);
    await idle(start({}, other));
    expect(store.standing().orders).toBe(1);
    // In two pieces, as networks cut.
    lines[0]?.say(`data: {"se`);
    lines[0]?.say(`q":${server.seq}}\n\n`);
    await until(() => store.standing().orders === 2, "the poked pull");

    // A line that broke may have missed a poke.
    const before = server.requests.length;
    lines[0]?.end();
    await until(() => server.requests.length > before, "the pull after the break");
    expect(headers).toEqual(["Bearer token", "Bearer token"]);
  });

  it("come when the server pokes while the answer before is being stored", async () => {
    const line = stream();
    const fetchBoth: typeof fetch = (input, init) =>
      urlOf(input).endsWith("/events") ? Promise.resolve(line.response) : server.fetch(input, init);
    const other = await open();
    await placed(other);
    const theirs = new TextDecoder().decode(coreOf(other).client.request(1_000));
    server.next.push((_, serve) => {
      const answer = serve();
      server.serve(JSON.parse(theirs) as SyncBody);
      const put = vi.spyOn(IDBObjectStore.prototype, "put");
      put.mockImplementationOnce(function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
        line.say(`data: {"seq":${server.seq}}\n\n`);
        put.mockRestore();
        return this.put(value, key);
      });
      return answer;
    });
    start({ eventSource: true, fetch: fetchBoth });
    await until(() => store.standing().orders === 1, "the pull after the one that was being stored");
  });

  it("come by a stream that was refused before", async () => {
    const line = stream();
    const refusals = [403, 404, 501, 403].map((status) => new Response(null, { status }));
    const fetchBoth: typeof fetch = (input, init) =>
      urlOf(input).endsWith("/events")
        ? Promise.resolve(refusals.shift() ?? line.response)
        : server.fetch(input, init);
    const sync = start({ eventSource: true, fetch: fetchBoth });
    await idle(sync);
    await until(() => refusals.length === 0, "the tries after the refusals");
    const other = await open();
    await placed(other);
    await idle(start({}, other));
    line.say(`data: {"seq":${server.seq}}\n\n`);
    await until(() => store.standing().orders === 1, "the poked pull");
  });

  it("come without a poke, in time", async () => {
    const sync = start({ pollMs: 10 });
    await idle(sync);
    await until(() => server.requests.length > 3);
  });

  it("bring rules", async () => {
    server.rulesetText = JSON.stringify({ ...ruleset, version: "demo-3" });
    await idle(start());
    expect(store.rules.version).toBe("demo-3");
    server.rulesetText = undefined;
    expect(await store.place(draft(), { isRepeat: true })).toMatchObject({ ok: true });
  });
});

describe("several pages", () => {
  /** Web Locks in a few lines: one holder, the others wait in line, and whoever steals it is the holder at once. */
  function locks() {
    interface Options {
      signal?: AbortSignal;
      steal?: boolean;
    }
    const line: (() => void)[] = [];
    let rob: (() => void) | undefined;
    const next = () => {
      rob = undefined;
      line.shift()?.();
    };
    return {
      request: (_name: string, { signal, steal }: Options, work: () => Promise<void>) =>
        new Promise<void>((resolve, reject) => {
          const aborted = () => new DOMException("aborted", "AbortError");
          const hold = () => {
            let isRobbed = false;
            rob = () => {
              isRobbed = true;
              reject(aborted());
            };
            work()
              .then(resolve, reject)
              .finally(() => {
                if (!isRobbed) next();
              });
          };
          if (steal === true) {
            rob?.();
            hold();
          } else if (rob === undefined) hold();
          else {
            line.push(hold);
            signal?.addEventListener("abort", () => {
              line.splice(line.indexOf(hold), 1);
              reject(aborted());
            });
          }
        }),
    };
  }

  it("take the lock away from one that is frozen, which does no harm when it wakes up", async () => {
    vi.stubGlobal("navigator", { locks: locks() });
    const name = freshName();
    const [one, two] = [await open(name), await open(name)];
    // The first one exchanges, and then never says a word again.
    const first = start({ lead: { beatMs: 1e9, silenceMs: 40 } }, one);
    await idle(first);
    const second = start({ lead: { beatMs: 10, silenceMs: 40 } }, two);
    await until(() => second.state.leader, "the taking away");
    expect(first.state.leader).toBe(false);
    const { order } = await placed(one);
    await until(() => one.standing().unsent === 0, "the exchange by the other page");
    expect(server.orders.get(order)?.log.events).toHaveLength(1);
  });

  it("let one exchange for all, and another one when that is gone", async () => {
    vi.stubGlobal("navigator", { locks: locks() });
    const name = freshName();
    const [one, two] = [await open(name), await open(name)];
    const [first, second] = [start({}, one), start({}, two)];
    await idle(first);
    await placed(two);
    await until(
      () => two.standing().orders === 1 && two.standing().unsent === 0,
      "the exchange by the other page",
    );
    expect(second.state.leader).toBe(false);
    expect(second.state.lastSyncMs).toBeGreaterThan(0);
    const asked = server.requests.length;
    expect(await second.syncNow()).toMatchObject({ status: "idle", leader: false });
    expect(server.requests.length).toBeGreaterThan(asked);

    first.stop();
    await until(() => second.state.leader, "the succession");
    await placed(one);
    await until(() => two.standing().orders === 2);
    // It goes on where the first one was, not from the beginning.
    const sent = server.requests.find((it) => it.commands.some((command) => command.n === 2));
    expect(sent).toMatchObject({ since: { seq: 1 }, ack: 1 });
  });
});

describe("waits", () => {
  it("read what a server asks for, in seconds or as a date", () => {
    const nowMs = Date.UTC(2026, 0, 1);
    expect(patience("2", nowMs)).toBe(2_000);
    expect(patience(new Date(nowMs + 5_000).toUTCString(), nowMs)).toBe(5_000);
    expect(patience(new Date(nowMs - 5_000).toUTCString(), nowMs)).toBe(0);
    expect(patience("99999", nowMs)).toBe(99_999_000);
    expect(patience("soon", nowMs)).toBeUndefined();
    expect(patience(null, nowMs)).toBeUndefined();
  });

  it("grow to a limit, and are spread", () => {
    const retryMs = { first: 1_000, longest: 60_000 };
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const most = Math.min(1_000 * 2 ** attempt, 60_000);
      const waitMs = backoff(attempt, retryMs);
      expect(waitMs).toBeGreaterThanOrEqual(most / 2);
      expect(waitMs).toBeLessThanOrEqual(most);
    }
  });
});
