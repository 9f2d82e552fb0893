import type { Issue, ReviewRules } from "orderkit";
import { isSame } from "../lib/pointer";
import { DocumentEditor } from "./document.svelte";
import { ask, unreached } from "./server";
import type { Shop } from "./shop.svelte";

/**
 * The signals of fraud that are being edited. They are no part of the rules that every page gets, have no versions,
 * and only the server has them and checks them.
 */
export class SignalsEditor extends DocumentEditor {
  readonly shop: Shop;
  /** What the server has, as far as this page knows; nothing before it has told. */
  base = $state.raw<ReviewRules | undefined>();
  rules = $state.raw<ReviewRules>({ holdAt: 1, signals: [] });
  /** What the server refused, or that it could not be reached. */
  refused = $state.raw<Issue[]>([]);
  isBusy = $state(false);
  isSaved = $state(false);
  /** Whether somebody else saved other signals since: one's own take their place only when it is said again. */
  isOvertaken = $state(false);

  readonly isDirty: boolean = $derived(
    this.base !== undefined &&
      (!isSame(this.base, this.rules) || Object.keys(this.mistakes).length > 0 || this.isOvertaken),
  );

  constructor(shop: Shop) {
    super();
    this.shop = shop;
  }

  get currency(): string {
    return this.shop.ruleset.currency;
  }

  get zone(): string {
    return this.shop.ruleset.timeZone?.name ?? "UTC";
  }

  /** What is wrong and has a field. */
  get wrong(): Issue[] {
    return [...Object.values(this.mistakes), ...this.refused.filter(({ path }) => path !== "")];
  }

  protected get document(): ReviewRules {
    return this.rules;
  }

  protected get issues(): readonly Issue[] {
    return this.refused;
  }

  protected put(document: unknown): void {
    this.rules = document as ReviewRules;
    this.isSaved = false;
  }

  override set(path: string, value: unknown): void {
    this.refused = this.refused.filter((issue) => !path.startsWith(issue.path));
    super.set(path, value);
  }

  override forgetMistakes(path: string): void {
    this.refused = this.refused.filter((issue) => !issue.path.startsWith(path));
    super.forgetMistakes(path);
  }

  /** A list of words that is empty or too long is found at what it is a part of. */
  override issueAt(path: string): Issue | undefined {
    const whole = /^(.*\/when)\/\w+\/(?:codes|domains)$/.exec(path)?.[1];
    return super.issueAt(path) ?? (whole === undefined ? undefined : super.issueAt(whole));
  }

  async load(): Promise<void> {
    if (this.isBusy || this.base) return;
    const told = await this.#ask();
    if (told) this.#begin(told);
  }

  discard(): void {
    if (this.base) this.#begin(this.base);
  }

  /** Puts the signals in force; not over those of somebody else that were never seen. */
  async save(): Promise<void> {
    const mine = this.rules;
    const theirs = await this.#ask();
    if (!theirs) return;
    if (!isSame(theirs, this.base)) {
      this.base = theirs;
      this.isOvertaken = true;
      return;
    }
    const told = await this.#ask(mine);
    if (!told) return;
    this.#begin(told);
    this.isSaved = true;
  }

  #begin(rules: ReviewRules): void {
    this.base = rules;
    this.rules = rules;
    this.mistakes = {};
    this.refused = [];
    this.isOvertaken = false;
    this.isSaved = false;
  }

  async #ask(body?: ReviewRules): Promise<ReviewRules | undefined> {
    this.isBusy = true;
    const told = await ask<ReviewRules>(
      this.shop.session,
      "/review",
      body === undefined ? {} : { method: "PUT", body },
    );
    this.isBusy = false;
    this.refused = told.ok ? [] : told.issues;
    return told.ok ? told.value : undefined;
  }

  get isUnreached(): boolean {
    return this.refused.some(({ code }) => code === unreached.code);
  }
}
