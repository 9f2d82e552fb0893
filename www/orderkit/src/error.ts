import type { Issue } from "./types.js";

/** Makes the English sentence of an issue. Set when the engine is ready; before that the code has to do. */
let describe: (issue: Issue) => string = (issue) => issue.code;

/** Says how errors get their sentence. */
export function describeWith(describer: (issue: Issue) => string): void {
  describe = describer;
}

/**
 * A mistake in the calling program: a value of the wrong form, a call at the wrong time. What a customer or the
 * shop's staff can do wrong is never thrown but returned, as issues.
 */
export class OrderkitError extends Error {
  override readonly name = "OrderkitError";
  /** The code of the first issue. */
  readonly code: string;
  /** Where, as a JSON Pointer into what was passed; empty for the whole. */
  readonly path: string;
  /** All that is wrong. */
  readonly issues: Issue[];

  constructor(issues: Issue[], options?: ErrorOptions) {
    const first = issues[0] ?? { code: "internal_error", path: "", args: {} };
    const place = first.path === "" ? "" : ` (at ${first.path})`;
    super(`${first.code}${place}: ${describe(first)}`, options);
    this.code = first.code;
    this.path = first.path;
    this.issues = issues;
  }
}

/** An issue without a place. */
export function issue(code: Issue["code"], args: Issue["args"] = {}): Issue {
  return { code, path: "", args };
}

const MISUSE = new Set<string>(["shape_invalid", "json_malformed", "document_too_large", "document_cyclic"]);

/** Throws what only a programmer can mend; hands on everything else. */
export function refuseMisuse<T extends { ok: boolean; issues?: Issue[] }>(answer: T): T {
  if (!answer.ok && answer.issues?.some((it) => MISUSE.has(it.code))) throw new OrderkitError(answer.issues);
  return answer;
}

/** The answer where nothing but success is expected of a correct caller. */
export function mustSucceed<T extends { ok: true }>(answer: T | { ok: false; issues: Issue[] }): T {
  if (!answer.ok) throw new OrderkitError(answer.issues);
  return answer;
}
