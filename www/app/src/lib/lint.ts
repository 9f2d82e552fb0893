import { lint, type Context, type Draft, type Finding as Found, type Issue, type Shown } from "orderkit";

/** The word for how much a finding matters; exceptions of orders have others. */
export type Severity = Found["severity"];

/** How much a finding matters, most first. */
export const severities: readonly Severity[] = ["error", "warning", "info"];

/** Something that stands against rules, or is hardly meant like this. */
export interface Finding {
  severity: Severity;
  issue: Issue;
  /** A cart that shows it, where there is one. */
  example?: Draft;
  /** What is known besides when it is priced. */
  context?: Context;
  /** What its quote shows. */
  shows?: Shown;
}

/** What the linter finds in rules, the worst first. */
export function findingsOf(ruleset: string, nowMs: number): Finding[] {
  return lint(ruleset, { nowMs });
}
