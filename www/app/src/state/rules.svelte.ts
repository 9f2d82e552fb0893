import { OrderkitError, Rules, type Issue, type Ruleset } from "orderkit";
import { findingsOf, type Finding } from "../lib/lint";
import { merged } from "../lib/merge";
import { changedParts, keepEdits, keptEdits, type Base } from "../rules/kept";
import { save, type Overtaken, type Saved } from "../rules/server";
import { DocumentEditor } from "./document.svelte";
import type { Shop } from "./shop.svelte";

/** The rules that are being edited. Every change is checked by the code that will price with them. */

const pauseMs = 200;

export class RulesEditor extends DocumentEditor {
  readonly shop: Shop;
  /** What the edits began with. */
  base = $state.raw<Base>({ ruleset: {} as Ruleset, digest: "" });
  /** The rules as edited. Never changed in place: a part that is the same is the same object. */
  ruleset = $state.raw<Ruleset>({} as Ruleset);
  /** Other rules that were saved since. */
  theirs = $state.raw<Base | undefined>();
  /** Who saved them, as far as the server has said. */
  overtaken = $state.raw<Overtaken | undefined>();
  findings = $state.raw<Finding[]>([]);
  /** The edited rules, ready to price; the last ones that were usable. */
  rules = $state.raw<Rules | undefined>();
  isUsable = $state(true);
  /** Whether the edits could be kept on this device. */
  isKept = $state(true);

  readonly changes: string[] = $derived(changedParts(this.base.ruleset, this.ruleset));
  readonly isDirty: boolean = $derived(this.changes.length > 0 || Object.keys(this.mistakes).length > 0);
  readonly all: Finding[] = $derived([
    ...Object.values(this.mistakes).map((issue) => ({ severity: "error" as const, issue })),
    ...this.findings,
  ]);
  readonly errors: number = $derived(this.all.filter(({ severity }) => severity === "error").length);
  readonly warnings: number = $derived(this.all.filter(({ severity }) => severity === "warning").length);

  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Digests that this page has left behind: the copy of the shop may still show one for a while. */
  readonly #left: string[] = [];

  constructor(shop: Shop) {
    super();
    this.shop = shop;
    const { ruleset, digest } = shop.rules;
    const kept = keptEdits(shop.session, ruleset);
    this.base = kept?.base ?? { ruleset, digest };
    this.ruleset = kept?.edited ?? ruleset;
    if (kept && kept.base.digest !== digest) this.theirs = { ruleset, digest };
    this.check();
  }

  /** Follows the rules in force: at once if nothing is edited, else as something to bring together. */
  follow({ ruleset, digest }: { ruleset: Ruleset; digest: string }): void {
    if (digest === this.base.digest || this.#left.includes(digest)) return;
    if (this.isDirty) this.theirs = { ruleset, digest };
    else this.#begin({ ruleset, digest }, ruleset);
  }

  protected get document(): Ruleset {
    return this.ruleset;
  }

  protected get issues(): readonly Issue[] {
    return this.findings.map(({ issue }) => issue);
  }

  get currency(): string {
    return this.ruleset.currency;
  }

  get zone(): string {
    return this.ruleset.timeZone?.name ?? "UTC";
  }

  protected put(document: unknown): void {
    this.replace(document as Ruleset);
  }

  replace(ruleset: Ruleset): void {
    this.ruleset = ruleset;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.check();
    }, pauseMs);
  }

  check(): void {
    clearTimeout(this.#timer);
    this.isKept = keepEdits(this.shop.session, this.base, this.ruleset);
    const text = JSON.stringify(this.ruleset);
    try {
      const rules = Rules.load(text);
      this.rules = rules;
      this.isUsable = true;
      this.findings = findingsOf(text, Date.now());
    } catch (error) {
      if (!(error instanceof OrderkitError)) throw error;
      this.isUsable = false;
      this.findings = error.issues.map((issue) => ({ severity: "error" as const, issue }));
    }
  }

  discard(): void {
    const now = this.theirs ?? this.base;
    this.#begin(now, now.ruleset);
  }

  /** Puts rules of another time in, as an edit of those in force. */
  takeOver(ruleset: Ruleset): void {
    this.mistakes = {};
    this.ruleset = { ...ruleset, version: this.base.ruleset.version };
    this.check();
  }

  /** My edits again, on what was saved meanwhile; gives the places that both have changed. */
  clashes(): string[] {
    return this.theirs ? merged(this.base.ruleset, this.ruleset, this.theirs.ruleset).clashes : [];
  }

  bringTogether(): void {
    const { theirs } = this;
    if (!theirs) return;
    const { value } = merged(this.base.ruleset, this.ruleset, theirs.ruleset);
    this.#begin(theirs, { ...(value as Ruleset), version: theirs.ruleset.version });
  }

  async save(version: string, acceptsWarnings: boolean): Promise<Saved> {
    this.check();
    const ruleset = { ...this.ruleset, version };
    const answer = await save(this.shop.session, ruleset, this.base.digest, acceptsWarnings);
    if (answer.kind === "saved") {
      this.#begin({ ruleset, digest: answer.digest }, ruleset);
      void this.shop.sync.syncNow();
    } else if (answer.kind === "overtaken") {
      this.overtaken = answer.by;
      // It brings what was saved, to put the edits on.
      void this.shop.sync.syncNow();
    }
    return answer;
  }

  #begin(base: Base, ruleset: Ruleset): void {
    if (base.digest !== this.base.digest) this.#left.push(this.base.digest);
    this.base = base;
    this.ruleset = ruleset;
    this.theirs = undefined;
    this.overtaken = undefined;
    this.mistakes = {};
    this.check();
  }
}
