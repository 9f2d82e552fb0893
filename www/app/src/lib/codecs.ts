import { major, minorOf } from "./format";
import { isDecimal, normalised } from "./quantity";
import { timeOfWall, wallTime } from "./zone";

/** How values of the rules are typed: as text, amounts in major units, times by the shop's clock. */

export type CodecName =
  "text" | "integer" | "count" | "decimal" | "money" | "minor" | "words" | "prefixes" | "time" | "days";

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
  if (name === "minor" && typeof value === "string" && /^\d+$/.test(value))
    return trimmed(major(Number(value), around.currency));
  if (name === "days" && typeof value === "number") return String(value / dayMs);
  if (name === "words") return Array.isArray(value) ? (value as string[]).map(quoted).join(", ") : "";
  // The space at the end of a beginning of a postcode counts, so it is shown.
  if (name === "prefixes")
    return Array.isArray(value) ? (value as string[]).map((word) => word.replace(/ $/, "␣")).join(", ") : "";
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function read(name: CodecName, text: string, around: Surroundings): Read {
  if (text.trim() === "") return { value: undefined };
  switch (name) {
    case "text":
      return { value: text };
    case "integer":
      return /^-?\d{1,9}$/.test(text.trim()) ? { value: Number(text) } : { mistake: "number_malformed" };
    // What is counted cannot be negative.
    case "count":
      return /^\d{1,9}$/.test(text.trim()) ? { value: Number(text) } : { mistake: "number_malformed" };
    case "decimal": {
      const plain = normalised(text);
      return isDecimal(plain) ? { value: plain } : { mistake: "number_malformed" };
    }
    case "money": {
      const minor = minorOf(text, around.currency);
      return minor === undefined ? { mistake: "number_malformed" } : { value: minor };
    }
    case "minor": {
      const minor = minorOf(text, around.currency);
      return minor === undefined ? { mistake: "number_malformed" } : { value: String(minor) };
    }
    case "days": {
      const days = /^\d{1,5}(?:\.\d{1,3})?$/.test(text.trim()) ? Number(text) * dayMs : undefined;
      return days === undefined ? { mistake: "number_malformed" } : { value: Math.round(days) };
    }
    case "words":
      return { value: words(text) };
    case "prefixes":
      return { value: words(text)?.map((word) => word.replace(/[␣_]$/, " ")) };
    case "time": {
      const atMs = timeOfWall(text, around.zone);
      return atMs === undefined ? { mistake: "text_invalid" } : { value: atMs };
    }
  }
}

const dayMs = 86_400_000;

/** A word that holds a comma itself, such as the name of a district, stands in quotes. */
const quoted = (word: string): string => (/[,，、;；\n]/.test(word) ? `"${word}"` : word);

/** What stands between commas, of either script. */
export function words(text: string): string[] | undefined {
  const list = (text.match(/\s*"[^"]*"\s*|[^,，、;；\n]+/g) ?? [])
    .map((word) =>
      word
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .trim(),
    )
    .filter((word) => word !== "");
  return list.length > 0 ? [...new Set(list)] : undefined;
}

/** Whole amounts without their zeros: 10 and not 10.00. */
function trimmed(text: string): string {
  return text.replace(/\.0+$/, "");
}
