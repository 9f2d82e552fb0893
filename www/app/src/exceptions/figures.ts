import type { InboxEntry, Language } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { bytes, duration, money } from "../lib/format";
import type { Figures } from "./words";

/** The figures of an entry as people write them. */
export function figuresOf({ exception, row }: InboxEntry, language: Language): Figures {
  const args = exception.args ?? {};
  const number = (key: string) => {
    const value = args[key];
    return typeof value === "number" ? value : undefined;
  };
  const [amount, difference, left] = [number("amountMinor"), number("differenceMs"), number("leftBytes")];
  return {
    amount: amount === undefined || !row ? "" : money(amount, row.currency, language),
    entry: String(args["entry"] ?? ""),
    reason: String(args["reason"] ?? ""),
    left: left === undefined ? "" : bytes(left, language),
    difference:
      difference === undefined
        ? ""
        : (difference > 0 ? m.clock_ahead : m.clock_behind)({
            time: duration(Math.abs(difference), language),
          }),
  };
}
