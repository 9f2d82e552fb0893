import {
  newId,
  type Issue,
  type OrderLine,
  type Outcome,
  type RequestReturn,
  type ReturnableLine,
  type ReturnKind,
  type ReturnReason,
  type Ruleset,
  type Settlement,
} from "orderkit";
import { compare, difference, isDecimal, isPositive, normalised, sum } from "../lib/quantity";
import { returnKinds } from "../lib/returns";
import type { OrderPort } from "../order/ports";

/** What is said about one line of the order. */
export interface RequestLine {
  quantity: string;
  reason: ReturnReason | "";
  evidence: string;
  /** The goods that are wanted in exchange; the same again if empty. */
  sku: string;
}

const blank: RequestLine = { quantity: "0", reason: "", evidence: "", sku: "" };

/** What the rules are asked, and the state of the order that the answer is about. */
interface Wish {
  args: RequestReturn;
  /** How much is still to be filled in. */
  gaps: number;
  revision: number;
  ruleset: Ruleset;
}

/** Goods that somebody wants to send back: nothing is asked for before it is sent. */
export class ReturnRequest {
  readonly port: OrderPort;
  kind = $state<ReturnKind>("return");
  note = $state("");
  #lines = $state<Record<string, RequestLine>>({});
  settlement = $state.raw<Settlement | undefined>();
  isWorking = $state(false);
  isSending = $state(false);
  #refused = $state.raw<Issue[]>([]);
  #asked = 0;
  /** Sending twice asks once. */
  #id = newId();

  constructor(port: OrderPort) {
    this.port = port;
    this.kind = this.kinds[0] ?? "return";
  }

  get returnable(): ReturnableLine[] {
    return this.port.view.returnable;
  }

  /** The kinds that are possible for something of the order. */
  get kinds(): ReturnKind[] {
    const isPossible = (kind: ReturnKind) =>
      this.returnable.some(({ kinds = [] }) => kinds.some((known) => known.kind === kind));
    return (Object.keys(returnKinds) as ReturnKind[]).filter(isPossible);
  }

  orderLine(id: string): OrderLine | undefined {
    return this.port.view.order.lines.find((line) => line.id === id);
  }

  /** The reasons that this kind takes for a line; none if it is not possible. */
  reasonsFor({ kinds = [] }: ReturnableLine): ReturnReason[] {
    return kinds.find(({ kind }) => kind === this.kind)?.reasons ?? [];
  }

  line(id: string): RequestLine {
    return this.#lines[id] ?? blank;
  }

  set(id: string, change: Partial<RequestLine>): void {
    this.#lines[id] = { ...this.line(id), ...change };
  }

  setQuantity(id: string, text: string): void {
    this.set(id, { quantity: normalised(text) });
  }

  step(id: string, open: string, direction: 1 | -1): void {
    const now = this.line(id).quantity || "0";
    const next = direction === 1 ? sum(now, "1") : difference(now, "1");
    this.setQuantity(id, compare(next, open) > 0 ? open : isPositive(next) ? next : "0");
  }

  /** The lines of which something shall come back. */
  get chosen(): (RequestLine & { line: string })[] {
    return this.returnable
      .filter((it) => this.reasonsFor(it).length > 0)
      .map(({ line }) => ({ ...this.line(line), line }))
      .filter(({ quantity }) => quantity !== "" && quantity !== "0");
  }

  get isDirty(): boolean {
    return this.chosen.length > 0;
  }

  /** What the rules are not asked about: no number, no reason. */
  get gaps(): Issue[] {
    return this.chosen.flatMap(({ quantity, reason, line }, at): Issue[] => {
      const path = `/args/lines/${at}`;
      if (!isDecimal(quantity))
        return [{ code: "number_malformed", path: `${path}/quantity`, args: { line } }];
      const isPossible = this.returnable.some(
        (it) => it.line === line && reason !== "" && this.reasonsFor(it).includes(reason),
      );
      return isPossible ? [] : [{ code: "required", path: `${path}/reason`, args: { line } }];
    });
  }

  get args(): RequestReturn {
    const note = this.note.trim();
    const wanted = this.chosen.filter(({ sku }) => sku.trim() !== "");
    return {
      returnId: this.#id,
      kind: this.kind,
      lines: this.chosen.flatMap(({ line, quantity, reason, evidence }) => {
        const proofs = evidence
          .split("\n")
          .map((text) => text.trim())
          .filter(Boolean);
        if (reason === "") return [];
        return [{ line, quantity, reason, ...(proofs.length > 0 ? { evidence: proofs } : {}) }];
      }),
      ...(this.kind === "exchange" && wanted.length > 0
        ? { wanted: wanted.map(({ line, sku, quantity }) => ({ line, sku: sku.trim(), quantity })) }
        : {}),
      ...(note === "" ? {} : { note }),
    };
  }

  /** The issue of a field of a line, by the place that the line has in what is asked. */
  issueAt(line: string, field: "quantity" | "reason" | "evidence" | "sku"): Issue | undefined {
    const at = this.chosen.findIndex((it) => it.line === line);
    if (at < 0) return undefined;
    const goods = this.args.wanted?.findIndex((it) => it.line === line) ?? -1;
    const place = field === "sku" ? `/args/wanted/${goods}` : `/args/lines/${at}`;
    const isOwn = ({ code, path }: Issue) => {
      // What has to be proved is said of the reason, and is mended by the proof.
      if (code === "evidence_missing") return field === "evidence" && path.startsWith(`${place}/`);
      return path.startsWith(`${place}/${field === "sku" ? "" : field}`);
    };
    return [...this.gaps, ...this.#refused].find(isOwn);
  }

  /** What is wrong and belongs to no field of a line. */
  get general(): Issue[] {
    return this.#refused.filter(({ path }) => !/^\/args\/(lines|wanted)\/\d/.test(path));
  }

  get isReady(): boolean {
    return this.settlement !== undefined && this.gaps.length === 0 && !this.isSending;
  }

  get wish(): Wish {
    const { port, args, gaps } = this;
    return { args, gaps: gaps.length, revision: port.view.order.revision, ruleset: port.ruleset };
  }

  /** Asks the rules what would be given; only the latest answer counts. */
  async workOut({ args, gaps }: Wish): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    if (args.lines.length === 0 || gaps > 0) {
      this.settlement = undefined;
      this.#refused = [];
      this.isWorking = false;
      return;
    }
    this.isWorking = true;
    const answer = await this.port.previewReturn({ kind: "requestReturn@1", args });
    if (asked !== this.#asked) return;
    this.isWorking = false;
    this.settlement = answer.ok ? answer.settlement : undefined;
    this.#refused = answer.ok ? [] : answer.issues;
  }

  async send(): Promise<Outcome<"saved", unknown>> {
    this.isSending = true;
    try {
      const answer = await this.port.send("requestReturn@1", this.args);
      if (!answer.ok) this.#refused = answer.issues;
      return answer;
    } finally {
      this.isSending = false;
    }
  }
}
