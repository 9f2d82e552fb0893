import { major, minorOf } from "./format";
import { isDecimal, normalised } from "./quantity";
import { timeOfWall, wallTime } from "./zone";

/** How values of the rules are typed: as text, amounts in major units, times by the shop's clock. */

export type CodecName = "text" | "integer" | "decimal" | "money" | "words" | "time";

export interface Surroundings {
  currency: string;
  zone: string;
}

/** What was typed: a value, nothing, or a mistake under a code that has a sentence. */
export type Read = { value: unknown } | { mistake: "number_malformed" | "text_invalid" };

export function shown(name: CodecName, value: unknown, around: Surroundings): string {
  if (value === undefined || value === null) return "";
  if (name === "money" && typeof value === "number") return trimmed(major(value, around.currency));
  if (name === "time" && typeof value === "number") return wallTime(value, around.zone);
  if (name === "words") return Array.isArray(value) ? value.join(", ") : "";
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function read(name: CodecName, text: string, around: Surroundings): Read {
  if (text.trim() === "") return { value: undefined };
  switch (name) {
    case "text":
      return { value: text };
    case "integer":
      return /^-?\d{1,9}$/.test(text.trim()) ? { value: Number(text) } : { mistake: "number_malformed" };
    case "decimal": {
      const plain = normalised(text);
      return isDecimal(plain) ? { value: plain } : { mistake: "number_malformed" };
    }
    case "money": {
      const minor = minorOf(text, around.currency);
      return minor === undefined ? { mistake: "number_malformed" } : { value: minor };
    }
    case "words":
      return { value: words(text) };
    case "time": {
      const atMs = timeOfWall(text, around.zone);
      return atMs === undefined ? { mistake: "text_invalid" } : { value: atMs };
    }
  }
}

/** What stands between commas, of either script. */
export function words(text: string): string[] | undefined {
  const list = text
    .split(/[,，、;；\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== "");
  return list.length > 0 ? [...new Set(list)] : undefined;
}

/** Whole amounts without their zeros: 10 and not 10.00. */
function trimmed(text: string): string {
  return text.replace(/\.0+$/, "");
}
