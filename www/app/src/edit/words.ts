import type { Address, Change, Language, Order, Ruleset } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { townLine } from "../lib/countries";
import { country, local } from "../lib/format";

/** The words for the fields that edits name, such as `line/1/quantity` or `shippingAddress`. */

const details: Record<string, () => string> = {
  shippingAddress: m.part_address,
  billingAddress: m.edit_billing,
  contact: m.part_contact,
  shippingMethod: m.choice_shipping,
  paymentMethod: m.choice_payment,
  note: m.field_note,
};

export function fieldWord(field: string, order: Order, language: Language): string {
  const [part = "", key = "", inner] = field.split("/");
  if (part === "line") {
    const line = order.lines.find(({ id }) => id === key);
    const name = local(line?.name, language) || (line?.sku ?? key);
    return inner === "unitPrice" ? m.edit_price_word({ name }) : m.quantity_of({ name });
  }
  if (part === "coupon") return `${m.coupon()} ${key}`;
  if (part === "discount") return m.edit_discount_word({ rule: key === "manual" ? m.rule_manual() : key });
  return details[part]?.() ?? field;
}

/** The value of a field as people know it: methods have names. */
export function valueWord(field: string, value: string, ruleset: Ruleset, language: Language): string {
  const { shippingMethods = [], paymentMethods = [] } = ruleset;
  if (field === "shippingMethod" || field === "paymentMethod") {
    const method = [...shippingMethods, ...paymentMethods].find(({ id }) => id === value);
    return local(method?.name, language) || value;
  }
  return value;
}

function place(address: Address | undefined, language: Language): string {
  if (!address) return "";
  const { name, street = [], country: code } = address;
  return [name, ...street, townLine(address), code ? country(code, language) : ""].filter(Boolean).join(", ");
}

/** A change that moves no line and no discount, in words; nothing for the others. */
export function changeWords(
  change: Change,
  order: Order,
  ruleset: Ruleset,
  language: Language,
): { field: string; value: string } | undefined {
  const row = (field: string, value: string) => ({
    field: fieldWord(field, order, language),
    value: valueWord(field, value, ruleset, language) || m.edit_conflict_nothing(),
  });
  if ("setShippingAddress" in change)
    return row("shippingAddress", place(change.setShippingAddress.address, language));
  if ("setBillingAddress" in change)
    return row("billingAddress", place(change.setBillingAddress.address, language));
  if ("setContact" in change) {
    const { name = "", email = "", phone = "" } = change.setContact.contact;
    return row("contact", [name, email, phone].filter(Boolean).join(", "));
  }
  if ("setShippingMethod" in change) return row("shippingMethod", change.setShippingMethod.method);
  if ("setPaymentMethod" in change) return row("paymentMethod", change.setPaymentMethod.method);
  if ("setNote" in change) return row("note", change.setNote.note ?? "");
  return undefined;
}

/** What the one difference of an edit means for the buyer. */
export function netWord(differenceMinor: number): string {
  if (differenceMinor === 0) return m.difference_none();
  return differenceMinor > 0 ? m.difference_more() : m.difference_less();
}
