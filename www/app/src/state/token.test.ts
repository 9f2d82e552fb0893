import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Session } from "./session";
import { fetchAs, renewed, tokenOf } from "./token";

const kept = new Map<string, string>();
const asked: string[] = [];
/** The refresh token that works, and how the server stands. */
let good = "r1";
let isReached = true;

function session(): Session {
  return { token: "t0", tenant: "main", user: "anna", role: "staff", refresh: "r1" };
}

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

async function server(path: string, init: { body?: string; headers?: HeadersInit } = {}): Promise<Response> {
  await Promise.resolve();
  if (!isReached) throw new TypeError("offline");
  asked.push(path);
  if (path === "/v1/session/refresh") {
    const { refresh } = JSON.parse(init.body ?? "") as { refresh: string };
    if (refresh !== good) return answer(401, { code: "token_invalid" });
    const next = Number(good.slice(1)) + 1;
    good = `r${next}`;
    return answer(200, { ...session(), token: `t${next - 1}`, refresh: good });
  }
  const token = new Headers(init.headers).get("authorization")?.slice("Bearer ".length) ?? "";
  return answer(token === `t${Number(good.slice(1)) - 1}` && token !== "t0" ? 200 : 401, {});
}

beforeEach(() => {
  good = "r1";
  isReached = true;
  asked.length = 0;
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", server);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const refreshes = () => asked.filter((path) => path.endsWith("/refresh")).length;

describe("a token that has ended", () => {
  it("is replaced once, however many notice", async () => {
    const anna = session();
    kept.set("orderkit.session", JSON.stringify(anna));
    const all = await Promise.all([
      tokenOf(anna, true),
      tokenOf(anna, true),
      fetchAs(anna, "/v1/main/stock").then((response) => response.status),
      fetchAs(anna, "/v1/main/orders").then((response) => response.status),
    ]);
    expect(all).toEqual(["t1", "t1", 200, 200]);
    expect(await renewed(anna)).toBe("done");
    expect(refreshes()).toBe(1);
    const stored = JSON.parse(kept.get("orderkit.session") ?? "") as Session;
    expect([stored.token, stored.refresh]).toEqual(["t1", "r2"]);
  });

  it("is taken from another page that was first", async () => {
    const anna = session();
    kept.set("orderkit.session", JSON.stringify({ ...anna, token: "t7", refresh: "r8" }));
    expect(await tokenOf(anna, true)).toBe("t7");
    expect(anna.refresh).toBe("r8");
    expect(refreshes()).toBe(0);
  });

  it("is never taken from another user of this browser", async () => {
    const anna = session();
    kept.set("orderkit.session", JSON.stringify({ ...anna, user: "carl", token: "c1", refresh: "rc" }));
    expect(await tokenOf(anna, true)).toBe("t1");
    expect((JSON.parse(kept.get("orderkit.session") ?? "") as Session).user).toBe("carl");
  });

  it("stays as it is while the server is not reached, and when the sign-in is over", async () => {
    const anna = session();
    isReached = false;
    await expect(tokenOf(anna, true)).rejects.toThrow();
    isReached = true;
    good = "r5";
    expect(await tokenOf(anna, true)).toBe("t0");
    expect((await fetchAs(anna, "/v1/main/stock")).status).toBe(401);
  });

  it("of one order has no sign-in to ask", async () => {
    const response = await fetchAs({ token: "t0" }, "/v1/main/orders/1");
    expect([response.status, refreshes()]).toEqual([401, 0]);
  });
});
