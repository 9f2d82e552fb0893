// Made from the Rust types by `npm run types`. Do not edit.

/** The direction of an `Adjustment` (the words of EN 16931). */
export type AdjustmentKind = "allowance" | "charge";
/** The name of a command, without its arguments. */
export type CommandKind = "place" | "recordPayment" | "confirm" | "ship" | "deliver" | "complete" | "cancel";
/** What a fixed discount is counted by. */
export type DiscountUnit = "unit" | "line";
/** What a promotion takes off. */
export type Effect =
  | {
      kind: "linePercentage";
      /** 0 to 100. */
      percent: string;
    }
  | {
      /** The amount. */
      amountMinor: number;
      kind: "lineFixed";
      /** Whether it counts for each unit or once a line. */
      per: DiscountUnit;
    }
  | {
      kind: "orderPercentage";
      /** At most this much. */
      maximumMinor?: number;
      /** 0 to 100. */
      percent: string;
    }
  | {
      /** The amount. */
      amountMinor: number;
      kind: "orderFixed";
    }
  | {
      kind: "spendTiers";
      /** The tiers, by rising spend. */
      tiers: SpendTier[];
    };
/** What happened. */
export type Event =
  | {
      placed: {
        /** The provisional number that the device had shown. */
        alias?: string;
        /** What was asked for. */
        draft: Draft;
        /** The number. */
        number: string;
        /** When the money has to be there. */
        paymentTerms: PaymentTerms;
        /** The price, without its trace. */
        quote: Quote;
      };
    }
  | {
      imported: {
        /** What was ordered. */
        draft: Draft;
        /** Where from, and what was found in it. */
        import: ImportNote;
        /** The number there. */
        number: string;
        /** The amounts, without a trace. */
        quote: Quote;
      };
    }
  | {
      paymentRecorded: {
        /** The payment. */
        payment: Payment;
      };
    }
  | {
      confirmed: {};
    }
  | {
      shipped: {
        /** What left, and how. */
        shipment: Shipment;
      };
    }
  | {
      delivered: {
        /** The shipment. */
        shipment: string;
      };
    }
  | {
      completed: {};
    }
  | {
      canceled: {
        /** Why. */
        reason: string;
      };
    };
/** How much of the goods has moved. */
export type FulfillmentStatus =
  "unfulfilled" | "partiallyShipped" | "shipped" | "partiallyDelivered" | "delivered" | "elsewhere";
/** The kind of an imported document. */
export type ImportKind = "sale" | "cancellation" | "adjustment";
export type IssueCode =
  | "json_malformed"
  | "shape_invalid"
  | "document_too_large"
  | "document_cyclic"
  | "required"
  | "text_too_long"
  | "text_invalid"
  | "email_invalid"
  | "phone_invalid"
  | "country_unknown"
  | "postcode_invalid"
  | "currency_mismatch"
  | "lines_empty"
  | "lines_too_many"
  | "line_id_repeated"
  | "sku_unknown"
  | "number_malformed"
  | "quantity_not_positive"
  | "quantity_too_small"
  | "quantity_too_large"
  | "quantity_step"
  | "price_negative"
  | "price_not_allowed"
  | "adjustments_too_many"
  | "adjustment_invalid"
  | "adjustment_not_allowed"
  | "discount_too_large"
  | "shipping_method_unknown"
  | "shipping_not_served"
  | "payment_method_unknown"
  | "coupons_too_many"
  | "coupon_unknown"
  | "coupon_not_active"
  | "tax_rate_missing"
  | "amount_too_large"
  | "pattern_invalid"
  | "pattern_collides"
  | "series_exhausted"
  | "number_invalid"
  | "number_taken"
  | "ruleset_invalid"
  | "ruleset_unknown"
  | "ruleset_unreachable"
  | "target_unknown"
  | "promotion_ended"
  | "promotion_without_effect"
  | "tier_not_higher"
  | "threshold_unreachable"
  | "discounts_reach_all"
  | "rule_shadowed"
  | "country_not_served"
  | "translation_missing"
  | "command_unknown"
  | "order_unknown"
  | "order_exists"
  | "status_forbids"
  | "role_forbids"
  | "total_mismatch"
  | "price_changed"
  | "on_hold"
  | "payment_missing"
  | "payment_repeated"
  | "payment_too_large"
  | "payment_not_positive"
  | "refund_too_large"
  | "line_unknown"
  | "quantity_exceeds_open"
  | "nothing_open"
  | "already_shipped"
  | "shipment_unknown"
  | "tracking_repeated"
  | "still_open"
  | "events_too_many"
  | "parent_refused"
  | "command_gap"
  | "client_forked"
  | "command_id_repeated"
  | "command_quarantined"
  | "try_later"
  | "batch_too_large"
  | "protocol_unknown"
  | "token_invalid"
  | "token_forbids"
  | "not_found"
  | "idempotency_key_invalid"
  | "store_corrupt"
  | "internal_error"
  | "unknown";
/** Where an order stands. Payment and fulfillment are not here: they follow from the facts. */
export type OrderStatus = "placed" | "confirmed" | "completed" | "canceled";
/** The direction of a payment. */
export type PaymentKind = "capture" | "refund";
/** How much of the money is there. */
export type PaymentStatus =
  "notRequired" | "unpaid" | "partiallyPaid" | "paid" | "overpaid" | "refunded" | "elsewhere";
/** When the money has to be there. */
export type PaymentTerms = "prepaid" | "onDelivery" | "onAccount";
/** Whether unit prices are gross or net. */
export type PriceBasis = "taxInclusive" | "taxExclusive";
/** Who names the unit price of a line. */
export type PriceSource = "priceList" | "draft";
/** What a user may do. */
export type Role = "customer" | "staff" | "admin";
/**
 * How a fraction becomes a whole number.
 *
 * Every mode is symmetric: rounding `-x` gives the negative of rounding `x`, so a refund mirrors
 * its charge exactly. (JavaScript's `Math.round` is not: 2.5 → 3 but −2.5 → −2.)
 */
export type Rounding = "halfUp" | "halfEven" | "halfDown" | "up" | "down";
/** The sum that tax is computed and rounded on. */
export type RoundingLevel = "group" | "line";
/** What is rounded when tax is taken out of a gross amount. */
export type RoundingTarget = "tax" | "net";
/** The one word that people sort their work by. */
export type Summary =
  | "awaitingPayment"
  | "awaitingConfirmation"
  | "awaitingShipment"
  | "partiallyShipped"
  | "inTransit"
  | "delivered"
  | "completed"
  | "canceled"
  | "awaitingRefund";
/** A tax category: the codes of UNCL 5305 that EN 16931 uses. */
export type TaxCategory = "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M" | "B";
/** The value of the items that a threshold looks at. */
export type ThresholdBasis = "afterDiscounts" | "beforeDiscounts";
/**
 * One step of pricing.
 *
 * The amounts of the `linePrices`, `lineAdjustment`, `discount`, `documentAdjustment`, `shipping`,
 * `tax` and `lineTaxes` steps add up to the totals; the other steps explain and carry no amount of their own.
 */
export type TraceStep =
  | {
      /** The amounts after rounding, in the order of the lines. */
      amountsMinor: number[];
      /** The lines where rounding changed the product. */
      rounded?: RoundedLine[];
      step: "linePrices";
    }
  | {
      /** The amount. */
      amountMinor: number;
      /** The line. */
      line: number;
      /** Why, as it was entered. */
      reason?: string;
      step: "lineAdjustment";
    }
  | {
      /** What it takes off. */
      amountMinor: number;
      /** The promotion, or `manual`. */
      rule: string;
      step: "discount";
    }
  | {
      /** What it took. */
      amountMinor: number;
      /** The promotion, or `manual`. */
      rule: string;
      step: "discountCapped";
      /** What it would take without the cap. */
      wantedMinor: number;
    }
  | {
      /** What is missing. */
      missingMinor: number;
      /** The promotion. */
      rule: string;
      step: "notReached";
    }
  | {
      /** The promotion. */
      rule: string;
      step: "noLineMatches";
    }
  | {
      /** The promotion. */
      rule: string;
      step: "notActive";
    }
  | {
      /** The amount. */
      amountMinor: number;
      /** Why, as it was entered. */
      reason?: string;
      step: "documentAdjustment";
    }
  | {
      /** The charge. */
      amountMinor: number;
      /** The method. */
      method: string;
      step: "shipping";
    }
  | {
      /** The threshold. */
      freeOverMinor: number;
      /** The method. */
      method: string;
      /** The charge that is saved. */
      savedMinor: number;
      step: "shippingFree";
    }
  | {
      /** The method. */
      method: string;
      /** What is missing. */
      missingMinor: number;
      step: "shippingNotFree";
    }
  | {
      /** The tax. */
      amountMinor: number;
      /** The exact tax in minor units, where rounding changed it. */
      exact?: string;
      step: "tax";
      /** Category, rate and jurisdiction. */
      tax: TaxComponent;
      /** The sum without tax. */
      taxableMinor: number;
    }
  | {
      /** The tax on each of them. */
      amountsMinor: number[];
      /** The lines (positions from 0). */
      lines: number[];
      /** The lines where rounding changed the tax. */
      rounded?: RoundedLine[];
      step: "lineTaxes";
      /** Category, rate and jurisdiction. */
      tax: TaxComponent;
    }
  | {
      /** Paid before. */
      prepaidMinor: number;
      /** Rounding of what is payable. */
      roundingMinor: number;
      step: "payable";
    };
/** What became of a command. */
export type Verdict = "accepted" | "rejected" | "deferred" | "quarantined";

/** Somebody who acts. */
export interface Actor {
  /** What the user may do. */
  role: Role;
  /** The user's id in the shop. */
  user: string;
}
/** A postal address. */
export interface Address {
  /** City, town or district. */
  city?: string;
  /** ISO 3166 two-letter country code. */
  country?: string;
  /** The recipient, if it is not the buyer. */
  name?: string;
  /** Postcode, where the country uses it. */
  postcode?: string;
  /** State, province or county, where the country uses it. */
  region?: string;
  /** Street, house number and what else stands above the city; up to four lines. */
  street?: string[];
}
/** An allowance (off) or charge (on top) that somebody set by hand. */
export interface Adjustment {
  /** The amount; leave it out if `percent` is given. */
  amountMinor?: number;
  /** What the percentage is of. */
  baseMinor?: number;
  /** Whether it is taken off or added. */
  kind: AdjustmentKind;
  /** A percentage of `base_minor`, or of the line or items if that is missing. */
  percent?: string;
  /** Why; shown to the customer. */
  reason?: string;
  /** Taxes of a document adjustment. Without them an allowance is shared over the lines. */
  taxes?: TaxComponent[];
}
/** A command with whether it is possible now, and if not, every reason. */
export interface AllowedCommand {
  /** Whether it is possible. */
  allowed: boolean;
  /** The command. */
  command: CommandKind;
  /** Why it is not. */
  reasons: Issue[];
}
/** A discount or charge with the amount it has on each line. */
export interface AppliedAdjustment {
  /** What it takes off (positive) or adds (negative). */
  amountMinor: number;
  /** The coupon code that unlocked it. */
  couponCode?: string;
  /** The name that customers see. */
  name?: LocalText;
  /** The promotion, or `manual` for one that staff set. */
  rule: string;
  /**
   * The share of each line, in the order of the lines; empty for a document adjustment with
   * taxes of its own.
   */
  sharesMinor: number[];
}
/** Call off. */
export interface Cancel {
  /** Why; the customer sees it. */
  reason: string;
}
/** What a carrier would ask for this draft. */
export interface CarrierQuote {
  /** Good before this time; afterwards the method's own table counts, marked as an estimate. */
  expiresMs: number;
  /** The shipping method that it is for. */
  method: string;
  /** The price, in the shop's price basis. */
  priceMinor: number;
}
/** The verdict on one command. */
export interface CommandResult {
  /** The id of the command. */
  id: string;
  /** Why it was not accepted. */
  issues?: Issue[];
  /** The client's counter. */
  n: number;
  /** The order's number, for an accepted `place`. */
  number?: string;
  /** When to try again, for `deferred`. */
  retryAfterMs?: number;
  /** The sequence of the change it made, if it made one. */
  seq?: number;
  /** What became of it. */
  verdict: Verdict;
}
/** The facts of one question. All but the time may be missing; what is missing is not assumed. */
export interface Context {
  /** How much of an order whoever asks may take off by hand, in per cent; no limit if missing. */
  adjustmentLimitPercent?: string;
  /** Prices that carriers gave for this draft. */
  carrierQuotes?: CarrierQuote[];
  /** What is known of the buyer. */
  customer?: CustomerFacts;
  /** The gift cards that the buyer entered, with what is on them. */
  giftCards?: GiftCard[];
  /** Whether manual allowances and charges are accepted (staff). */
  mayAdjust?: boolean;
  /** The time at which prices, promotions and rates must be valid. */
  nowMs: number;
  /** What is in stock; a SKU that is not listed counts as available. */
  stock?: StockLevel[];
  /** How often limited promotions were used; one that is not listed counts as unused. */
  uses?: RuleUse[];
}
/** The buyer. */
export interface Customer {
  /** E-mail address. */
  email?: string;
  /** The shop's id of a known customer. */
  id?: string;
  /** Full name. */
  name?: string;
  /** Telephone number. */
  phone?: string;
}
/** What is known of the buyer. */
export interface CustomerFacts {
  /** Exemption certificates on file. */
  exemptions?: TaxExemption[];
  /** The groups the customer belongs to, such as `gold` or `wholesale`. */
  groups?: string[];
  /** When the last of them was placed. */
  lastOrderMs?: number;
  /** Orders that the customer placed before this one; unknown if missing. */
  placedOrders?: number;
  /** Points that can be spent. */
  points?: number;
  /** Store credit that can be spent. */
  storeCreditMinor?: number;
  /** The check of the buyer's tax number, where there was one. */
  taxNumber?: TaxNumberCheck;
}
/** A shipment arrives. */
export interface Deliver {
  /** The shipment. */
  shipment: string;
}
/** The derived statuses of an order. */
export interface Derived {
  /** What is still due; negative if the shop owes. */
  balanceDueMinor: number;
  /** How much of the goods has moved. */
  fulfillment: FulfillmentStatus;
  /** Received minus given back. */
  paidMinor: number;
  /** How much of the money is there. */
  payment: PaymentStatus;
  /** The one word. */
  summary: Summary;
}
/** Who orders, where it goes, and how it is paid. */
export interface Details {
  /** Where the invoice goes, if elsewhere. */
  billingAddress?: Address;
  /** Coupon codes that were entered. */
  couponCodes?: string[];
  /** The buyer. */
  customer?: Customer;
  /** A word to the shop. */
  note?: string;
  /** The id of a payment method. */
  paymentMethod?: string;
  /** Where the goods go. */
  shippingAddress?: Address;
  /** The id of a shipping method. */
  shippingMethod?: string;
}
/** An order before it is placed. Everything may be missing; validation says what must not be. */
export interface Draft {
  /** Allowances and charges on the whole document, by staff. */
  adjustments?: Adjustment[];
  /** The currency the buyer saw; refused if it is not the shop's. */
  currency?: string;
  /** Everything else that the buyer says. */
  details?: Details;
  /** What is ordered. */
  lines?: DraftLine[];
  /** Rounds what is payable, for cash; its own amount, never part of the total. */
  payableRoundingMinor?: number;
  /** Paid before this document; lowers what is payable, not the total. */
  prepaidMinor?: number;
}
/** One line of a draft. */
export interface DraftLine {
  /** Allowances and charges on this line, by staff. */
  adjustments?: Adjustment[];
  /** The unit price is for this many units; 1 if missing. */
  baseQuantity?: string;
  /** An id that is unique in the order; the position (from 1) if missing. */
  id?: string;
  /** A name for a line that is not in the price list. */
  name?: LocalText;
  /** How many, as a decimal. */
  quantity?: string;
  /** The stock keeping unit. */
  sku?: string;
  /** A tax class other than the product's; only where the draft names the price. */
  taxClass?: string;
  /** Explicit taxes in place of a class; only where the draft names the price. */
  taxes?: TaxComponent[];
  /** Price of one unit in major units; only where the shop lets the draft name it. */
  unitPrice?: string;
}
/** An event with who, when and by which command. */
export interface EventRecord {
  /** When the user asked, by the device's clock, where that differs: a claim. */
  askedMs?: number;
  /** When it was decided. */
  atMs: number;
  /** Who asked for it. */
  by: Actor;
  /** The command it came from. */
  command?: string;
  /** What happened. */
  event: Event;
}
/** The price that the buyer saw and agreed to. */
export interface Expectation {
  /** The digest of the rules it was computed with. */
  rulesetDigest: string;
  /** The total with tax. */
  totalMinor: number;
}
/** A gift card that the buyer entered. */
export interface GiftCard {
  /** What is on it. */
  balanceMinor: number;
  /** Its code. */
  code: string;
  /** Valid before this time. */
  endsMs?: number;
}
/** One entry of the history that people read. */
export interface HistoryEntry {
  /** The amount that moved, if one did. */
  amountMinor?: number;
  /** When. */
  atMs: number;
  /** Who. */
  by: Actor;
  /** What happened: `placed`, `paymentRecorded`, `shipped` … */
  event: string;
  /** The reason, tracking number or payment method, if there is one. */
  note?: string;
}
/** Something unusual in an imported document, with the number of lines that have it. */
export interface ImportFinding {
  /** The class, such as `negativeQuantity`, `nameMissing`, `lineRepeated` or `priceZero`. */
  class: string;
  /** How many lines. */
  lines: number;
}
/** Where an imported order comes from, and what was found in it. */
export interface ImportNote {
  /** The exact sum of quantity × unit price in major units, before rounding to the currency. */
  exactTotal: string;
  /** What was unusual; nothing is dropped. */
  findings?: ImportFinding[];
  /** What kind of document it was there. */
  kind: ImportKind;
  /** The name of the data set or system. */
  source: string;
}
/** One thing that is wrong, as data. */
export interface Issue {
  /** The figures that the sentence needs: limits, what was found, what would do. */
  args: {
    [k: string]: number | string;
  };
  /** What is wrong. */
  code: IssueCode;
  /** Where, as a JSON Pointer (RFC 6901) into the document that was sent; empty for the whole. */
  path: string;
}
/** A text in the shop's languages. */
export interface LocalText {
  /** English. */
  en: string;
  /** Chinese; the English text is shown where it is missing. */
  zh?: string;
}
/** How orders are numbered; see `crate::numbering`. */
export interface Numbering {
  /** Orders a day that the shop expects; the linter computes the chance of a repeat from it. */
  ordersPerDay?: number;
  /** The pattern of order numbers, such as `{date:yyMMdd}-{device:2}{seq:4}{check}`. */
  pattern: string;
}
/** The state of an order: the fold of its events. */
export interface Order {
  /** Numbers it had before, such as a provisional one. */
  aliases: string[];
  /** Why it was canceled. */
  cancelReason?: string;
  /** The currency of all amounts. */
  currency: string;
  /** Buyer, addresses and choices. */
  details: Details;
  /** What happened, who did it and when. */
  history: HistoryEntry[];
  /** The id. */
  id: string;
  /** Present if it came from another system. */
  import?: ImportNote;
  /** The lines with their quantities in each state. */
  lines: OrderLine[];
  /** The number for people. */
  number: string;
  /** The user who placed it; a customer sees only their own. */
  owner: string;
  /** When the money has to be there, as agreed when it was placed. */
  paymentTerms: PaymentTerms;
  /** Money that moved. */
  payments: Payment[];
  /** When it was placed. */
  placedMs: number;
  /** How many events it has had. */
  revision: number;
  /** The version of the rules it was priced with. */
  rulesetVersion: string;
  /** Goods that left. */
  shipments: Shipment[];
  /** Where it stands. */
  status: OrderStatus;
  /** The sums it was placed with. */
  totals: Totals;
  /** When it last changed. */
  updatedMs: number;
}
/** One line with its quantities. `ordered ≥ shipped ≥ delivered` always holds. */
export interface OrderLine {
  /** The amount before discounts. */
  amountMinor: number;
  /** The price is for this many units; 1 if missing. */
  baseQuantity?: string;
  /** How many have arrived. */
  delivered: string;
  /** The discounts on it. */
  discountMinor: number;
  /** After discounts, with tax. */
  grossMinor: number;
  /** The id, unique in the order. */
  id: string;
  /** The name when it was ordered. */
  name?: LocalText;
  /** How many were ordered. */
  ordered: string;
  /** How many have left. */
  shipped: string;
  /** The stock keeping unit. */
  sku: string;
  /** The price of one unit when it was ordered. */
  unitPrice: string;
}
/** Everything that happened to one order. This is what is stored and synced; all else follows. */
export interface OrderLog {
  /** The events, oldest first. */
  events: EventRecord[];
  /** The id, a UUIDv7 made by the client. */
  id: string;
}
/** Money that moved. */
export interface Payment {
  /** How much, above zero. */
  amountMinor: number;
  /** An id made by who recorded it; the same id is never counted twice. */
  id: string;
  /** In which direction. */
  kind?: PaymentKind;
  /** The payment method. */
  method: string;
  /** What the bank or provider calls it. */
  reference?: string;
}
/** A way to pay. */
export interface PaymentMethod {
  /** The id that drafts name. */
  id: string;
  /** The name that customers see. */
  name: LocalText;
  /** When the money has to be there. */
  terms?: PaymentTerms;
}
/** Commit to a draft. */
export interface Place {
  /** What is ordered. */
  draft: Draft;
  /** What the buyer saw. */
  expect: Expectation;
  /** The number that the device made; the authority gives one if it is missing or provisional. */
  number?: string;
}
/** Something that is sold. */
export interface Product {
  /** A word to group by and to aim promotions at. */
  category?: string;
  /** Largest quantity of a line. */
  maximumQuantity?: string;
  /** Smallest quantity of a line. */
  minimumQuantity?: string;
  /** The name that customers see. */
  name: LocalText;
  /** The quantity must be a multiple of this; 1 if missing. */
  quantityStep?: string;
  /** The stock keeping unit. */
  sku: string;
  /** The tax class. */
  taxClass: string;
  /** List price of one unit, in major units. */
  unitPrice: string;
}
/** A discount: when it applies, to what, and how much it takes off. */
export interface Promotion {
  /** Only lines of these categories. */
  categories?: string[];
  /** Needs one of these coupon codes; automatic if empty. */
  couponCodes?: string[];
  /** What it takes off. */
  effect: Effect;
  /** Valid before this time. */
  endsMs?: number;
  /** A stable id; the trace names it. */
  id: string;
  /** The matching lines must be worth at least this, after earlier discounts. */
  minimumMinor?: number;
  /** The name that customers see. */
  name: LocalText;
  /** Lower runs first inside its phase (lines before order); equal ones by id. */
  priority?: number;
  /** Only lines with these SKUs; with `categories` a line must match one of both lists. */
  skus?: string[];
  /** Valid from this time on. */
  startsMs?: number;
}
/** A priced draft. Every amount is a whole number of minor units and every sum adds up exactly. */
export interface Quote {
  /** Discounts and charges that took effect, with their share on each line. */
  adjustments: AppliedAdjustment[];
  /** The currency of all amounts. */
  currency: string;
  /** The lines, in the order of the draft. */
  lines: QuoteLine[];
  /** Whether `amountMinor` and discounts hold tax. */
  priceBasis: PriceBasis;
  /** The digest of the rules. */
  rulesetDigest: string;
  /** The version of the rules. */
  rulesetVersion: string;
  /** The shipping charge, if a method is chosen. */
  shipping?: QuoteShipping;
  /** Tax per category and rate. */
  taxes: TaxTotal[];
  /** The sums. */
  totals: Totals;
  /** Why each amount is what it is. Left out of stored orders, where it can be computed again. */
  trace?: TraceStep[];
}
/** The amounts of one line. */
export interface QuoteLine {
  /** Price × quantity with the line's own charges and allowances, before discounts. */
  amountMinor: number;
  /** The price is for this many units; 1 if missing. */
  baseQuantity?: string;
  /** The sum of this line's shares of all discounts. */
  discountMinor: number;
  /** After discounts, with tax. */
  grossMinor: number;
  /** The id of the draft line, or its position from 1. */
  id: string;
  /** The name at the time of the order. */
  name?: LocalText;
  /** After discounts, without tax. */
  netMinor: number;
  /** How many. */
  quantity: string;
  /** The stock keeping unit. */
  sku: string;
  /** The tax on it. */
  taxMinor: number;
  /** The price of one unit that was used, in major units. */
  unitPrice: string;
}
/** The shipping charge. */
export interface QuoteShipping {
  /** The charge in the shop's price basis; zero if free. */
  amountMinor: number;
  /** With tax. */
  grossMinor: number;
  /** The method. */
  method: string;
  /** Without tax. */
  netMinor: number;
  /** The tax on it. */
  taxMinor: number;
}
/** A line whose amount was rounded. */
export interface RoundedLine {
  /** The exact amount in minor units, as a decimal or fraction. */
  exact: string;
  /** The line (position from 0). */
  line: number;
}
/** Where and how fractions of the minor unit are rounded. The default is the rule of EN 16931. */
export interface RoundingRules {
  /** The sum that tax is computed and rounded on. */
  level?: RoundingLevel;
  /** The mode of every rounding. */
  mode?: Rounding;
  /** With tax-inclusive prices: what is rounded; the other is the difference. */
  target?: RoundingTarget;
}
/** How often and how far a promotion or price list was used before this draft. */
export interface RuleUse {
  /** What it took off so far. */
  amountMinor?: number;
  /** Orders that used it; for a price list, units that were sold at it. */
  count?: number;
  /** That of this customer. */
  customerAmountMinor?: number;
  /** Those of this customer. */
  customerCount?: number;
  /** The id of the promotion or price list. */
  rule: string;
}
/** Everything a shop decides, as data. `Rules` is the checked and indexed form that prices. */
export interface Ruleset {
  /** The one currency of the shop. */
  currency: string;
  /** ISO 3166 country whose tax applies while a draft has no address. */
  homeCountry: string;
  /** The shop's name, as customers know it. */
  name: LocalText;
  /** How orders are numbered. */
  numbering?: Numbering;
  /** How the customer pays. */
  paymentMethods?: PaymentMethod[];
  /** Whether unit prices hold the tax already. */
  priceBasis: PriceBasis;
  /** Who names the unit price. */
  priceSource?: PriceSource;
  /** What is sold, with list prices. */
  products?: Product[];
  /** Discounts, automatic or by coupon. */
  promotions?: Promotion[];
  /** Where and how fractions of the minor unit are rounded. */
  rounding?: RoundingRules;
  /** How goods get to the customer. */
  shippingMethods?: ShippingMethod[];
  /** Tax classes with their rates per country. */
  taxClasses?: TaxClass[];
  /** The zone of the shop's calendar day. */
  timeZone?: TimeZone;
  /** The name of this version; orders keep it. */
  version: string;
  /** Switches of the order's life. */
  workflow?: Workflow;
}
/** Goods leave. */
export interface Ship {
  /** Who carries it. */
  carrier?: string;
  /** What leaves; everything that is open if missing. */
  lines?: ShipmentLine[];
  /** An id that is unique in the order. */
  shipment: string;
  /** The carrier's number. */
  tracking?: string;
}
/** Goods that left together. */
export interface Shipment {
  /** Who carries it. */
  carrier?: string;
  /** When it arrived. */
  deliveredMs?: number;
  /** An id that is unique in the order. */
  id: string;
  /** What is in it. */
  lines: ShipmentLine[];
  /** When it left; set by the decision. */
  shippedMs: number;
  /** The carrier's number. */
  tracking?: string;
}
/** A quantity of a line. */
export interface ShipmentLine {
  /** The id of the order line. */
  line: string;
  /** How many. */
  quantity: string;
}
/** A way to deliver, with its price. */
export interface ShippingMethod {
  /** ISO 3166 countries that are served; every country if empty. */
  countries?: string[];
  /** Whether that value counts before or after discounts. */
  freeOverBasis?: ThresholdBasis;
  /** Free from this value of the items on. */
  freeOverMinor?: number;
  /** The id that drafts name. */
  id: string;
  /** The name that customers see. */
  name: LocalText;
  /** The price, in the shop's price basis. */
  priceMinor: number;
  /** The tax class of the charge. */
  taxClass: string;
}
/** One tier of a spend threshold. */
export interface SpendTier {
  /** This much is taken off. */
  saveMinor: number;
  /** From this value on. */
  spendMinor: number;
}
/** How much of a SKU can be sold. */
export interface StockLevel {
  /** How many there are. */
  quantity: string;
  /** The stock keeping unit. */
  sku: string;
}
/** A kind of goods for tax, such as `standard` or `books`. */
export interface TaxClass {
  /** The id that products and shipping methods name. */
  id: string;
  /** The rates; the first rule that matches the country counts. */
  rules: TaxRule[];
}
/** One tax. */
export interface TaxComponent {
  /** The category. */
  category?: TaxCategory;
  /** Who levies it, where several do. */
  jurisdiction?: string;
  /** The rate in per cent; 0 (also if missing) for Z, E, AE, K, G and O. */
  percent?: string;
}
/** An exemption from tax that the shop has a certificate of. */
export interface TaxExemption {
  /** The number of the certificate. */
  certificate: string;
  /** Valid before this time. */
  endsMs?: number;
  /** Who would levy the tax; every tax if missing. */
  jurisdiction?: string;
  /** Valid from this time on. */
  startsMs?: number;
  /** Only these tax classes; all if empty. */
  taxClasses?: string[];
}
/** The answer of a tax authority about a number (VIES and the like). */
export interface TaxNumberCheck {
  /** When it was asked. */
  checkedMs: number;
  /** The number that was asked about. */
  number: string;
  /** The authority's reference of the answer. */
  reference?: string;
  /** Whether it is valid. */
  valid: boolean;
}
/** The rates of a class in some countries. */
export interface TaxRule {
  /** One or more taxes on the same base, added up (state + county + city). */
  components: TaxComponent[];
  /** ISO 3166 countries; every country if empty. */
  countries?: string[];
}
/** One row of the tax summary. */
export interface TaxTotal {
  /** Category, rate and jurisdiction. */
  tax: TaxComponent;
  /** The tax. */
  taxMinor: number;
  /** The sum it is on, without tax. */
  taxableMinor: number;
}
/** An IANA zone with its offsets from UTC. */
export interface TimeZone {
  /** The IANA name, for display. */
  name: string;
  /** The offset before the first transition, in minutes east of UTC. */
  offsetMinutes?: number;
  /** Later changes of the offset, by rising time. */
  transitions?: ZoneTransition[];
}
/** The sums of the document. */
export interface Totals {
  /** Document allowances with taxes of their own. */
  allowanceMinor: number;
  /** Document charges with taxes of their own. */
  chargeMinor: number;
  /** All discounts that are shared over lines, in the price basis. */
  discountMinor: number;
  /** Everything with tax. */
  grossMinor: number;
  /** All line amounts before discounts, in the price basis. */
  itemsMinor: number;
  /** Everything without tax. */
  netMinor: number;
  /** What is left to pay: gross − prepaid + rounding. */
  payableMinor: number;
  /** Shipping, in the price basis. */
  shippingMinor: number;
  /** All tax. */
  taxMinor: number;
}
/** Switches of the order's life. */
export interface Workflow {
  /** A payment may exceed the balance by this much (tips, wrong change). */
  overpaymentMinor?: number;
  /** How long a price that was shown is honoured after the rules have changed. */
  priceGraceMs?: number;
  /** Days in which a delivered order can still come back before it is completed. */
  returnWindowDays?: number;
}
/** From a time on, another offset. */
export interface ZoneTransition {
  /** Milliseconds since the epoch. */
  fromMs: number;
  /** Minutes east of UTC from then on. */
  offsetMinutes: number;
}
