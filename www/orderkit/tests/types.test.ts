import { expect, it } from "vitest";
import type { Code, Command, Draft, Issue, Outcome, Quote, Store, Sync } from "../src/node.js";
import { decide, quote, validate } from "../src/node.js";
import { ruleset, staff } from "./shop.js";

/** Takes a value so that it counts as used. */
function use<T>(value: T): T {
  return value;
}

/** What must compile and what must not. Never called: the compiler is the test. */
export function typesHold(store: Store, sync: Sync): void {
  const priced = quote({ lines: [{ sku: "A", quantity: "2" }] }, ruleset);
  // @ts-expect-error a quote may have been refused
  use(priced.quote);
  if (priced.ok) use<number>(priced.quote.totals.grossMinor);
  // @ts-expect-error there are no issues beside a quote
  if (priced.ok) use(priced.issues);
  else use<Issue[]>(priced.issues);

  // @ts-expect-error a quantity is a text
  quote({ lines: [{ sku: "A", quantity: 2 }] }, ruleset);
  // @ts-expect-error a draft has no such field
  quote({ colour: "red" }, ruleset);
  // @ts-expect-error an optional field is left out and not `undefined`
  quote({ currency: undefined }, ruleset);
  // @ts-expect-error amounts are numbers
  use<Draft>({ prepaidMinor: "1" });
  use<Issue[]>(validate({}, ruleset).issues);

  const facts = { rules: ruleset, actor: staff };
  decide(null, { kind: "cancel@1", args: { reason: "x" } }, facts);
  decide(null, { kind: "confirm@1", args: {} }, facts);
  // @ts-expect-error a command goes with its own arguments
  decide(null, { kind: "cancel@1", args: { shipment: "x" } }, facts);
  // @ts-expect-error there is no such command
  decide(null, { kind: "cancel@9", args: { reason: "x" } }, facts);
  // @ts-expect-error who asks is missing
  decide(null, { kind: "confirm@1", args: {} } satisfies Command, { rules: ruleset });

  void store.submit("ship@1", "id", { shipment: "1", tracking: "T" });
  // @ts-expect-error a shipment needs an id
  void store.submit("ship@1", "id", { tracking: "T" });
  use<"idle" | "syncing" | "offline" | "waiting" | "stopped">(sync.state.status);

  const either = {} as Outcome<"quote", Quote>;
  if (!either.ok) use<Code | undefined>(either.issues[0]?.code);
  // @ts-expect-error there is no such code
  use<Code>("no_such_code");
}

it("compiles", () => {
  expect(typesHold).toBeTypeOf("function");
});
