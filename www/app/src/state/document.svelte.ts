import type { Issue } from "orderkit";
import { isSame, listAt, valueAt, withValue } from "../lib/pointer";

/** A document whose values are typed in fields, each known by its path. It is never changed in place, but replaced. */
export abstract class DocumentEditor {
  /** Typed texts that are no values, by path. */
  mistakes = $state<Record<string, Issue>>({});

  /** The document as edited. */
  protected abstract get document(): unknown;
  /** What was found wrong with it. */
  protected abstract get issues(): readonly Issue[];
  /** The currency in which amounts are typed. */
  abstract get currency(): string;
  /** The clock by which times are typed. */
  abstract get zone(): string;

  protected abstract put(document: unknown): void;

  at(path: string): unknown {
    return valueAt(this.document, path);
  }

  /** The list at a path; an empty one if there is none. */
  listAt(path: string): unknown[] {
    return listAt(this.document, path);
  }

  /** Sets what is at a path; `undefined` takes it away. */
  set(path: string, value: unknown): void {
    if (isSame(this.at(path), value)) return;
    this.put(withValue(this.document, path, value));
  }

  mistaken(path: string, issue: Issue | undefined): void {
    if (issue) this.mistakes[path] = issue;
    else if (path in this.mistakes) {
      this.mistakes = Object.fromEntries(Object.entries(this.mistakes).filter(([key]) => key !== path));
    }
  }

  /** After entries of a list have moved, what was typed wrong is no longer where it was. */
  forgetMistakes(path: string): void {
    const stay = Object.entries(this.mistakes).filter(([key]) => !key.startsWith(path));
    this.mistakes = Object.fromEntries(stay);
  }

  /** The first thing that is wrong at a path. */
  issueAt(path: string): Issue | undefined {
    return this.mistakes[path] ?? this.issues.find((issue) => issue.path === path);
  }
}
