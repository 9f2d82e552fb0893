import type { InboxEntry, Language } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { bytes, duration, money } from "../lib/format";
import type { HeldMoney } from "../state/quarantine.svelte";
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

/** The goods that are missing, by their name where the shop still has them. */
export function goodsOf({ exception }: InboxEntry, language: Language): string {
  const { missing, sku, goods, goodsZh } = exception.args ?? {};
  if (missing === undefined || sku === undefined) return "";
  const name = (language === "zh" && goodsZh) || goods || sku;
  return m.inbox_goods_missing({ quantity: String(missing), goods: String(name) });
}

/** What the shop did about goods that are missing. */
export function shortageAnswerOf({ exception }: InboxEntry): string {
  const days = exception.args?.["leadDays"];
  const words: Record<string, () => string> = {
    later: () =>
      days === undefined ? m.inbox_shortage_later() : m.inbox_shortage_days({ days: String(days) }),
    canceled: m.inbox_shortage_canceled,
  };
  return words[String(exception.args?.["answer"])]?.() ?? "";
}

/** Who paid, as far as anybody knows. */
export function payerOf({ payer }: HeldMoney): string {
  return payer.name ?? payer.email ?? payer.phone ?? m.money_unnamed();
}
