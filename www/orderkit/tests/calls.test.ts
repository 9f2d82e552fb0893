import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import {
  allowedCommands,
  decide,
  explain,
  lint,
  message,
  newId,
  nextOffers,
  number,
  OrderkitError,
  quote,
  ready,
  Rules,
  shippingOptions,
  validate,
  view,
  type Draft,
  type EventRecord,
  type Ruleset,
} from "../src/node.js";
import { draft, nowMs, ruleset, staff } from "./shop.js";

/** The error that a call throws. */
function thrown(call: () => unknown): OrderkitError {
  try {
    call();
  } catch (error) {
    if (error instanceof OrderkitError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("before the engine is loaded", () => {
  it("says what to call", () => {
    expect(thrown(() => quote(draft(), ruleset)).message).toContain("await ready()");
  });

  it("tries again after a failure", async () => {
    await expect(ready({ wasm: new Uint8Array([1, 2, 3]) })).rejects.toMatchObject({ code: "module_failed" });
    const other = await readFile(new URL("../wasm/orderkit_bg.wasm", import.meta.url));
    // The mark of the build is at the very end.
    other[other.length - 1] = 0x78;
    await expect(ready({ wasm: other })).rejects.toMatchObject({ code: "module_outdated" });
    await ready();
    expect(ready()).toBe(ready());
  });
});

describe("pricing", () => {
  beforeAll(() => ready());

  it("adds up and explains itself", () => {
    const answer = quote(draft(), ruleset, { nowMs });
    if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
    const { totals, trace } = answer.quote;
    expect(totals.netMinor + totals.taxMinor).toBe(totals.grossMinor);
    expect(totals.itemsMinor).toBe(590);
    expect(trace?.length).toBeGreaterThan(1);
  });

  it("gives the same with rules that are loaded once", () => {
    using rules = Rules.load(JSON.stringify(ruleset));
    expect(quote(draft(), rules, { nowMs })).toEqual(quote(draft(), ruleset, { nowMs }));
    expect(rules.version).toBe(ruleset.version);
    expect(rules.ruleset).toEqual(ruleset);
    expect(Rules.load(new TextEncoder().encode(JSON.stringify(ruleset))).digest).toBe(rules.digest);
  });

  it("says why, and what is in reach, in both languages", () => {
    const shop: Ruleset = {
      version: "1",
      name: { en: "Shop" },
      currency: "EUR",
      homeCountry: "DE",
      priceBasis: "taxInclusive",
      products: [{ sku: "mug", name: { en: "Mug", zh: "杯" }, unitPrice: "7.90", taxClass: "none" }],
      promotions: [
        {
          id: "second",
          name: { en: "Second at half price", zh: "第二件半价" },
          effect: { kind: "nthUnit", n: 2, percent: "50" },
        },
      ],
      taxClasses: [{ id: "none", rules: [{ components: [{ category: "Z" }] }] }],
    };
    const cart: Draft = { lines: [{ sku: "mug", quantity: "1" }] };
    const told = explain(cart, shop, { language: "en", nowMs });
    expect(told).toMatchObject({
      ok: true,
      explanations: [
        { kind: "price", sentence: "Mug: 1 × 7.90 EUR = 7.90 EUR.", amountMinor: 790, line: 0 },
        { kind: "notQualified", rule: "second" },
        { kind: "tax" },
      ],
    });
    const offers = nextOffers(cart, shop, { language: "zh", nowMs });
    expect(offers).toEqual({
      ok: true,
      offers: [
        {
          kind: "promotion",
          rule: "second",
          sentence: "再买 1 × 杯即享第二件半价，可省 3.95 EUR。",
          missingQuantity: "1",
          goods: [{ sku: "mug", quantity: "1" }],
          saveMinor: 395,
        },
      ],
    });
    const unknown: Draft = { lines: [{ sku: "nothing", quantity: "1" }] };
    expect(explain(unknown, shop, { language: "en", nowMs })).toMatchObject({ ok: false });
  });

  it("returns what the shop refuses", () => {
    const unknown: Draft = { lines: [{ sku: "nothing", quantity: "1" }] };
    expect(quote(unknown, ruleset, { nowMs })).toMatchObject({
      ok: false,
      issues: [{ code: "sku_unknown", path: "/lines/0/sku" }],
    });
    expect(validate({}, ruleset, { nowMs }).issues.map((it) => it.code)).toContain("lines_empty");
    expect(validate(draft(), ruleset, { nowMs })).toEqual({ ok: true, issues: [] });
  });

  it("checks rules before they are saved", () => {
    expect(lint(ruleset, { nowMs }).filter((it) => it.severity === "error")).toEqual([]);
    const ended: Ruleset = {
      ...ruleset,
      promotions: [
        {
          id: "spring",
          name: { en: "Spring" },
          endsMs: nowMs,
          effect: { kind: "orderPercentage", percent: "10" },
        },
      ],
    };
    const [finding] = lint(ended, { nowMs }).filter((it) => it.issue.code === "promotion_ended");
    expect(finding).toMatchObject({ severity: "warning", issue: { path: "/promotions/0/endsMs" } });
    const unusable = lint('{"version": 1}', { nowMs });
    expect(unusable).toMatchObject([{ severity: "error", issue: { code: "shape_invalid" } }]);
  });

  it("lists every shipping method with its price or its refusal", () => {
    const answer = shippingOptions(draft(), ruleset, { nowMs });
    if (!answer.ok) throw new Error("refused");
    expect(answer.options.map((option) => option.method)).toEqual(
      ruleset.shippingMethods?.map((method) => method.id),
    );
    for (const { method, amountMinor, issues } of answer.options) {
      const order = draft();
      const priced = quote({ ...order, details: { ...order.details, shippingMethod: method } }, ruleset, {
        nowMs,
      });
      expect(priced.ok ? priced.quote.shipping?.amountMinor : undefined).toBe(amountMinor);
      expect(issues.length === 0).toBe(priced.ok);
    }
  });

  it("throws what only a programmer can mend, and goes on", () => {
    const wrong: [unknown, string, string][] = [
      [{ lines: [{ sku: "85123A", quantity: 1.5 }] }, "shape_invalid", "/lines/0/quantity"],
      [{ lines: [{ sku: "85123A", quantity: 2n }] }, "shape_invalid", "/lines/0/quantity"],
      [{ colour: "red" }, "shape_invalid", "/colour"],
      [undefined, "shape_invalid", ""],
      [() => 1, "shape_invalid", ""],
      [null, "shape_invalid", ""],
      [{ prepaidMinor: Number.NaN, lines: 7 }, "shape_invalid", "/lines"],
      ["x".repeat(17 * 1024 * 1024), "document_too_large", ""],
    ];
    for (const [value, code, path] of wrong) {
      for (const call of [quote, validate]) {
        const error = thrown(() => call(value as Draft, ruleset, { nowMs }));
        expect([error.code, error.path]).toEqual([code, path]);
        expect(error.message.length).toBeGreaterThan(code.length + 10);
        expect(quote(draft(), ruleset, { nowMs }).ok).toBe(true);
      }
    }
  });

  it("finds the place of a cycle", () => {
    const cyclic: { lines: object[]; "a/b": unknown } = { lines: [{}], "a/b": 1 };
    Object.assign(cyclic.lines[0] ?? {}, { up: { "a/b": cyclic.lines } });
    expect(thrown(() => quote(cyclic as Draft, ruleset))).toMatchObject({
      code: "document_cyclic",
      path: "/lines/0/up/a~1b",
    });
    const twice = { sku: "85123A", quantity: "1" };
    expect(quote({ lines: [twice, twice] }, ruleset, { nowMs }).ok).toBe(true);
  });

  it("hands on an error that a getter throws", () => {
    const own = new RangeError("mine");
    const value = {
      get lines(): never {
        throw own;
      },
    };
    expect(() => quote(value, ruleset)).toThrow(own);
  });

  it("refuses rules that are disposed of, and rules that are wrong", () => {
    const rules = Rules.load(ruleset);
    rules.dispose();
    rules.dispose();
    expect(thrown(() => quote(draft(), rules)).code).toBe("rules_disposed");
    expect(thrown(() => Rules.load({ ...ruleset, version: "" })).issues.length).toBeGreaterThan(0);
    expect(thrown(() => Rules.load("{")).code).toBe("json_malformed");
    expect(thrown(() => quote(draft(), {} as Ruleset)).code).toBe("shape_invalid");
  });
});

describe("orders", () => {
  beforeAll(() => ready());
  const facts = { rules: ruleset, actor: staff, atMs: nowMs };

  it("are decided, folded and named", () => {
    const priced = quote(draft(), ruleset, { nowMs });
    if (!priced.ok) throw new Error("no price");
    const expectation = {
      totalMinor: priced.quote.totals.grossMinor,
      rulesetDigest: priced.quote.rulesetDigest,
    };
    const made = number(ruleset, { atMs: nowMs, device: "K7", sequence: 1 });
    if (!made.ok) throw new Error(JSON.stringify(made.issues));
    const place = { draft: draft(), expect: expectation, number: made.made.number };
    const answer = decide(null, { kind: "place@1", args: place }, { ...facts, device: "K7" });
    if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
    const events: EventRecord[] = answer.events.map((event) => ({ atMs: nowMs, by: staff, event }));
    const log = { id: newId(), events };
    expect(view(log)).toMatchObject({
      order: { number: made.made.number, status: "placed" },
      derived: { payment: "unpaid" },
    });
    const allowed = allowedCommands(log, facts);
    expect(allowed.find((it) => it.command === "place")).toMatchObject({ allowed: false });
    expect(decide(log, { kind: "cancel@1", args: { reason: " " } }, facts)).toMatchObject({
      ok: false,
      issues: [{ code: "required", path: "/args/reason" }],
    });
    const wrong = { reason: 7 } as never;
    expect(thrown(() => decide(log, { kind: "cancel@1", args: wrong }, facts)).path).toBe("/args/reason");
  });

  it("are not seen in a log without a beginning", () => {
    expect(thrown(() => view({ id: newId(), events: [] })).code).toBe("store_corrupt");
  });
});

describe("sentences", () => {
  beforeAll(() => ready());

  it("come in both languages", () => {
    const issue = { code: "quantity_too_large", path: "", args: { maximum: 10 } } as const;
    expect(message(issue, "en")).toContain("At most 10");
    expect(message(issue, "zh")).toMatch(/10/);
    const failed = { code: "storage_failed", path: "", args: { reason: "AbortError" } } as const;
    expect(message(failed, "en")).toContain("(AbortError)");
    expect(message(failed, "zh")).toContain("AbortError");
  });

  it("say what is wrong with rules", () => {
    const unusable = {
      code: "ruleset_invalid" as const,
      path: "/shippingMethods/0/zones/0",
      args: { reason: "unknown", name: "alps" },
    };
    expect(message(unusable, "en")).toBe("The shop rules are not usable: there is no “alps”.");
    expect(message(unusable, "zh")).toBe("店铺规则不可用：没有“alps”。");
  });

  it("fall back to the code of a newer server", () => {
    expect(message({ code: "from_tomorrow" as "required", path: "", args: {} }, "en")).toMatch(
      /does not know/,
    );
  });
});

describe("ids", () => {
  it("rise, also when the clock goes back", () => {
    const ids = Array.from({ length: 10_000 }, (_, at) => newId(nowMs - (at % 3)));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids.slice(0, 50)) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});

it("names the argument that is misused", () => {
  const shop = Rules.load(ruleset);
  const misuse = (run: () => unknown, message: string) => {
    expect(run).toThrow(OrderkitError);
    expect(run).toThrow(message);
  };
  misuse(() => explain(draft(), shop, undefined as never), "shape_invalid (at /language)");
  misuse(() => nextOffers(draft(), shop, {} as never), "shape_invalid (at /language)");
  misuse(() => explain(draft(), shop, { language: "fr" as never }), "shape_invalid (at /language)");
  misuse(() => quote(draft(), shop, 5 as never), "what is known is an object");
  misuse(() => quote(draft(), shop, null as never), "what is known is an object");
  let deep: unknown = {};
  for (let level = 0; level < 20_000; level += 1) deep = { deep };
  misuse(() => quote(deep as never, shop), "nested too deeply");
  const refused = quote({ ...draft(), currency: "USD" }, shop, { nowMs });
  expect(refused).toMatchObject({ ok: false, issues: [{ code: "currency_mismatch", path: "/currency" }] });
});
