import type { Language, Ruleset, TenderKind } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { local } from "./format";

/** What pays without a payment. */
export const tenderNames: Record<TenderKind, () => string> = {
  giftCard: m.tender_gift_card,
  storeCredit: m.tender_store_credit,
  points: m.tender_points,
};

const others: Record<string, () => string> = { ...tenderNames, prepaid: m.tender_prepaid };

/** The name of a way to pay, also of those that are no method of the shop. */
export function paymentMethodName(id: string, { paymentMethods = [] }: Ruleset, language: Language): string {
  const method = paymentMethods.find((known) => known.id === id);
  return local(method?.name, language) || (others[id]?.() ?? id);
}
