import { OrderkitError } from "./error.js";
import type { Issue } from "./types.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text as the bytes that the engine reads. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A value as the bytes that the engine reads. */
export function encode(value: unknown): Uint8Array {
  return encoder.encode(stringify(value));
}

/** A value as the text that the engine reads. */
export function stringify(value: unknown): string {
  try {
    const text: string | undefined = JSON.stringify(value);
    // The types say that it is always a text; of `undefined` or a function it is not.
    if (typeof text === "string") return text;
  } catch (cause) {
    // Both writing and looking for the place go down as deep as the value. Each engine has words of its own for it.
    if (cause instanceof Error && /call stack|recursion/.test(cause.message)) {
      throw shapeError("", "nested too deeply");
    }
    throw unwritable(value, cause);
  }
  throw shapeError("", `${typeof value} is not data`);
}

/** What the engine wrote. The caller names the type: both sides of it are built together. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function decode<T>(bytes: Uint8Array): T {
  return parse<T>(decoder.decode(bytes));
}

/** As {@link decode}, of text. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function parse<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** A value that has not the documented form. */
export function shapeError(path: string, reason: string): OrderkitError {
  return new OrderkitError([{ code: "shape_invalid", path, args: { reason } }]);
}

/** Why a value has no JSON form. Only looked for once it is known that it has none. */
function unwritable(value: unknown, cause: unknown): unknown {
  const found = findUnwritable(value, "", []);
  if (found === undefined) return cause;
  return new OrderkitError([found], { cause });
}

function findUnwritable(value: unknown, path: string, above: object[]): Issue | undefined {
  if (typeof value === "bigint") {
    const reason = "a BigInt; pass a number, or a text where decimals are expected";
    return { code: "shape_invalid", path, args: { reason } };
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (above.includes(value)) return { code: "document_cyclic", path, args: {} };
  const inside = [...above, value];
  for (const [key, member] of Object.entries(value)) {
    const pointer = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const found = findUnwritable(member, pointer, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}
