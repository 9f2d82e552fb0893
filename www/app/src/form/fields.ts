import type { Address, Customer, Issue } from "orderkit";

/** What the fields of an address and of a person need of the form that they stand in. */

export interface AddressTexts {
  country: string;
  recipient: string;
  street: string;
  street2: string;
  city: string;
  region: string;
  postcode: string;
}

export interface ContactTexts {
  name: string;
  email: string;
  phone: string;
}

export interface FieldsForm<Texts> {
  readonly fields: Texts;
  /** The shop's own country, which is offered first. */
  readonly homeCountry: string;
  /** The issue that a field shows now. */
  shown(path: string): Issue | undefined;
  /** Whether something is wrong with a field, shown or not. */
  isWrong(path: string): boolean;
  /** A field was left. */
  touch(path: string): void;
  changed(): void;
}

const some = <K extends string>(key: K, value: string) =>
  (value.trim() ? { [key]: value.trim() } : {}) as Partial<Record<K, string>>;

export function addressOf(texts: AddressTexts): Address {
  const { street, street2 } = texts;
  return {
    ...some("name", texts.recipient),
    street: street2.trim() ? [street.trim(), street2.trim()] : [street.trim()],
    city: texts.city.trim(),
    ...some("region", texts.region),
    ...some("postcode", texts.postcode),
    country: texts.country,
  };
}

export function addressTexts(address: Address | undefined, homeCountry: string): AddressTexts {
  return {
    country: address?.country ?? homeCountry,
    recipient: address?.name ?? "",
    street: address?.street?.[0] ?? "",
    street2: address?.street?.slice(1).join(", ") ?? "",
    city: address?.city ?? "",
    region: address?.region ?? "",
    postcode: address?.postcode ?? "",
  };
}

export function customerOf(texts: ContactTexts): Customer {
  return { name: texts.name.trim(), ...some("email", texts.email), ...some("phone", texts.phone) };
}

export function contactTexts(customer: Customer | undefined): ContactTexts {
  return { name: customer?.name ?? "", email: customer?.email ?? "", phone: customer?.phone ?? "" };
}
