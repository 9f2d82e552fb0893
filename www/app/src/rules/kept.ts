import type { Ruleset } from "orderkit";
import { isSame } from "../lib/pointer";
import type { Session } from "../state/session";

/** Unsaved edits, kept on this device: only the parts of the rules that were changed, with what they were. */

export interface Base {
  ruleset: Ruleset;
  digest: string;
}

interface Kept {
  digest: string;
  version: string;
  parts: Record<string, { before?: unknown; after?: unknown }>;
}

type Fields = Record<string, unknown>;

const keyOf = ({ tenant, user }: Session) => `orderkit.rules.${tenant}.${user}`;

/** The parts of the document that are not as they were. */
export function changedParts(base: Ruleset, edited: Ruleset): string[] {
  const before: Fields = { ...base };
  const after: Fields = { ...edited };
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isSame(before[name], after[name]));
}

/** Keeps the edits, and says whether that worked. */
export function keepEdits(session: Session, base: Base, edited: Ruleset): boolean {
  const before: Fields = { ...base.ruleset };
  const after: Fields = { ...edited };
  const names = changedParts(base.ruleset, edited);
  try {
    if (names.length === 0) {
      localStorage.removeItem(keyOf(session));
      return true;
    }
    const parts = Object.fromEntries(
      names.map((name) => [name, { before: before[name], after: after[name] }]),
    );
    const kept: Kept = { digest: base.digest, version: base.ruleset.version, parts };
    localStorage.setItem(keyOf(session), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/** What was kept, as the rules it began with and the rules it became. */
export function keptEdits(session: Session, now: Ruleset): { base: Base; edited: Ruleset } | undefined {
  try {
    const text = localStorage.getItem(keyOf(session));
    if (text === null) return undefined;
    const { digest, version, parts } = JSON.parse(text) as Kept;
    const side = (which: "before" | "after"): Ruleset => {
      const fields: Fields = { ...(now as unknown as Fields), version };
      for (const [name, part] of Object.entries(parts)) fields[name] = part[which];
      const present = Object.entries(fields).filter(([, value]) => value !== undefined);
      return Object.fromEntries(present) as unknown as Ruleset;
    };
    return { base: { ruleset: side("before"), digest }, edited: side("after") };
  } catch {
    return undefined;
  }
}
