import type {
  GoodsFate,
  Issue,
  LineOutcome,
  ResolveReturn,
  Return,
  ReturnLine,
  Settlement,
  Wanted,
} from "orderkit";
import { difference, isPositive, sum } from "../lib/quantity";
import type { ReturnOutcome } from "../lib/returns";
import type { OrderPort } from "../order/ports";

/** What is done about units that are kept, or about those that go to the customer again. */
export interface ResolvedPart {
  quantity: string;
  first: ReturnOutcome;
  second: "";
}

/** A return that is being settled: what is given is shown before it is given. */
export class Resolution {
  readonly port: OrderPort;
  readonly returned: Return;
  parts = $state<Record<string, ResolvedPart[]>>({});
  /** The item numbers that are sent in exchange, by line; what was asked for if empty. */
  skus = $state<Record<string, string>>({});
  claim = $state("");
  settlement = $state.raw<Settlement | undefined>();
  issues = $state.raw<Issue[]>([]);
  #asked = 0;

  constructor(port: OrderPort, returned: Return) {
    this.port = port;
    this.returned = returned;
    const usual = returned.kind === "exchange" ? "exchange" : "refund";
    for (const line of returned.lines) {
      const kept = this.kept(line);
      const back = this.#inspected(line, "sendBack");
      this.parts[line.line] = [
        ...(isPositive(kept) ? [{ quantity: kept, first: usual, second: "" } as const] : []),
        ...(isPositive(back) ? [{ quantity: back, first: "rejectAndSendBack", second: "" } as const] : []),
      ];
    }
  }

  #inspected(line: ReturnLine, fate?: GoodsFate): string {
    return (line.inspections ?? [])
      .filter(({ goods }) => fate === undefined || goods === fate)
      .reduce((all, part) => sum(all, part.quantity), "0");
  }

  /** How many stay with the shop; of a return without goods, all that were asked for. */
  kept(line: ReturnLine): string {
    if (this.returned.status === "approved") return line.quantity;
    return difference(this.#inspected(line), this.#inspected(line, "sendBack"));
  }

  get outcomes(): LineOutcome[] {
    return this.returned.lines.flatMap(({ line }) =>
      (this.parts[line] ?? [])
        .filter(({ quantity }) => quantity !== "" && quantity !== "0")
        .map(({ quantity, first }) => ({ line, quantity, outcome: first })),
    );
  }

  /** The lines of which something is sent in exchange. */
  get exchanged(): string[] {
    const lines = this.outcomes.filter(({ outcome }) => outcome === "exchange").map(({ line }) => line);
    return lines.filter((line, at) => lines.indexOf(line) === at);
  }

  /** What is to be settled; what it gives is asked of the rules. */
  get wish(): ResolveReturn {
    const claim = this.claim.trim();
    const named = this.exchanged.some((line) => (this.skus[line] ?? "").trim() !== "");
    return {
      returnId: this.returned.id,
      outcomes: this.outcomes,
      ...(named ? { wanted: this.#wanted() } : {}),
      ...(claim === "" ? {} : { carrierClaim: claim }),
    };
  }

  /** The same with the sum that is shown: nobody settles another one. */
  get args(): ResolveReturn {
    if (!this.settlement) return this.wish;
    return { ...this.wish, expectMinor: this.settlement.credit?.totalMinor ?? 0 };
  }

  #wanted(): Wanted[] {
    return this.exchanged.flatMap((line): Wanted[] => {
      const sku = (this.skus[line] ?? "").trim();
      const asked = (this.returned.wanted ?? []).filter((goods) => goods.line === line);
      const own = this.outcomes.filter((part) => part.line === line && part.outcome === "exchange");
      const quantity = own.reduce((all, part) => sum(all, part.quantity), "0");
      if (sku === "" && asked.length > 0) return asked;
      return [{ line, quantity, ...(sku === "" ? {} : { sku }) }];
    });
  }

  async workOut(args: ResolveReturn): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const answer = await this.port.previewReturn({ kind: "resolveReturn@1", args });
    if (asked !== this.#asked) return;
    this.settlement = answer.ok ? answer.settlement : undefined;
    this.issues = answer.ok ? [] : answer.issues;
  }
}
