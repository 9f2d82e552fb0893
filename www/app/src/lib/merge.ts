import { isSame } from "./pointer";

/** Bringing two people's edits of one document together. */

export interface Merged {
  value: unknown;
  /** Where both changed the same thing in different ways; mine was taken. */
  clashes: string[];
}

type Fields = Record<string, unknown>;

/** My changes of `base` made again on `theirs`. Lists are merged by the ids of what is in them. */
export function merged(base: unknown, mine: unknown, theirs: unknown, path = ""): Merged {
  if (isSame(mine, theirs) || isSame(mine, base)) return { value: theirs, clashes: [] };
  if (isSame(theirs, base)) return { value: mine, clashes: [] };
  if (isFields(base) && isFields(mine) && isFields(theirs)) return mergedFields(base, mine, theirs, path);
  const lists = [base, mine, theirs].map(byId);
  const [old, own, other] = lists;
  if (old && own && other) {
    const inside = mergedFields(old, own, other, path);
    return { value: Object.values(inside.value as Fields), clashes: inside.clashes };
  }
  return { value: mine, clashes: [path] };
}

function mergedFields(base: Fields, mine: Fields, theirs: Fields, path: string): Merged {
  const keys = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const value: Fields = {};
  const clashes: string[] = [];
  for (const key of keys) {
    const inside = merged(base[key], mine[key], theirs[key], `${path}/${key}`);
    if (inside.value !== undefined) value[key] = inside.value;
    clashes.push(...inside.clashes);
  }
  return { value, clashes };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list by its ids, if each entry has one of its own. A letter before it keeps numbers in their order. */
function byId(value: unknown): Fields | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = (value as unknown[]).map((item): [string, unknown] => {
    const id = isFields(item) ? (item["id"] ?? item["sku"]) : undefined;
    return [typeof id === "string" ? `:${id}` : "", item];
  });
  const fields = Object.fromEntries(entries);
  return "" in fields || Object.keys(fields).length !== entries.length ? undefined : fields;
}
