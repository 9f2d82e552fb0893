import type { Language, Ruleset } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { local } from "./format";

const tenders: Record<string, () => string> = {
  giftCard: m.tender_gift_card,
  storeCredit: m.tender_store_credit,
  points: m.tender_points,
  prepaid: m.tender_prepaid,
};

/** The name of a way to pay, also of those that are no method of the shop. */
export function paymentMethodName(id: string, { paymentMethods = [] }: Ruleset, language: Language): string {
  const method = paymentMethods.find((known) => known.id === id);
  return local(method?.name, language) || (tenders[id]?.() ?? id);
}
