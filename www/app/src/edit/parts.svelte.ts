import type { Issue } from "orderkit";
import type { AddressTexts, ContactTexts, FieldsForm } from "../form/fields";
import { addressTexts, contactTexts } from "../form/fields";
import type { OrderPort } from "../order/ports";

/** Fields that change together: a person, an address. They follow the order until somebody types. */

interface Editing {
  readonly port: OrderPort;
  issueAt(path: string): Issue | undefined;
}

abstract class Part<Texts extends object> implements FieldsForm<Texts> {
  protected readonly edit: Editing;
  fields: Texts;
  #isTyped = $state(false);
  #touched = $state<Record<string, boolean>>({});

  constructor(edit: Editing, texts: Texts) {
    this.edit = edit;
    this.fields = $state(texts);
  }

  protected abstract current(): Texts;

  get homeCountry(): string {
    return this.edit.port.ruleset.homeCountry;
  }

  /** What was typed; nothing before that. */
  get typed(): Texts | undefined {
    return this.#isTyped ? this.fields : undefined;
  }

  shown(path: string): Issue | undefined {
    return this.#touched[path] === true ? this.edit.issueAt(path) : undefined;
  }

  isWrong(path: string): boolean {
    return this.edit.issueAt(path) !== undefined;
  }

  touch(path: string): void {
    this.#touched[path] = true;
  }

  changed(): void {
    this.#isTyped = true;
  }

  /** What nobody typed is as the order has it now. */
  follow(): void {
    if (!this.#isTyped) Object.assign(this.fields, this.current());
  }

  fill(texts: Texts): void {
    Object.assign(this.fields, texts);
    this.#isTyped = true;
  }

  /** As the order has it, again. */
  reset(): void {
    Object.assign(this.fields, this.current());
    this.#isTyped = false;
    this.#touched = {};
  }
}

export class ContactPart extends Part<ContactTexts> {
  protected current(): ContactTexts {
    return contactTexts(this.edit.port.view.order.details.customer);
  }
}

export class AddressPart extends Part<AddressTexts> {
  readonly #which: "shippingAddress" | "billingAddress";

  constructor(edit: Editing, which: "shippingAddress" | "billingAddress") {
    const { port } = edit;
    super(edit, addressTexts(port.view.order.details[which], port.ruleset.homeCountry));
    this.#which = which;
  }

  protected current(): AddressTexts {
    return addressTexts(this.edit.port.view.order.details[this.#which], this.homeCountry);
  }
}
