/** JSON Pointers into a document that is never changed but replaced: what stays the same is shared. */

type Holder = Record<string, unknown>;

export function partsOf(path: string): string[] {
  if (path === "") return [];
  return path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const part of partsOf(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Holder)[part];
  }
  return value;
}

/** The list at a path; an empty one if there is none. */
export function listAt(document: unknown, path: string): unknown[] {
  const value = valueAt(document, path);
  return Array.isArray(value) ? value : [];
}

/** Objects that mean the same empty as missing, and are left out when their last field goes. */
const DISPENSABLE =
  /^\/(?:promotions\/\d+\/(?:target|when|limits)|inventory|rounding|stacking|stacking\/sharing|taxation|taxation\/destination)$/;

/** Whether an object says something under one of these names. */
export function hasAny(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Holder;
  return names.some((name) => {
    const field = fields[name];
    return field !== undefined && field !== false && !(Array.isArray(field) && field.length === 0);
  });
}

/** A list with one entry a place further up or down; the same list where there is no such place. */
export function moved<T>(list: readonly T[], at: number, by: 1 | -1): T[] {
  const to = at + by;
  if (to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, index) => index !== at);
  return [...rest.slice(0, to), list[at] as T, ...rest.slice(to)];
}

/** The document with another value at a path; `undefined` takes the field or list entry out. */
export function withValue<T>(document: T, path: string, value: unknown): T {
  return placed(document, partsOf(path), value, "") as T;
}

function placed(holder: unknown, parts: string[], value: unknown, above: string): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  const here = `${above}/${part}`;
  if (Array.isArray(holder)) {
    const items: unknown[] = [...(holder as unknown[])];
    const at = Number(part);
    const item = placed(items[at], rest, value, here);
    if (item === undefined) items.splice(at, 1);
    else items[at] = item;
    return items;
  }
  const fields: Holder = { ...(holder as Holder | undefined) };
  const field = placed(fields[part], rest, value, here);
  if (field === undefined || isDispensable(field, here)) return without(fields, part);
  fields[part] = field;
  return fields;
}

function isDispensable(value: unknown, path: string): boolean {
  return (
    DISPENSABLE.test(path) && typeof value === "object" && value !== null && Object.keys(value).length === 0
  );
}

function without(fields: Holder, name: string): Holder {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

/** Whether two documents say the same, whatever the order of their fields. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const [first, second] = [left as Holder, right as Holder];
  const keys = Object.keys(first);
  return (
    keys.length === Object.keys(second).length &&
    keys.every((key) => key in second && isSame(first[key], second[key]))
  );
}
