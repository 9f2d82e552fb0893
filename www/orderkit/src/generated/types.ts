// Made from the Rust types by `npm run types`. Do not edit.

/** The direction of an `Adjustment` (the words of EN 16931). */
export type AdjustmentKind = "allowance" | "charge";
/** What an edit makes of the prices and discounts that were agreed (features.md g). */
export type AmendmentPolicy = "freeze" | "neverWorse" | "reEvaluate";
/** What became of an edit. */
export type AmendmentState = "proposed" | "applied" | "declined";
/** Why an order was called off, to count by. */
export type CancelCause =
  | "customerChangedMind"
  | "betterOffer"
  | "outOfStock"
  | "paymentFailed"
  | "fraud"
  | "duplicate"
  | "wrongData"
  | "other";
/** What holds a discount back. */
export type CapKind = "left" | "line" | "order" | "floor" | "budget" | "shop";
/** One change of an order. */
export type Change =
  | {
      addLine: {
        /** The line; its id is made if it is missing or taken. */
        line: DraftLine;
      };
    }
  | {
      removeLine: {
        /** The line. */
        line: string;
      };
    }
  | {
      setQuantity: {
        /** The line. */
        line: string;
        /** How many. */
        quantity: string;
      };
    }
  | {
      replaceLine: {
        /** What comes in its place. */
        by: DraftLine;
        /** The line. */
        line: string;
      };
    }
  | {
      setUnitPrice: {
        /** The line. */
        line: string;
        /** The price of one unit in major units, in the order's price basis, before discounts. */
        unitPrice: string;
      };
    }
  | {
      setShippingAddress: {
        /** Where. */
        address: Address;
      };
    }
  | {
      setBillingAddress: {
        /** Where; to the shipping address if missing. */
        address?: Address;
      };
    }
  | {
      setContact: {
        /** The buyer; the shop's id and the tax number stay as they are. */
        contact: Customer;
      };
    }
  | {
      setShippingMethod: {
        /** Its id. */
        method: string;
      };
    }
  | {
      setPaymentMethod: {
        /** Its id. */
        method: string;
      };
    }
  | {
      setNote: {
        /** The word; none if missing. */
        note?: string;
      };
    }
  | {
      addCoupon: {
        /** The code. */
        code: string;
      };
    }
  | {
      removeCoupon: {
        /** The code. */
        code: string;
      };
    }
  | {
      addAdjustment: {
        /** It. */
        adjustment: Adjustment;
      };
    }
  | {
      removeDiscount: {
        /** The promotion, or `manual` for those by hand. */
        rule: string;
      };
    };
/** What a change does, for the table of what may change when. */
export type ChangeKind =
  | "moreGoods"
  | "lessGoods"
  | "unitPrice"
  | "shippingAddress"
  | "billingAddress"
  | "contact"
  | "shippingMethod"
  | "paymentMethod"
  | "note"
  | "coupon"
  | "discount";
/** What came in, beside what the buyer shall bear (Saleor's charge status). */
export type ChargeLevel = "none" | "partial" | "full" | "over";
/**
 * Where the taxes of shipping or of another charge come from.
 *
 * All but `ownClass` look at the goods; without goods that have a price, `ownClass` counts.
 */
export type ChargeTax = "ownClass" | "proRata" | "highestRate" | "averageRate" | "none";
/** What becomes of a discount whose threshold is no longer reached. */
export type ClawBack = "keep" | "proRata" | "wholeTier";
/** The name of a command, without its arguments. */
export type CommandKind =
  | "saveDraft"
  | "discard"
  | "place"
  | "recordPayment"
  | "writeOff"
  | "confirm"
  | "hold"
  | "release"
  | "allocate"
  | "pick"
  | "unpick"
  | "pack"
  | "unpack"
  | "cancelShipment"
  | "ship"
  | "handOver"
  | "readyForPickup"
  | "pickUp"
  | "deliver"
  | "failDelivery"
  | "redeliver"
  | "returnToSender"
  | "lose"
  | "confirmReceipt"
  | "cancelLines"
  | "settleShortage"
  | "amend"
  | "proposeAmendment"
  | "acceptAmendment"
  | "declineAmendment"
  | "complete"
  | "reopen"
  | "cancel"
  | "expire"
  | "reinstate"
  | "requestReturn"
  | "approveReturn"
  | "declineReturn"
  | "sendReturn"
  | "receiveReturn"
  | "inspectReturn"
  | "resolveReturn"
  | "closeReturn"
  | "cancelReturn"
  | "expireReturn"
  | "grantCredit"
  | "note";
/** What a promotion asks of an order or customer. */
export type ConditionKind =
  | "customerGroup"
  | "nthOrder"
  | "daysSinceLastOrder"
  | "shippingMethod"
  | "paymentMethod"
  | "country"
  | "contains"
  | "otherPromotion";
/** When the shop commits to an order. */
export type Confirmation = "byHand" | "whenPaid";
/** Why a coupon code takes nothing off. */
export type CouponObstacle = "unknown" | "notActive" | "usedUp" | "notUsed";
/** What a credit is for. */
export type CreditCause = "cancellation" | "return" | "amendment" | "goodwill";
/** For what the shop keeps a part of a credit. */
export type CreditFeeKind =
  "restocking" | "returnLabel" | "clawBack" | "shipping" | "replacement" | "givenBefore";
/** What customers may edit of their own orders, until the shop commits. */
export type CustomerEdits = "nothing" | "details" | "detailsAndLess";
/** What a deadline is for. */
export type DeadlineKind =
  "pay" | "capture" | "pack" | "ship" | "fetchPickup" | "receipt" | "sendReturn" | "return";
/** What stays the same for a buyer with other taxes than those at home. */
export type DestinationPrices = "keepGross" | "keepNet";
/** What a fixed discount is counted by. */
export type DiscountUnit = "unit" | "line";
/** What a promotion takes off. */
export type Effect =
  | {
      kind: "linePercentage";
      /** 0 to 100. */
      percent: string;
      /** Only so many units. */
      units?: UnitLimit;
    }
  | {
      /** The amount. */
      amountMinor: number;
      kind: "lineFixed";
      /** Whether it counts for each unit or once a line. */
      per: DiscountUnit;
      /** Only so many units. */
      units?: UnitLimit;
    }
  | {
      kind: "fixedPrice";
      /** The price of a unit, in major units. */
      unitPrice: string;
      /** Only so many units. */
      units?: UnitLimit;
    }
  | {
      kind: "orderPercentage";
      /** At most this much. */
      maximumMinor?: number;
      /** 0 to 100. */
      percent: string;
      /** Whether it is on the shipping charge too. */
      withShipping?: boolean;
    }
  | {
      /** The amount. */
      amountMinor: number;
      kind: "orderFixed";
      /** Whether it is shared, by value, between these lines and the shipping charge. */
      withShipping?: boolean;
    }
  | {
      /** The price. */
      amountMinor: number;
      kind: "orderFixedPrice";
    }
  | {
      kind: "spendTiers";
      /** Whether a tier counts again for each time its spend is reached (每满减); the highest one counts once if not. */
      repeat?: boolean;
      /** The tiers, by rising spend. */
      tiers: SpendTier[];
    }
  | {
      kind: "quantityTiers";
      /** The tiers, by rising quantity. */
      tiers: QuantityTier[];
      /** Whether the units of all matching lines count together; each line for itself if not. */
      together?: boolean;
    }
  | {
      kind: "nthUnit";
      /** At most so many units. */
      maximumTimes?: number;
      /** 2 or more. */
      n: number;
      /** What is taken off that unit, 0 to 100. */
      percent: string;
      /** Which units of the order are the cheaper ones. */
      pick?: UnitPick;
    }
  | {
      /**
       * Whether the bought units are chosen first, in the order of the pick, and only whole sets are given from the others. If
       * not, as many units as possible are given.
       */
      boughtFirst?: boolean;
      /** Units of the promotion's target that have to be bought. */
      buyQuantity: number;
      /** The goods that are cheaper; those of the promotion's target if missing. */
      get?: Target;
      /** How many of them for each time. */
      getQuantity: number;
      kind: "buyGet";
      /** At most so many times. */
      maximumTimes?: number;
      /** What is taken off each, 0 to 100. */
      percent: string;
      /** Which units are given. */
      pick?: UnitPick;
      /** Whether nothing is given unless all of `getQuantity` are in the order. */
      wholeSetsOnly?: boolean;
    }
  | {
      /** The price of a group. */
      amountMinor: number;
      kind: "anyFor";
      /** At most so many groups. */
      maximumTimes?: number;
      /** Units of a group, 2 or more. */
      quantity: number;
    }
  | {
      /** The price of a bundle; leave it out if `percent` is given. */
      amountMinor?: number;
      kind: "bundle";
      /** At most so many bundles. */
      maximumTimes?: number;
      /** The parts; a unit is part of one bundle only. */
      parts: BundlePart[];
      /** What is taken off a bundle, 0 to 100. */
      percent?: string;
    }
  | {
      kind: "gift";
      /** Once for every so many matching units; once an order if missing. */
      perUnits?: number;
      /** How many. */
      quantity?: number;
      /** What can be chosen; the first that is in stock unless the buyer names another. */
      skus: string[];
    }
  | {
      kind: "shippingPercentage";
      /** At most this much. */
      maximumMinor?: number;
      /** 0 to 100. */
      percent: string;
    }
  | {
      /** The amount. */
      amountMinor: number;
      kind: "shippingFixed";
    };
/** What happened. */
export type Event =
  | {
      drafted: {
        /** The shop's currency. */
        currency: string;
        /** What was filled in. */
        draft: Draft;
        /** The price then, if there was one. */
        quote?: Quote;
      };
    }
  | {
      discarded: {};
    }
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
      writtenOff: {
        /** The balance. */
        amountMinor: number;
        /** Why. */
        reason?: string;
      };
    }
  | {
      confirmed: {};
    }
  | {
      held: {
        /** What. */
        hold: Hold;
      };
    }
  | {
      released: {
        /** What. */
        reason: HoldReason;
      };
    }
  | {
      allocated: {
        /** Whether there are no goods yet: it waits for them. */
        isBackordered?: boolean;
        /** What is in it. */
        lines: ShipmentLine[];
        /** The shipment. */
        shipment: string;
      };
    }
  | {
      shipmentMoved: {
        /** The code that the customer shows to get the goods. */
        pickupCode?: string;
        /** Why, for a step back or a mishap. */
        reason?: string;
        /** The shipment. */
        shipment: string;
        /** Where it stands now. */
        to: ShipmentStatus;
      };
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
      receiptConfirmed: {};
    }
  | {
      linesCanceled: {
        /** Which, and what they are worth. */
        credit: Credit;
        /** Why; the customer sees it. */
        reason: string;
      };
    }
  | {
      amended: {
        /** The edit, and what it came to. */
        amended: Amended;
      };
    }
  | {
      amendmentProposed: {
        /** The edit. */
        amendment: Amendment;
        /** What the buyer would finally bear. */
        totalMinor: number;
      };
    }
  | {
      amendmentDeclined: {
        /** The id of the edit. */
        amendment: string;
        /** Why. */
        reason?: string;
      };
    }
  | {
      completed: {};
    }
  | {
      reopened: {
        /** Why. */
        reason: string;
      };
    }
  | {
      canceled: {
        /** The kind of reason, to count by. */
        cause?: CancelCause;
        /** Why; the customer sees it. */
        reason: string;
      };
    }
  | {
      expired: {};
    }
  | {
      reinstated: {
        /** Why. */
        reason: string;
      };
    }
  | {
      returnRequested: {
        /** What, and why. */
        request: Return;
      };
    }
  | {
      returnMoved: {
        /** Who carries it. */
        carrier?: string;
        /** Why, if it ends. */
        reason?: string;
        /** The return. */
        returnId: string;
        /** Where it stands now. */
        to: ReturnStatus;
        /** The carrier's number. */
        tracking?: string;
      };
    }
  | {
      returnReceived: {
        /** Which. */
        lines: ShipmentLine[];
        /** The return. */
        returnId: string;
      };
    }
  | {
      returnInspected: {
        /** What was found, and where the goods go. */
        inspections: Inspection[];
        /** The return. */
        returnId: string;
      };
    }
  | {
      returnResolved: {
        /** What was claimed from the carrier. */
        carrierClaim?: string;
        /** What is done about which units. */
        outcomes: LineOutcome[];
        /** The return. */
        returnId: string;
        /** Every amount. */
        settlement: Settlement;
      };
    }
  | {
      creditGranted: {
        /** What. */
        credit: Credit;
        /** Why; the customer sees it. */
        reason: string;
      };
    }
  | {
      stockShort: {
        /** Which, and what the shop did about them. */
        shortages: Shortage[];
      };
    }
  | {
      shortageSettled: {
        /** What. */
        choice: ShortageChoice;
      };
    }
  | {
      noted: {
        /** The word. */
        text: string;
      };
    }
  | {
      withheld: {
        /** SHA-256 of the record, in hexadecimal: what the hash chain knows of it. */
        digest: string;
      };
    };
/** What is unusual. The rows of features.md (h). */
export type ExceptionKind =
  | "outOfStock"
  | "oversold"
  | "wrongData"
  | "unserviceableAddress"
  | "paymentFailed"
  | "paymentPending"
  | "latePayment"
  | "overpaid"
  | "underpaid"
  | "chargeback"
  | "totalTampered"
  | "logTampered"
  | "duplicateSubmission"
  | "unknownOrder"
  | "unknownPayment"
  | "priceStale"
  | "clockWrong"
  | "storageTrouble"
  | "editConflict"
  | "poisonMessage"
  | "deliveryFailed"
  | "returnedToSender"
  | "lost"
  | "returnDiffers"
  | "fraudSuspected"
  | "limitReached"
  | "authorizationEnding"
  | "packingLate"
  | "shippingLate"
  | "heldByHand"
  | "refundDue";
/** How bad an exception is. */
export type ExceptionSeverity = "block" | "warn" | "notice";
/** What goods cost that are sent in exchange. */
export type ExchangePrice = "paid" | "today";
/** What an `Explanation` is about. */
export type ExplanationKind =
  | "price"
  | "listPrice"
  | "adjustment"
  | "applied"
  | "capped"
  | "gift"
  | "points"
  | "documentAdjustment"
  | "notQualified"
  | "nextStep"
  | "suppressed"
  | "beaten"
  | "note"
  | "shipping"
  | "shippingPart"
  | "shippingDiscount"
  | "tax"
  | "taxNote"
  | "tender"
  | "payable"
  | "rounding";
/** How much of the goods has moved. What came back to the sender or is lost has not moved. */
export type FulfillmentStatus =
  | "elsewhere"
  | "notRequired"
  | "delivered"
  | "partiallyDelivered"
  | "shipped"
  | "partiallyShipped"
  | "fulfilled"
  | "partiallyFulfilled"
  | "backordered"
  | "unfulfilled";
/** In which condition goods came back (after Solidus' reception states). */
export type GoodsCondition = "good" | "used" | "damaged" | "wrongItem" | "short" | "emptyBox";
/** Where goods go that came back. */
export type GoodsFate = "restock" | "writeOff" | "sendBack";
/** Why work on an order stops. */
export type HoldReason = "fraudReview" | "address" | "stock" | "paymentReview" | "manual";
/** The kind of an imported document. */
export type ImportKind = "sale" | "cancellation" | "adjustment";
export type IssueCode =
  | "json_malformed"
  | "shape_invalid"
  | "document_too_large"
  | "document_cyclic"
  | "stock_missing"
  | "device_stock_missing"
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
  | "adjustment_over_limit"
  | "discount_too_large"
  | "shipping_method_unknown"
  | "shipping_not_served"
  | "shipping_place_not_served"
  | "shipping_excluded"
  | "shipping_too_heavy"
  | "shipping_too_valuable"
  | "shipping_below_minimum"
  | "shipping_no_rate"
  | "shipping_template_missing"
  | "shipping_weight_unknown"
  | "shipping_size_unknown"
  | "shipping_quote_missing"
  | "shipping_facts_not_allowed"
  | "payment_method_unknown"
  | "coupons_too_many"
  | "coupon_unknown"
  | "coupon_used_up"
  | "points_not_accepted"
  | "points_too_many"
  | "gift_card_unknown"
  | "gift_card_ended"
  | "coupon_not_active"
  | "tax_rate_missing"
  | "amount_too_large"
  | "pattern_invalid"
  | "pattern_collides"
  | "pattern_small"
  | "series_exhausted"
  | "number_invalid"
  | "number_taken"
  | "ruleset_invalid"
  | "ruleset_unknown"
  | "ruleset_changed"
  | "version_taken"
  | "warnings_not_accepted"
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
  | "promotion_unreachable"
  | "promotion_never_wins"
  | "exclusion_cycle"
  | "coupon_loses_shipping"
  | "coupon_costs_more"
  | "fixed_price_not_lower"
  | "set_not_cheaper"
  | "budget_too_small"
  | "floor_above_price"
  | "list_price_not_lower"
  | "method_unreachable"
  | "template_uncovered"
  | "table_without_default"
  | "bands_end"
  | "tax_time_gap"
  | "tax_time_hole"
  | "entry_unused"
  | "entry_without_effect"
  | "limit_of_nothing"
  | "follower_before_leader"
  | "group_mixed"
  | "tier_takes_all"
  | "coupon_shared"
  | "command_unknown"
  | "order_unknown"
  | "order_exists"
  | "order_looks_repeated"
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
  | "chargeback_too_large"
  | "line_unknown"
  | "quantity_exceeds_open"
  | "nothing_open"
  | "already_shipped"
  | "shipment_unknown"
  | "tracking_repeated"
  | "still_open"
  | "goods_in_hand"
  | "no_deadline"
  | "too_early"
  | "payment_received"
  | "payment_pending"
  | "provider_missing"
  | "payment_unknown"
  | "capture_too_large"
  | "balance_differs"
  | "write_off_too_large"
  | "shipment_forbids"
  | "shipment_repeated"
  | "step_missing"
  | "scan_differs"
  | "pickup_code_wrong"
  | "credit_repeated"
  | "return_unknown"
  | "return_repeated"
  | "return_forbids"
  | "return_too_late"
  | "return_final_sale"
  | "evidence_missing"
  | "outcome_impossible"
  | "credit_differs"
  | "credit_too_large"
  | "log_tampered"
  | "edit_conflict"
  | "amendment_empty"
  | "amendment_repeated"
  | "amendment_unknown"
  | "changes_too_many"
  | "consent_missing"
  | "reprice_blocked"
  | "discount_unknown"
  | "coupon_without_effect"
  | "events_too_many"
  | "parent_refused"
  | "command_gap"
  | "client_forked"
  | "command_id_repeated"
  | "command_quarantined"
  | "try_later"
  | "batch_too_large"
  | "command_too_large"
  | "protocol_unknown"
  | "unsent_format_unknown"
  | "unsent_of_another_user"
  | "token_invalid"
  | "signature_invalid"
  | "quarantine_ended"
  | "token_forbids"
  | "stock_changed"
  | "not_found"
  | "tracking_unknown"
  | "tries_too_many"
  | "idempotency_key_invalid"
  | "idempotency_key_running"
  | "rate_limited"
  | "streams_too_many"
  | "request_too_slow"
  | "encoding_unknown"
  | "order_loading"
  | "store_corrupt"
  | "internal_error"
  | "unknown";
/** A language of the catalogue. */
export type Language = "en" | "zh";
/** Who gets the minor units that rounding a sum leaves after every part has its whole ones. */
export type Leftover = "largestRemainder" | "first";
/** A limit of a promotion. */
export type LimitKind = "uses" | "usesPerCustomer" | "budget" | "budgetPerCustomer";
/** What goods cost that an edit adds. */
export type NewLines = "today" | "order";
/** What an `Offer` is. */
export type OfferKind = "promotion" | "nextTier" | "nextUnit" | "freeShipping";
/** Where an order stands. Payment and fulfillment are not here: they follow from the facts. */
export type OrderStatus =
  "draft" | "discarded" | "placed" | "confirmed" | "completed" | "canceled" | "expired";
/** What is done about goods that came back, or whose claim is accepted. */
export type Outcome = "refund" | "exchange" | "storeCredit" | "repair" | "rejectAndSendBack";
/** What becomes of an order for goods that somebody else got meanwhile. */
export type Oversold = "refuse" | "backorder" | "partial";
/** What a payment does. */
export type PaymentKind = "authorization" | "capture" | "void" | "refund" | "chargeback";
/** What to do about a failed payment. */
export type PaymentRemedy = "retry" | "otherMethod" | "stop";
/** How far a payment has come. */
export type PaymentState = "initial" | "pending" | "success" | "failure" | "canceled";
/** How much of the money is there. The first that applies counts (features.md b2, axis 2). */
export type PaymentStatus =
  | "elsewhere"
  | "notRequired"
  | "overpaid"
  | "refunded"
  | "partiallyRefunded"
  | "paid"
  | "partiallyPaid"
  | "authorized"
  | "partiallyAuthorized"
  | "pending"
  | "failed"
  | "voided"
  | "unpaid";
/** When the money has to be there. */
export type PaymentTerms = "prepaid" | "onDelivery" | "onAccount";
/** What a percentage is of. */
export type PercentageBase = "left" | "original" | "originalOnLines";
/** Where a percentage off a line is rounded. */
export type PercentagePlace = "line" | "unit" | "order" | "cut" | "working";
/**
 * When a counter starts at 1 again. Never within a day: a wall clock shows an hour twice when
 * summer time ends.
 */
export type Period = "day" | "month" | "year" | "never";
/** When promotions run. The phases follow each other in this order. */
export type Phase = "line" | "order" | "coupon" | "shipping";
/** What points are in the books. */
export type PointsKind = "discount" | "tender";
/** Whether unit prices are gross or net. */
export type PriceBasis = "taxInclusive" | "taxExclusive";
/** Who names the unit price of a line. */
export type PriceSource = "priceList" | "draft";
/** In which order several payments give money back. */
export type RefundOrder = "lastFirst" | "proRata";
/** What the customer wants. */
export type ReturnKind = "refundOnly" | "return" | "exchange" | "claim";
/** Why goods come back. */
export type ReturnReason =
  | "notAsDescribed"
  | "defective"
  | "wrongItem"
  | "missingItem"
  | "damagedInTransit"
  | "late"
  | "noLongerWanted"
  | "other";
/** How far a return has come. */
export type ReturnStatus =
  | "requested"
  | "approved"
  | "inTransit"
  | "received"
  | "inspected"
  | "resolved"
  | "closed"
  | "declined"
  | "canceled"
  | "expired";
/** What a user may do. */
export type Role = "customer" | "staff" | "admin" | "system";
/** Whether several taxes of a sum are rounded one by one. */
export type RoundedRates = "separately" | "together";
/**
 * How a fraction becomes a whole number.
 *
 * Every mode but `Rounding::HalfTowardPositive` is symmetric: rounding `-x` gives the negative of
 * rounding `x`, so a refund mirrors its charge exactly.
 */
export type Rounding =
  "halfUp" | "halfEven" | "halfDown" | "up" | "down" | "halfTowardPositive" | "thirdDecimal";
/** The sum that tax is computed and rounded on. */
export type RoundingLevel = "group" | "line" | "unit" | "document";
/** What is rounded when a sum is split into net and tax. */
export type RoundingTarget = "tax" | "net" | "both";
/** The part of an order that an exclusion reaches. One on the items leaves shipping discounts alone (Sylius/Sylius#10913). */
export type Scope = "items" | "shipping" | "all";
/** How much a `Finding` matters. */
export type Severity = "error" | "warning" | "info";
/** How a share is rounded, and who gets what rounding leaves over. */
export type SharingLeftover =
  "largestRemainder" | "first" | "halfDownFirst" | "halfUpLast" | "dearestUnits" | "working";
/** What shares are in proportion to. */
export type SharingWeights = "left" | "original" | "gross" | "units";
/** How far a shipment has come. */
export type ShipmentStatus =
  | "pending"
  | "allocated"
  | "picked"
  | "packed"
  | "shipped"
  | "outForDelivery"
  | "readyForPickup"
  | "delivered"
  | "pickedUp"
  | "deliveryFailed"
  | "returnedToSender"
  | "lost"
  | "canceled";
/** Why a shipping charge is an estimate. */
export type ShippingEstimate = "carrierQuote" | "address";
/** Whether goods are sent or fetched. */
export type ShippingKind = "delivery" | "pickUp";
/** What a table measures. Sizes and bands of its rates are in the unit named here. */
export type ShippingMeasure = "quantity" | "weight" | "volume" | "value";
/** What a `ShippingPart` is. */
export type ShippingPartKind = "price" | "percent" | "first" | "further" | "minimum" | "maximum";
/** How much of the shipping charge goes back. */
export type ShippingRefund = "full" | "none" | "proRata" | "standardCost";
/** Which edits price the shipping anew, where the policy keeps prices. */
export type ShippingReprice = "never" | "method" | "address" | "always";
/** What the shop did about units that were not there. */
export type ShortageAnswer = "later" | "canceled";
/** What is chosen for units that were promised and are not there. To call off the whole order is a command of its own. */
export type ShortageChoice = "less" | "later";
/** What a `Shown` is. */
export type ShownKind =
  | "notApplied"
  | "capped"
  | "refused"
  | "everything"
  | "shippingLost"
  | "dearer"
  | "listUnused"
  | "savesNoMore"
  | "savesNoMoreEach"
  | "belowFloor"
  | "taxed";
/** When a signal is given. */
export type SignalKind =
  | {
      totalAbove: {
        /** In the shop's currency. */
        amountMinor: number;
      };
    }
  | {
      firstOrderAbove: {
        /** In the shop's currency. */
        amountMinor: number;
      };
    }
  | {
      quantityAbove: {
        /** Units. */
        quantity: string;
      };
    }
  | {
      countriesDiffer: {};
    }
  | {
      countries: {
        /** ISO 3166 codes. */
        codes: string[];
      };
    }
  | {
      mailDomains: {
        /** Such as `example.org`; of their subdomains too. */
        domains: string[];
      };
    }
  | {
      ordersWithin: {
        /** Orders. */
        count: number;
        /** Hours. */
        hours: number;
      };
    };
/** How the promotions of a group go together. */
export type StackingMode = "sequential" | "parallel" | "bestOf" | "bestPerLine";
/** The one word that people sort their work by. */
export type Summary =
  | "exception"
  | "onHold"
  | "inReturn"
  | "awaitingPayment"
  | "awaitingConfirmation"
  | "awaitingPicking"
  | "awaitingPacking"
  | "awaitingShipment"
  | "partiallyShipped"
  | "inTransit"
  | "delivered"
  | "awaitingRefund"
  | "completed"
  | "canceled"
  | "expired"
  | "refunded"
  | "draft"
  | "discarded";
/** Why two promotions do not go together. */
export type SuppressionKind = "exclusive" | "group" | "groupMaximum" | "pair";
/** A tax category: the codes of UNCL 5305 that EN 16931 uses. */
export type TaxCategory = "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M" | "B";
/** What a tax number of the buyer does. */
export type TaxNumberOutcome = "accepted" | "notChecked" | "invalid" | "tooOld" | "domestic";
/** How the tables of one order go together. */
export type TemplateCombination = "sum" | "highestFirst" | "highest";
/** What a part of the total is paid with. */
export type TenderKind = "giftCard" | "storeCredit" | "points";
/** The value of the items that a threshold looks at. */
export type ThresholdBasis = "afterDiscounts" | "beforeDiscounts";
/**
 * One step of pricing.
 *
 * The amounts of the `linePrices`, `lineAdjustment`, `discount`, `gift`, `points`, `documentAdjustment`, `shipping`,
 * `shippingDiscount`, `tax`, `lineTaxes`, `lineAmountsRounded`, `payable`, `tender` and `cashRounding` steps add up to the totals
 * (see `crate::explain::causes`); the other steps explain and carry no amount of their own.
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
      /** The price with the taxes at home, in major units. */
      homeUnitPrice: string;
      /** The line. */
      line: number;
      step: "destinationPrice";
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
      /** What holds it back. */
      cap: CapKind;
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
      /** What is missing. */
      missingQuantity: string;
      /** The promotion. */
      rule: string;
      step: "notEnough";
    }
  | {
      /** What is missing. */
      missingMinor: number;
      /** The percentage of the tier. */
      percent?: string;
      /** The promotion. */
      rule: string;
      /** What the tier takes off; zero if it is a percentage. */
      saveMinor: number;
      step: "nextTier";
    }
  | {
      /** What is missing. */
      missingQuantity: string;
      /** The promotion. */
      rule: string;
      step: "nextUnit";
    }
  | {
      /** What is not so. */
      condition: ConditionKind;
      /** The promotion. */
      rule: string;
      step: "conditionNotMet";
    }
  | {
      /** The code as it was entered. */
      coupon: string;
      /** Why. */
      obstacle: CouponObstacle;
      step: "couponNotUsed";
    }
  | {
      /** The limit that is reached. */
      limit: LimitKind;
      /** The promotion. */
      rule: string;
      step: "usedUp";
    }
  | {
      /** The one that applied. */
      by: string;
      /** Why they do not go together. */
      reason: SuppressionKind;
      /** The promotion. */
      rule: string;
      step: "suppressed";
    }
  | {
      /** What it would have taken. */
      amountMinor: number;
      /** The one that won. */
      by: string;
      /** What the winner takes. */
      byAmountMinor: number;
      /** The promotion. */
      rule: string;
      step: "beatenBy";
    }
  | {
      /** What it would have taken alone. */
      amountMinor: number;
      /** The promotion. */
      rule: string;
      step: "notInBest";
    }
  | {
      /** No combination can save more than this. */
      boundMinor: number;
      /** Whether every other combination is proven to save no more. */
      isExact: boolean;
      /** What it saves. */
      savedMinor: number;
      step: "bestCombination";
    }
  | {
      /** The promotion. */
      rule: string;
      step: "toConfirm";
    }
  | {
      /** How many. */
      quantity: string;
      /** The promotion. */
      rule: string;
      /** What is given. */
      sku: string;
      step: "gift";
      /** What they would cost. */
      valueMinor: number;
    }
  | {
      /** The promotion. */
      rule: string;
      step: "giftOutOfStock";
    }
  | {
      /** The line. */
      line: number;
      /** The price list. */
      list: string;
      step: "listPrice";
      /** The list's unit price, in major units. */
      unitPrice: string;
      /** The product's own unit price, in major units. */
      usualUnitPrice: string;
    }
  | {
      /** Units that could still be sold at its price. */
      left: number;
      /** The line. */
      line: number;
      /** The price list. */
      list: string;
      step: "listQuotaExceeded";
    }
  | {
      /** What they take off. */
      amountMinor: number;
      /** How many. */
      points: number;
      step: "points";
    }
  | {
      /** How much. */
      amountMinor: number;
      step: "tender";
      /** With what. */
      tender: TenderKind;
    }
  | {
      /** What it takes off. */
      amountMinor: number;
      /** The promotion. */
      rule: string;
      step: "shippingDiscount";
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
      /** The sum of the parts. */
      amountMinor: number;
      /** How the method combines tables, where a dearer one reduced this one. */
      combination?: TemplateCombination;
      /** How much of it the goods are, rounded up as the table says. */
      load: string;
      /** What the table measures. */
      measure: ShippingMeasure;
      /** The method. */
      method: string;
      /** What the price is made of. */
      parts: ShippingPart[];
      /** The row that holds the address (position from 0). */
      row: number;
      step: "shippingRate";
      /** The template of the table; none for all other goods. */
      template?: string;
      /** Whether that is their size, because it counts for more than their weight. */
      volumetric?: boolean;
    }
  | {
      /** The price. */
      amountMinor: number;
      /** The method. */
      method: string;
      step: "shippingPrice";
    }
  | {
      /** The price. */
      amountMinor: number;
      /** Good before this time. */
      expiresMs: number;
      /** The method. */
      method: string;
      step: "shippingCarrier";
    }
  | {
      /** The amount. */
      amountMinor: number;
      /** The method. */
      method: string;
      /** Its name for customers. */
      name: LocalText;
      step: "shippingSurcharge";
      /** The id of the surcharge. */
      surcharge: string;
    }
  | {
      /** The method. */
      method: string;
      /** Why. */
      reason: ShippingEstimate;
      step: "shippingEstimate";
    }
  | {
      /** The charge. */
      amountMinor: number;
      /** The method. */
      method: string;
      step: "shipping";
    }
  | {
      /** The value that was asked for. */
      freeOverMinor?: number;
      /** The quantity that was asked for. */
      freeOverQuantity?: string;
      /** The method. */
      method: string;
      /** The charge that is saved. */
      savedMinor: number;
      step: "shippingFree";
      /** The template of the table, if it is the threshold of one. */
      template?: string;
    }
  | {
      /** The method. */
      method: string;
      /** The value that is missing. */
      missingMinor?: number;
      /** The quantity that is missing. */
      missingQuantity?: string;
      step: "shippingNotFree";
      /** The template of the table, if it is the threshold of one. */
      template?: string;
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
      /** The number. */
      number: string;
      /** Whether it does, and why not. */
      outcome: TaxNumberOutcome;
      /** The authority's reference of its answer. */
      reference?: string;
      step: "taxNumber";
    }
  | {
      /** Whether it is valid at this time. */
      active: boolean;
      /** Its number. */
      certificate: string;
      step: "taxExemption";
    }
  | {
      /** What that adds to the total: the amounts as they are taxed less those that the lines show. */
      amountMinor?: number;
      /** The lines where rounding changed the amount. */
      rounded: RoundedLine[];
      step: "lineAmountsRounded";
    }
  | {
      /** How much of all taxes comes on top of the prices. */
      amountMinor: number;
      step: "taxOnTop";
    }
  | {
      /** With tax. */
      exactGross?: string;
      /** Without tax; missing beyond 128 bits. */
      exactNet?: string;
      /** The tax. */
      exactTax?: string;
      step: "exactTotals";
    }
  | {
      /** What is added to what is payable. */
      amountMinor: number;
      step: "cashRounding";
      /** The smallest coin. */
      stepMinor: number;
    }
  | {
      /** Paid before. */
      prepaidMinor: number;
      /** Rounding of what is payable. */
      roundingMinor: number;
      step: "payable";
    };
/** Which units a promotion takes first. Units of equal price: the earlier line first. */
export type UnitPick = "cheapest" | "dearest" | "listed" | "largestLine";
/** What a unit is worth to a discount that reaches only some units of a line. */
export type UnitWorth = "left" | "original";
/** When coupons, points and the like can be used again. */
export type UsesComeBack = "canceled" | "allBack" | "never";
/** What became of a command. */
export type Verdict = "accepted" | "rejected" | "deferred" | "quarantined";
/** What can be done about an exception. */
export type WayOut =
  | {
      command: CommandKind;
    }
  | "refund"
  | "askForPayment"
  | "askProvider"
  | "edit"
  | "resend"
  | "dismiss"
  | "match"
  | "export"
  | "fetchAgain"
  | "setClock"
  | "sendAgain"
  | "claimFromCarrier";

/** Say yes to an edit that was proposed. */
export interface AcceptAmendment {
  /** The id of the edit. */
  amendment: string;
  /** That the customer agrees, where staff say yes to what staff proposed. */
  consent?: Consent;
}
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
  /** Whether a document adjustment with taxes of its own holds them; as the shop's prices if missing. */
  priceBasis?: PriceBasis;
  /** Why; shown to the customer. */
  reason?: string;
  /**
   * Taxes of a document adjustment. Without them an allowance is shared over the lines, and a
   * charge too unless the ruleset says where its taxes come from.
   */
  taxes?: TaxComponent[];
}
/** Set goods aside for a shipment. */
export interface Allocate {
  /** There are no goods yet: the shipment waits for them. */
  isBackordered?: boolean;
  /** What; everything that is open if missing. */
  lines?: ShipmentLine[];
  /** An id that is unique in the order. */
  shipment: string;
}
/** A change with whether it is possible now, and if not, every reason. */
export interface AllowedChange {
  /** Whether it is possible. */
  allowed: boolean;
  /** The change. */
  change: ChangeKind;
  /** Why it is not. */
  reasons: Issue[];
}
/** A command with whether it is possible now, and if not, every reason. */
export interface AllowedCommand {
  /** Whether it is possible. */
  allowed: boolean;
  /** The command. */
  command: CommandKind;
  /** Why it is not. */
  reasons: Issue[];
  /** The shipment or return that it would move; nothing for the order as a whole. */
  subject?: string;
}
/** An amendment that took effect. */
export interface Amended {
  /** The edit, with the policy that was used; the ids of its new lines are filled in. */
  amendment: Amendment;
  /** What it came to. */
  effect: AmendmentEffect;
}
/** An edit of an order. */
export interface Amendment {
  /** What is to change, in the order in which it was said. */
  changes: Change[];
  /** That the customer agrees, where staff edit the goods or raise the total. */
  consent?: Consent;
  /** An id that is unique in the order; a credit of it has the same. */
  id: string;
  /** What added goods cost; as the shop's rules say if missing. */
  newLines?: NewLines;
  /** What becomes of agreed prices and discounts; as the shop's rules say if missing. */
  policy?: AmendmentPolicy;
  /** Why; the customer sees it. Needed for prices and discounts by hand. */
  reason?: string;
}
/** What an amendment comes to. Of an order that is priced anew only `quote` is there. */
export interface AmendmentEffect {
  /** What was added: lines and charges, priced by themselves. */
  addition?: Quote;
  /**
   * What known lines and shipping cost less; below zero where they cost more. A part without a
   * quantity is another price of the same units.
   */
  credit?: Credit;
  /** Discounts that are new; their shares on the lines stand in the credit. */
  discounts?: AppliedAdjustment[];
  /** The draft lines of the addition; of an order that is priced anew, all of them. */
  lines?: DraftLine[];
  /** When the money has to be there, if the payment method is another one. */
  paymentTerms?: PaymentTerms;
  /** The whole order, priced anew. */
  quote?: Quote;
  /** What the buyer shall finally bear. */
  totalMinor: number;
}
/** An edit that was worked out and not made: everything that would change. */
export interface AmendmentPreview {
  /** Whether the goods wait until the rest is paid. */
  blocksShipping: boolean;
  /** After less before: one figure for the whole edit. */
  differenceMinor: number;
  /** Every discount that changes. */
  discounts: DiscountDifference[];
  /** What the buyer must pay after it, money that is there counted; nothing if nothing is owed. */
  dueMinor: number;
  /** What should be looked at before the edit is made. */
  issues: Issue[];
  /** Every line that changes. */
  lines: LineDifference[];
  /** Whether the customer must agree first. */
  needsConsent: boolean;
  /** The policy that was used; of `neverWorse` the one that is cheaper for the buyer. */
  policy: AmendmentPolicy;
  /** What the shop owes after it, never more than was received and not given back. */
  refundMinor: number;
  /** Which payments that goes back to. */
  refunds: RefundPart[];
  /** The shipping charge, if it changes. */
  shipping?: ShareDifference;
  /** All lines, shipping and charges. */
  total: ShareDifference;
  /** The same after. */
  totalAfterMinor: number;
  /** What the buyer shall finally bear, before. */
  totalBeforeMinor: number;
}
/** How orders are edited after they were placed. */
export interface AmendmentRules {
  /** What customers may edit of their own orders, until the shop commits. */
  customer?: CustomerEdits;
  /** What goods cost that are added. */
  newLines?: NewLines;
  /** What becomes of the prices and discounts that were agreed. */
  policy?: AmendmentPolicy;
  /** Which edits price the shipping anew, where the policy keeps prices. */
  shipping?: ShippingReprice;
}
/** A discount or charge with the amount it has on each line. */
export interface AppliedAdjustment {
  /** What it takes off (positive) or adds (negative). */
  amountMinor: number;
  /** The coupon code that unlocked it. */
  couponCode?: string;
  /** The name that customers see. */
  name?: LocalText;
  /** The promotion, `manual` for one that staff set, or `points`. */
  rule: string;
  /**
   * The share of each line, in the order of the lines; empty for a document adjustment with
   * taxes of its own.
   */
  sharesMinor: number[];
}
/** Goods that are sold before they are there. */
export interface Backorder {
  /** The days until they are there, as buyers are told. */
  leadDays?: number;
  /** So many of a SKU may be owed at a time; no limit if missing. */
  limit?: string;
}
/** A part of a bundle. */
export interface BundlePart {
  /** Units of it in one bundle. */
  quantity?: number;
  /** The goods; the dearest units that fit come first. */
  target: Target;
}
/** Call off. */
export interface Cancel {
  /** The kind of reason, to count by. */
  cause?: CancelCause;
  /** Why; the customer sees it. */
  reason: string;
}
/** Units will not be delivered. */
export interface CancelLines {
  /** An id for the credit, unique in the order. */
  credit: string;
  /** Which, and how many. */
  lines: ShipmentLine[];
  /** Why; the customer sees it. */
  reason: string;
}
/** Somebody who brings parcels. */
export interface Carrier {
  /** The id, which shipments may name as their carrier. */
  id: string;
  /** The name, which they may name as well. */
  name: LocalText;
  /** The address of the page that follows a parcel, with `{number}` in place of its tracking number. */
  trackingUrl: string;
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
/** A change of a cart: whatever of it is given, in this order. */
export interface CartChange {
  /** A line to add at the end. */
  addLine?: DraftLine;
  /** A coupon code to add; one that is there already is not added twice. */
  applyCoupon?: string;
  /** Another context. */
  context?: Context;
  /** Other details in place of all there are, coupon codes included. */
  details?: Details;
  /** A coupon code to remove. */
  removeCoupon?: string;
  /** The position (from 0) of a line to remove. */
  removeLine?: number;
}
/** How what is payable is rounded to the coins there are (Swiss 0.05, Swedish 1.00). */
export interface CashRounding {
  /** The mode. */
  mode?: Rounding;
  /** The smallest coin. */
  stepMinor: number;
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
/** What must be so for a promotion to run. What is not named does not matter. */
export interface Condition {
  /** The order must hold each of these SKUs. */
  containsAll?: string[];
  /** The order must hold one of these SKUs, categories or tags. */
  containsAny?: string[];
  /** The order must hold none of these SKUs, categories or tags. */
  containsNone?: string[];
  /** The lines that the minimum amount and quantity count; those of the promotion's target if missing. */
  counting?: Target;
  /** Only to these countries (ISO 3166). */
  countries?: string[];
  /** The customer must be in one of these groups. */
  customerGroups?: string[];
  /** Only if the customer's last order is at least this many days ago. */
  daysSinceLastOrder?: number;
  /** Whether that is before or after the discounts that ran earlier. */
  minimumBasis?: ThresholdBasis;
  /** They must be worth at least this. */
  minimumMinor?: number;
  /** They must be at least this many units together. */
  minimumQuantity?: string;
  /** Only the first order (1), the second (2) … of a customer. */
  nthOrder?: number;
  /** Only with one of these payment methods. */
  paymentMethods?: string[];
  /** Only with one of these shipping methods. */
  shippingMethods?: string[];
}
/** That the customer agrees to an edit. */
export interface Consent {
  /** Who agreed. */
  by: string;
  /** How: by telephone, e-mail, at the counter. */
  how: string;
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
  /** Whether the device has no network: where the shop gives devices a part of the stock, it sells no more than that. */
  isOffline?: boolean;
  /** Whether manual allowances and charges are accepted (staff). */
  mayAdjust?: boolean;
  /** The time at which prices, promotions and rates must be valid. */
  nowMs: number;
  /** What is in stock; a SKU that is not listed counts as available. */
  stock?: StockLevel[];
  /** How often limited promotions were used; one that is not listed counts as unused. */
  uses?: RuleUse[];
}
/** What the buyer no longer has to pay. */
export interface Credit {
  /** What it is for. */
  cause: CreditCause;
  /** What the shop keeps: a restocking fee, a return label, a claw-back of a discount. */
  fees?: CreditFee[];
  /** An id that is unique in the order. */
  id: string;
  /** The part of each line. */
  lines?: CreditLine[];
  /** All of it without tax. */
  netMinor: number;
  /** What is given beside goods and shipping: charges of the whole document, roundings, goodwill. */
  other?: CreditShare;
  /** The part of the shipping charge. */
  shipping?: CreditShare;
  /** The tax in it. */
  taxMinor: number;
  /** All of it: lines + shipping + other − fees. */
  totalMinor: number;
}
/** What the shop keeps of a credit. */
export interface CreditFee {
  /** How much; below zero where an earlier one is given back. */
  amount: CreditShare;
  /** For what. */
  kind: CreditFeeKind;
}
/** The part of one line in a credit. */
export interface CreditLine {
  /** What they are worth. */
  amounts: LineAmounts;
  /** The id of the order line. */
  line: string;
  /** How many units. */
  quantity: string;
}
/** An amount with its tax. */
export interface CreditShare {
  /** With tax. */
  grossMinor: number;
  /** Without tax. */
  netMinor: number;
  /** The tax. */
  taxMinor: number;
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
  /** The tax number (VAT identification number) of a business that wants to buy without tax. */
  taxNumber?: string;
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
/** A moment that an order waits for. */
export interface Deadline {
  /** When. */
  atMs: number;
  /** What the server does then; nothing for a promise, which people keep or break. */
  command?: CommandKind;
  /** What for. */
  kind: DeadlineKind;
  /** The shipment, payment or return that it is about. */
  subject?: string;
}
/** Say no to an edit that was proposed. */
export interface DeclineAmendment {
  /** The id of the edit. */
  amendment: string;
  /** Why. */
  reason?: string;
}
/** The derived statuses of an order. */
export interface Derived {
  /** Kept ready by a provider, to be captured or let go. */
  authorizedMinor?: number;
  /** What is still due; negative if the shop owes. */
  balanceDueMinor: number;
  /** The same beside what the buyer shall finally bear. */
  charge: ChargeLevel;
  /** How much of the goods has moved. */
  fulfillment: FulfillmentStatus;
  /** Received minus given back, gift cards and the like included. */
  paidMinor: number;
  /** How much of the money is there. */
  payment: PaymentStatus;
  /** On its way from the buyer. */
  pendingMinor?: number;
  /** What can still be given back. */
  refundableMinor?: number;
  /** The one word. */
  summary: Summary;
  /** What the buyer shall finally bear: the total less credits and what was written off; nothing of a closed order. */
  totalMinor: number;
}
/**
 * What becomes of unit prices that hold the tax of the home country, for a buyer with other taxes.
 * Shipping keeps its price.
 */
export interface Destination {
  /** Decimals of the new unit price; those of the currency if missing. */
  grossDigits?: number;
  /** Decimals of the net unit price in between; not rounded if missing. */
  netDigits?: number;
  /** What stays the same. */
  prices?: DestinationPrices;
}
/** Who orders, where it goes, and how it is paid. */
export interface Details {
  /** Where the invoice goes, if elsewhere. */
  billingAddress?: Address;
  /** Coupon codes that were entered. */
  couponCodes?: string[];
  /** The buyer. */
  customer?: Customer;
  /** Codes of gift cards to pay with. */
  giftCards?: string[];
  /** The gifts that the buyer chose, where a promotion gives a choice. */
  gifts?: GiftChoice[];
  /** The language that the buyer reads; that of the shop if missing. */
  language?: Language;
  /** A word to the shop. */
  note?: string;
  /** The id of a payment method. */
  paymentMethod?: string;
  /** Where the goods go. */
  shippingAddress?: Address;
  /** The id of a shipping method. */
  shippingMethod?: string;
  /** Points to spend. */
  spendPoints?: number;
  /** Whether to pay with store credit. */
  spendStoreCredit?: boolean;
}
/** What a page knows of the device that it runs on. All of it comes from outside: nothing is measured here. */
export interface DeviceState {
  /** When the server last answered, by the clock of the device. */
  contactMs?: number;
  /** Since when stored orders are missing because their bytes could not be read. */
  damagedMs?: number;
  /** Since when the storage fails for another reason. */
  failedMs?: number;
  /** Since when nothing more can be stored for want of room. */
  fullMs?: number;
  /** Whether the browser promised to keep what is stored. */
  isPersisted?: boolean;
  /** Bytes that it may take. */
  quotaBytes?: number;
  /** When that was by the clock of the server. */
  serverMs?: number;
  /** Bytes that this site takes of the device. */
  usedBytes?: number;
}
/** A discount on the goods, before and after. */
export interface DiscountDifference {
  /** The same after. */
  afterMinor: number;
  /** What it takes off, before. */
  beforeMinor: number;
  /** The coupon that unlocked it. */
  couponCode?: string;
  /** The name that customers see. */
  name?: LocalText;
  /** The promotion, `manual` or `points`. */
  rule: string;
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
  /** No discount takes a unit below this; only where the draft names the price. */
  floorUnitPrice?: string;
  /** Height of one unit, likewise. */
  heightMm?: number;
  /** An id that is unique in the order; the position (from 1) if missing. */
  id?: string;
  /** Length of one unit, likewise. */
  lengthMm?: number;
  /** A name for a line that is not in the price list. */
  name?: LocalText;
  /** What a unit cost before it was reduced; only where the draft names the price. */
  originalUnitPrice?: string;
  /** Whether the price holds the tax; only where the draft names the price. */
  priceBasis?: PriceBasis;
  /** How many, as a decimal. */
  quantity?: string;
  /** The shipping template, likewise. */
  shippingTemplate?: string;
  /** The stock keeping unit. */
  sku?: string;
  /** Words that promotions aim at, besides the product's; only where the draft names the price. */
  tags?: string[];
  /** A tax class other than the product's; only where the draft names the price. */
  taxClass?: string;
  /** Explicit taxes in place of a class; only where the draft names the price. */
  taxes?: TaxComponent[];
  /** Price of one unit in major units; only where the shop lets the draft name it. */
  unitPrice?: string;
  /** Weight of one unit, in place of the product's; only where the draft names the price. */
  weightGrams?: number;
  /** Width of one unit, likewise. */
  widthMm?: number;
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
/** Something unusual about an order. */
export interface Exception {
  /** Figures: amounts end in `Minor` and are of the order's currency. */
  args?: {
    [k: string]: number | string;
  };
  /** What. */
  kind: ExceptionKind;
  /** How bad. */
  severity: ExceptionSeverity;
  /** Since when, where that is known. */
  sinceMs?: number;
  /** The shipment, payment or line that it is about. */
  subject?: string;
  /** What can be done, the usual first. */
  waysOut: WayOut[];
}
/** The price that the buyer saw and agreed to. */
export interface Expectation {
  /** What gift cards, points and store credit left to pay; more than that is a changed price. Not looked at if missing. */
  payableMinor?: number;
  /** The digest of the rules it was computed with. */
  rulesetDigest: string;
  /** The total with tax. */
  totalMinor: number;
}
/** One step of pricing as a sentence. */
export interface Explanation {
  /** What it adds to the amounts of its kind (negative: takes off); missing where it has no amount of its own. */
  amountMinor?: number;
  /** What it is about, to group by. */
  kind: ExplanationKind;
  /** The line (position from 0), where it is about one. */
  line?: number;
  /** The id of the promotion, price list or shipping method; `manual` for what staff set. */
  rule?: string;
  /** The sentence. */
  sentence: string;
}
/** Who last edited a field, and when: what decides whether two edits conflict. */
export interface FieldEdit {
  /** When. */
  atMs: number;
  /** Who. */
  by: Actor;
  /** The command. */
  command?: string;
  /** The field, such as `line/1/quantity` or `shippingAddress`. */
  field: string;
  /** The revision that the edit made. */
  revision: number;
}
/** Something that the linter found. */
export interface Finding {
  /** What is known besides when the example is priced: the time, the buyer. */
  context?: Context;
  /** A cart that shows it. */
  example?: Draft;
  /** What and where; the sentence of it names the remedy. */
  issue: Issue;
  /** How much it matters. */
  severity: Severity;
  /** What the quote of the example shows. */
  shows?: Shown;
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
/** A gift that the buyer chose. */
export interface GiftChoice {
  /** The id of the promotion. */
  promotion: string;
  /** The SKU. */
  sku: string;
}
/** Give something though nothing is owed. */
export interface GrantCredit {
  /** How much, with tax. */
  amountMinor: number;
  /** An id for the credit, unique in the order. */
  credit: string;
  /** Why; the customer sees it. */
  reason: string;
}
/** One entry of the history that people read. */
export interface HistoryEntry {
  /** The amount that moved, if one did. */
  amountMinor?: number;
  /** When. */
  atMs: number;
  /** Who. */
  by: Actor;
  /** What happened: `placed`, `paymentRecorded`, `shipped` …; a step of a shipment or payment is named by where it led: `picked`, `refund`. */
  event: string;
  /** The reason, tracking number or payment method, if there is one. */
  note?: string;
}
/** Something that stands in the way of an order. */
export interface Hold {
  /** More about it, for the staff. */
  note?: string;
  /** What. */
  reason: HoldReason;
  /** The names of the signals that led to it, if it was not set by hand. */
  signals?: string[];
  /** Since when; set by the decision. */
  sinceMs: number;
}
/** Stop the work on an order for a reason. */
export interface HoldOrder {
  /** More about it, for the staff. */
  note?: string;
  /** What stands in the way. */
  reason: HoldReason;
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
/** Goods of a return were looked at. */
export interface InspectReturn {
  /** What was found, and where the goods go; all is good and goes to the shelf if not said. */
  inspections?: Inspection[];
  /** The return. */
  returnId: string;
}
/** What was found when goods were looked at. */
export interface Inspection {
  /** In which condition. */
  condition?: GoodsCondition;
  /** Where they go. */
  goods: GoodsFate;
  /** The id of the order line. */
  line: string;
  /** How many. */
  quantity: string;
}
/** How a shop sells from its stock. Goods without a stock level are not counted and always there. */
export interface InventoryRules {
  /** How goods are sold that are not there yet; not at all if missing. */
  backorder?: Backorder;
  /** What becomes of an order whose buyer has a number already, for goods that somebody else got. */
  oversold?: Oversold;
  /** What is different for some SKUs. */
  products?: StockRule[];
  /** What a device of the shop may sell without a network; as much as it was told last if missing. */
  quota?: StockQuota;
  /** What is kept back of each SKU, since counts are never quite right. */
  safetyQuantity?: string;
  /** Devices are told how many there are up to this; beyond it they take goods for available, and the server decides. */
  tellUpTo?: string;
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
/** Goods of a quote that come later. */
export interface LaterGoods {
  /** In how many days they are there, where the shop says so. */
  leadDays?: number;
  /** The id of the line. */
  line: string;
  /** How many of it. */
  quantity: string;
}
/** How much and how often a promotion may take off. */
export interface Limits {
  /** At most this much off all orders together. */
  budgetMinor?: number;
  /** At most this much off all orders of one customer. */
  budgetPerCustomerMinor?: number;
  /** At most this much off a line. */
  lineMinor?: number;
  /** At most this much off an order. */
  orderMinor?: number;
  /** At most so many orders. */
  uses?: number;
  /** At most so many orders of one customer. */
  usesPerCustomer?: number;
  /** Whether a discount that the budget does not cover falls away whole; it is cut to what is left if not. */
  wholeOnly?: boolean;
}
/** The amounts of a line or of a part of it. */
export interface LineAmounts {
  /** Before discounts, in the price basis. */
  amountMinor: number;
  /** The discounts on it, in the order of the order's `discounts`; nothing if it has none. */
  discountsMinor?: number[];
  /** After discounts, with tax. */
  grossMinor: number;
  /** After discounts, without tax. */
  netMinor: number;
  /** The tax. */
  taxMinor: number;
  /** Each tax, in the order of the order's `taxes`; nothing if the order does not know them by line. */
  taxesMinor?: number[];
}
/** A line before and after. */
export interface LineDifference {
  /** After; missing of a line that is gone. */
  after?: LineState;
  /** Before; missing of a line that is new. */
  before?: LineState;
  /** The id of the line. */
  line: string;
  /** The name, if there is one. */
  name?: LocalText;
  /** The stock keeping unit. */
  sku: string;
}
/** What is done about some units. */
export interface LineOutcome {
  /** The id of the order line. */
  line: string;
  /** What. */
  outcome: Outcome;
  /** How many. */
  quantity: string;
}
/** What of a line shall be delivered, and what it comes to. */
export interface LineState {
  /** Before discounts. */
  amountMinor: number;
  /** The discounts on it. */
  discountMinor: number;
  /** With tax. */
  grossMinor: number;
  /** Without tax. */
  netMinor: number;
  /** How many. */
  quantity: string;
  /** The tax. */
  taxMinor: number;
  /** The price of one. */
  unitPrice: string;
}
/** One tax of one line. */
export interface LineTax {
  /** Which one: its position (from 0) in the `taxes` of the quote. */
  tax: number;
  /** The tax. */
  taxMinor: number;
}
/** A price of a list. */
export interface ListedPrice {
  /** Only from this quantity on. */
  minimumQuantity?: string;
  /** The stock keeping unit. */
  sku: string;
  /** Price of one unit, in major units. */
  unitPrice: string;
}
/** A text in the shop's languages. */
export interface LocalText {
  /** English. */
  en: string;
  /** Chinese; the English text is shown where it is missing. */
  zh?: string;
}
/** One step of a return that needs no list. */
export interface MoveReturn {
  /** Who carries it, for `sendReturn`. */
  carrier?: string;
  /** Why; needed to decline. */
  reason?: string;
  /** The return. */
  returnId: string;
  /** The carrier's number, for `sendReturn`. */
  tracking?: string;
}
/** One step of a shipment. */
export interface MoveShipment {
  /** The code that the customer shows: set by `readyForPickup`, checked by `pickUp`. */
  pickupCode?: string;
  /** Why; needed for a step back or a mishap. */
  reason?: string;
  /** What was scanned, for `pick` and `pack`: refused unless it is what is in the shipment. */
  scanned?: ShipmentLine[];
  /** The shipment. */
  shipment: string;
}
/** Leave a word for others. */
export interface Note {
  /** The word. */
  text: string;
}
/** How orders are numbered; see `crate::numbering`. */
export interface Numbering {
  /**
   * Serials of a block that the server leases to a device. One counter then serves the whole shop
   * and never starts again; without it each device counts for itself.
   */
  blockSize?: number;
  /**
   * 32 hexadecimal digits that put the serials in an order of their own, so that numbers do not
   * tell how many orders there are. Whoever reads the rules can read it: it hides, it does not
   * protect.
   */
  key?: string;
  /** Orders a day that the shop expects; the linter computes the chance of a repeat from it. */
  ordersPerDay?: number;
  /** The pattern of order numbers, such as `{date:yyMMdd}-{device:2}{seq:4}{check}`. */
  pattern: string;
}
/** Something that the buyer gets with a little more in the order. */
export interface Offer {
  /** The goods that count, where not all do: any of them for an amount; for a quantity one way, with the cheapest there are. */
  goods?: OfferGoods[];
  /** What it is. */
  kind: OfferKind;
  /** So much more is needed, of the goods that count. */
  missingMinor?: number;
  /** So many more are needed, of the goods that count. */
  missingQuantity?: string;
  /** The percentage that it saves. */
  percent?: string;
  /** The id of the promotion or shipping method. */
  rule: string;
  /** What is saved more than now, with so much more in the order; missing where a percentage says it. */
  saveMinor?: number;
  /** The sentence. */
  sentence: string;
  /** The shipping template of the goods that would be free, where it is not all of them. */
  template?: string;
}
/** Goods that are missing for an `Offer`. */
export interface OfferGoods {
  /** How many; missing where an amount of any of the goods is needed. */
  quantity?: string;
  /** The stock keeping unit. */
  sku: string;
}
/** The state of an order: the fold of its events. */
export interface Order {
  /** Numbers it had before, such as a provisional one. */
  aliases: string[];
  /** Edits since it was placed, and what became of them. */
  amendments?: OrderAmendment[];
  /** The position of the first event that is not what it was: somebody changed the stored log. */
  brokenEntry?: number;
  /** The kind of that reason. */
  cancelCause?: CancelCause;
  /** Why it was canceled. */
  cancelReason?: string;
  /** When it was completed, canceled, discarded or expired. */
  closedMs?: number;
  /** When the shop committed. */
  confirmedMs?: number;
  /** What the buyer no longer has to pay. */
  credits?: Credit[];
  /** The currency of all amounts. */
  currency: string;
  /** Buyer, addresses and choices. */
  details: Details;
  /** The discounts on its lines, in the order of each line's `discountsMinor`. */
  discounts?: OrderDiscount[];
  /** What was filled in: what edits begin from. */
  draft: Draft;
  /** Who last edited which field. */
  edits?: FieldEdit[];
  /** What happened, who did it and when. */
  history: HistoryEntry[];
  /** What stands in its way. */
  holds?: Hold[];
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
  /** Money that moved, by the time of the last word on it; gift cards, points and what was prepaid are the first. */
  payments: Payment[];
  /** When it was placed. */
  placedMs: number;
  /** Whether the sums of the items and of shipping hold tax. */
  priceBasis: PriceBasis;
  /** When the customer said that the goods are there, or the time to object was over. */
  receiptMs?: number;
  /** When it came back to life after its payment was late. */
  reinstatedMs?: number;
  /** Goods that come back or shall, and claims. */
  returns?: Return[];
  /** How many events it has had. */
  revision: number;
  /** The digest of those rules. */
  rulesetDigest: string;
  /** The version of the rules it was priced with. */
  rulesetVersion: string;
  /** Goods that left or will. */
  shipments: Shipment[];
  /** The shipping charge, if there is one. */
  shipping?: QuoteShipping;
  /** Goods that were not there when it was accepted. */
  shortages?: Shortage[];
  /** Where it stands. */
  status: OrderStatus;
  /** Its taxes by category, rate and jurisdiction. */
  taxes?: TaxTotal[];
  /** What gift cards, points, store credit and prepayments paid when it was placed. */
  tenderedMinor?: number;
  /** The sums it was placed with. */
  totals: Totals;
  /** When it last changed. */
  updatedMs: number;
  /** Small balances that were let go: above zero what the buyer need not pay. */
  writtenOffMinor?: number;
}
/** An edit of the order, and what became of it. */
export interface OrderAmendment {
  /** The edit. */
  amendment: Amendment;
  /** When it was proposed, or applied without that. */
  atMs: number;
  /** Who proposed or applied it. */
  by: Actor;
  /** The revision of the order that it was made for. */
  revision: number;
  /** What became of it. */
  state: AmendmentState;
  /** What the buyer shall bear with it, as it was told. */
  totalMinor: number;
}
/** A discount of an order. */
export interface OrderDiscount {
  /** What it took off when the order was placed; negative if it added. */
  amountMinor: number;
  /** The coupon code that unlocked it. */
  couponCode?: string;
  /** The name that customers see. */
  name?: LocalText;
  /** The promotion, `manual` for one that staff set, or `points`. */
  rule: string;
}
/**
 * One line with its quantities. Zero counters are left out of JSON.
 *
 * Always: `ordered ≥ canceled + allocated − out`, where `out` came back to the sender or is lost, and
 * `allocated ≥ picked ≥ packed`, `allocated ≥ shipped ≥ delivered + returnedToSender + lost`,
 * `delivered + sentBack ≥ returnRequested ≥ received ≥ inspected = restocked + writtenOff + sentBack`.
 * `Order::broken_invariant` looks whether it is so.
 */
export interface OrderLine {
  /** How many were set aside for a shipment, wherever that is now. */
  allocated?: string;
  /** The amount before discounts. */
  amountMinor: number;
  /** How many wait for goods. */
  backordered?: string;
  /** The price is for this many units; 1 if missing. */
  baseQuantity?: string;
  /** How many will not be delivered. */
  canceled?: string;
  /** How many were credited, in whatever way: the next credit begins behind them. */
  credited?: string;
  /** How many have arrived. */
  delivered: string;
  /** The discounts on it. */
  discountMinor: number;
  /** Each discount on it, in the order of the order's `discounts`; empty if it has none. */
  discountsMinor?: number[];
  /** After discounts, with tax. */
  grossMinor: number;
  /** The id, unique in the order. */
  id: string;
  /** How many of those were looked at. */
  inspected?: string;
  /** How many were lost on the way. */
  lost?: string;
  /** The name when it was ordered. */
  name?: LocalText;
  /** After discounts, without tax. */
  netMinor: number;
  /** How many were ordered. */
  ordered: string;
  /** How many were put into a parcel. */
  packed?: string;
  /** How many were taken from the shelf. */
  picked?: string;
  /** How many of them have come. */
  received?: string;
  /** The line whose returned goods these were sent for. */
  replaces?: string;
  /** How many went to the shelf again. */
  restocked?: string;
  /** How many shall come back, or have. */
  returnRequested?: string;
  /** How many came back because nobody took them. */
  returnedToSender?: string;
  /** How many went to the customer again. */
  sentBack?: string;
  /** What of its amounts no longer moves, after it got another price. */
  settled?: Settled;
  /** How many have left. */
  shipped: string;
  /** The stock keeping unit. */
  sku: string;
  /** The tax on it. */
  taxMinor: number;
  /** Each tax, in the order of the order's `taxes`, where the ruleset asks for `lineTaxes`. */
  taxesMinor?: number[];
  /** The price of one unit when it was ordered. */
  unitPrice: string;
  /** How many were thrown away. */
  writtenOff?: string;
}
/** Everything that happened to one order. This is what is stored and synced; all else follows. */
export interface OrderLog {
  /** The events, oldest first. */
  events: EventRecord[];
  /** The id, a UUIDv7 made by the client. */
  id: string;
  /** The hash chain: one link for each event, over it and the link before. */
  links?: string[];
}
/**
 * What a pattern can do at the volume of a shop: for the linter, the command line and the page.
 *
 * Counts are per `PatternReport::period`; a pattern that never starts again is looked at for a
 * year. Chances are those of orders spread evenly over the period; peaks make them worse.
 */
export interface PatternReport {
  /** Serials of a leased block; none where no blocks are leased. */
  blockSize?: number;
  /** Different numbers in a period, of all devices. */
  capacity: number;
  /**
   * The chance that a period has a number twice, in per cent to seven digits; none where a counter
   * rules it out.
   */
  chancePercent?: string;
  /** Devices that can have a code of their own; none if the pattern has no device. */
  devices?: number;
  /** The first numbers of the first device. */
  examples: string[];
  /** Characters of a number. */
  length: number;
  /** Orders that are expected in a period; in a year if it never ends. */
  orders: number;
  /** Numbers that one device can give in a period; none where it counts in no series of its own. */
  perDevice?: number;
  /** When counters and random parts start again. */
  period: Period;
  /** What the shop should know, without a path. */
  warnings: Issue[];
}
/**
 * Money that moved, will move, or did not.
 *
 * The same `id` may come again with a later `PaymentState`; the last one counts.
 */
export interface Payment {
  /** How much, above zero. */
  amountMinor: number;
  /** The currency, where the provider names one; refused if it is not the order's. */
  currency?: string;
  /** Until when an authorization can be captured. */
  expiresMs?: number;
  /** Why it failed. */
  failure?: PaymentFailure;
  /** An id made by who recorded it; the same id is never counted twice. */
  id: string;
  /** The money is there, though it is more than is due or the order is closed: it is a fact and not a typing error. */
  isCertain?: boolean;
  /** What it does. */
  kind?: PaymentKind;
  /** The payment method. */
  method: string;
  /** The payment provider that is asked for it, and says what became of it; by hand if missing. */
  provider?: string;
  /** When the last word on it was recorded; set by the decision. */
  recordedMs?: number;
  /** What the bank or provider calls it. */
  reference?: string;
  /** The payment that it acts on: the authorization of a capture or void, the capture of a refund or chargeback. */
  source?: string;
  /** How far it has come. */
  state?: PaymentState;
}
/** Why a payment failed. */
export interface PaymentFailure {
  /** The provider's word. */
  reason?: string;
  /** What to do about it. */
  remedy: PaymentRemedy;
}
/** A way to pay. */
export interface PaymentMethod {
  /** Rounds what is payable to the coins there are; no rounding if missing. */
  cashRounding?: CashRounding;
  /** The id that drafts name. */
  id: string;
  /** The name that customers see. */
  name: LocalText;
  /** The payment provider that the server asks for payments of this kind; they are recorded by hand if missing. */
  provider?: string;
  /** When the money has to be there. */
  terms?: PaymentTerms;
}
/** Commit to a draft. */
export interface Place {
  /** What is ordered. */
  draft: Draft;
  /** What the buyer saw. */
  expect: Expectation;
  /** It is meant, though an order of the same buyer for the same goods came a moment ago. */
  isRepeat?: boolean;
  /** The number that the device made; the authority gives one if it is missing or provisional. */
  number?: string;
}
/** How points are spent. */
export interface PointsRules {
  /** Whether they lower the price (and the tax) or pay a part of it. */
  as?: PointsKind;
  /** They cover at most this much of the items (as a discount) or of what is payable (as a tender), in per cent. */
  maximumPercent?: string;
  /** What `unitPoints` are worth. */
  unitMinor: number;
  /** So many points are worth `unitMinor`. */
  unitPoints: number;
}
/** Postcodes between two, both included, compared by as many characters as these have. */
export interface PostcodeRange {
  /** The first, such as `97400`, or `974` for all that begin so. */
  from: string;
  /** The last, of the same form. */
  to: string;
}
/** Prices that take the place of the products' own where they are lower. */
export interface PriceList {
  /** Whether promotions come on top; a line at these prices gets none if not. */
  combines?: boolean;
  /** Only for customers in one of these groups; for everybody if empty. */
  customerGroups?: string[];
  /** Valid before this time. */
  endsMs?: number;
  /** A stable id; the trace names it. */
  id: string;
  /** The name that customers see. */
  name: LocalText;
  /** The prices. */
  prices: ListedPrice[];
  /**
   * So many units can be sold at these prices (秒杀). A line that asks for more than is left has the usual price as a whole; the
   * trace says how many are left, so that it can be split.
   */
  quota?: number;
  /** So many units to one customer. */
  quotaPerCustomer?: number;
  /** Valid from this time on. */
  startsMs?: number;
}
/** Something that is sold. */
export interface Product {
  /** A word to group by and to aim promotions at. */
  category?: string;
  /** No discount takes a unit below this (the cost, or the lowest price that may be advertised). */
  floorUnitPrice?: string;
  /** Height of one unit with its packing. */
  heightMm?: number;
  /** Taken back only if something is wrong with it: cut to size, unsealed, perishable. */
  isFinalSale?: boolean;
  /** Length of one unit with its packing. */
  lengthMm?: number;
  /** Largest quantity of a line. */
  maximumQuantity?: string;
  /** Smallest quantity of a line. */
  minimumQuantity?: string;
  /** The name that customers see. */
  name: LocalText;
  /** What it cost before it was reduced; `unitPrice` if missing. */
  originalUnitPrice?: string;
  /** Whether this price holds the tax, where it differs from the shop's. */
  priceBasis?: PriceBasis;
  /** The quantity must be a multiple of this; 1 if missing. */
  quantityStep?: string;
  /** The tables of shipping rates that count for it; those without a template if missing. */
  shippingTemplate?: string;
  /** The stock keeping unit. */
  sku: string;
  /** More words to aim promotions at. */
  tags?: string[];
  /** The tax class. */
  taxClass: string;
  /** List price of one unit, in major units. */
  unitPrice: string;
  /** Weight of one unit with its packing. */
  weightGrams?: number;
  /** Width of one unit with its packing. */
  widthMm?: number;
}
/** A discount: when it applies, to what, and how much it takes off. */
export interface Promotion {
  /** Needs one of these coupon codes; automatic if empty. */
  couponCodes?: string[];
  /** What it takes off. */
  effect: Effect;
  /** Valid before this time. */
  endsMs?: number;
  /** Runs alone in this scope: the first that applies keeps all others out. */
  exclusive?: Scope;
  /** The stacking group it belongs to. */
  group?: string;
  /** A stable id; the trace names it. */
  id: string;
  /** How much and how often at most. */
  limits?: Limits;
  /** The name that customers see. */
  name: LocalText;
  /** When it runs; by its effect and coupons if missing. */
  phase?: Phase;
  /** Lower runs first inside its phase; equal ones by id. */
  priority?: number;
  /** Valid from this time on. */
  startsMs?: number;
  /** The lines it takes from. */
  target?: Target;
  /** What must be so for it to run. */
  when?: Condition;
  /**
   * Another promotion whose conditions count besides its own, as they were when that one had its turn: several effects of one
   * promotion.
   */
  with?: string;
}
/** One tier of a quantity ladder: exactly one of the three prices. */
export interface QuantityTier {
  /** An amount off each unit. */
  amountMinor?: number;
  /** A percentage off each unit. */
  percent?: string;
  /** From this many units on. */
  quantity: string;
  /** A price for each unit, in major units. */
  unitPrice?: string;
}
/** A priced draft. Every amount is a whole number of minor units and every sum adds up exactly. */
export interface Quote {
  /** Discounts and charges that took effect, with their share on each line. */
  adjustments: AppliedAdjustment[];
  /** The currency of all amounts. */
  currency: string;
  /** Goods that are not there yet and come later. Left out of stored orders, which say it themselves. */
  later?: LaterGoods[];
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
  /** What pays a part of the total without a payment: gift cards, store credit, points. */
  tenders?: Tender[];
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
  /** The promotion that gives this line for nothing. */
  giftOf?: string;
  /** After discounts, with tax. */
  grossMinor: number;
  /** The id of the draft line, or its position from 1. */
  id: string;
  /** The name at the time of the order. */
  name?: LocalText;
  /** After discounts, without tax. */
  netMinor: number;
  /** Whether `amountMinor` and discounts of this line hold tax, where it differs from the quote's. */
  priceBasis?: PriceBasis;
  /** The price list that the price is from. */
  priceList?: string;
  /** How many. */
  quantity: string;
  /** The stock keeping unit. */
  sku: string;
  /** The tax on it. */
  taxMinor: number;
  /** Each tax, where the ruleset asks for `lineTaxes`. */
  taxes?: LineTax[];
  /** The price of one unit that was used, in major units. */
  unitPrice: string;
}
/** The shipping charge. */
export interface QuoteShipping {
  /** The charge after them. */
  amountMinor: number;
  /** The charge before promotions on shipping, in the shop's price basis; zero if the method itself is free. */
  chargeMinor: number;
  /** What promotions took off it. */
  discounts?: ShippingDiscount[];
  /** Why the charge may still change. */
  estimate?: ShippingEstimate;
  /** With tax. */
  grossMinor: number;
  /** The method. */
  method: string;
  /** Without tax. */
  netMinor: number;
  /** The tax on it. */
  taxMinor: number;
}
/** A command that needs nothing but a reason. */
export interface Reason {
  /** Why. */
  reason: string;
}
/** Goods of a return have come. */
export interface ReceiveReturn {
  /** Which; all that is missing if not said. */
  lines?: ShipmentLine[];
  /** The return. */
  returnId: string;
}
/** A part of a refund. */
export interface RefundPart {
  /** How much. */
  amountMinor: number;
  /** Its method: gift cards, store credit and points get theirs back in kind. */
  method: string;
  /** The payment that it goes back to. */
  source: string;
}
/** A reason to hold is gone. */
export interface Release {
  /** Which. */
  reason: HoldReason;
}
/** Goods that are sent in exchange: a new line of the order. */
export interface Replacement {
  /** What they cost. */
  amounts: LineAmounts;
  /** The price is for this many units; 1 if missing. */
  baseQuantity?: string;
  /** The id of the new line. */
  id: string;
  /** The line whose place it takes. */
  line: string;
  /** The name. */
  name?: LocalText;
  /** How many. */
  quantity: string;
  /** The stock keeping unit. */
  sku: string;
  /** The price of one unit. */
  unitPrice: string;
}
/** The customer wants goods or money back. */
export interface RequestReturn {
  /** What the customer wants. */
  kind?: ReturnKind;
  /** Which goods, each order line once. */
  lines: RequestedLine[];
  /** More about it. */
  note?: string;
  /** An id for the return, unique in the order. */
  returnId: string;
  /** For an exchange, the goods that are wanted; the same as those that come back if missing. */
  wanted?: Wanted[];
}
/** A quantity of an order line that shall come back. */
export interface RequestedLine {
  /** Proof: addresses of pictures, a protocol. */
  evidence?: string[];
  /** The id of the order line. */
  line: string;
  /** How many. */
  quantity: string;
  /** Why. */
  reason: ReturnReason;
}
/** It is settled what is given for a return. */
export interface ResolveReturn {
  /** What was claimed from the carrier that lost or damaged the goods. */
  carrierClaim?: string;
  /** The credit that was shown; another one is refused. Not looked at if missing. */
  expectMinor?: number;
  /** What is done about which units; by the kind of the return and what was found if not said. */
  outcomes?: LineOutcome[];
  /** The return. */
  returnId: string;
  /** The goods that are sent in exchange; those that were asked for if not said. */
  wanted?: Wanted[];
}
/** Goods that come back, or shall. */
export interface Return {
  /** Who carries it. */
  carrier?: string;
  /** What was claimed from the carrier that lost or damaged the goods. */
  carrierClaim?: string;
  /** An id that is unique in the order. */
  id: string;
  /** What the customer wants. */
  kind: ReturnKind;
  /** The goods, each order line once. */
  lines: ReturnLine[];
  /** When it last took a step. */
  movedMs: number;
  /** More about it. */
  note?: string;
  /** Why it was declined or called off. */
  reason?: string;
  /** What goes back to which payment. */
  refunds?: RefundPart[];
  /** When it was asked for. */
  requestedMs: number;
  /** How far it has come. */
  status: ReturnStatus;
  /** What goes onto the customer's account in the shop in place of that. */
  storeCreditMinor?: number;
  /** The carrier's number. */
  tracking?: string;
  /** The goods that are wanted in exchange. */
  wanted?: Wanted[];
}
/** A quantity of an order line that comes back. */
export interface ReturnLine {
  /** Proof: addresses of pictures, a protocol. */
  evidence?: string[];
  /** What was found. */
  inspections?: Inspection[];
  /** The id of the order line. */
  line: string;
  /** What is done about it. */
  outcomes?: LineOutcome[];
  /** How many. */
  quantity: string;
  /** Why. */
  reason: ReturnReason;
  /** How many have come so far. */
  received?: string;
}
/** How a shop takes goods back. */
export interface ReturnRules {
  /** What becomes of a discount whose threshold the goods that stay no longer reach. */
  clawBack?: ClawBack;
  /** Reasons that a customer has to prove, with a picture for instance. */
  evidenceFor?: ReturnReason[];
  /** What goods cost that are sent in exchange. */
  exchangePrice?: ExchangePrice;
  /** What the shop keeps for the parcel's label, with tax, when the buyer changed their mind. */
  labelMinor?: number;
  /** Which payments give money back first. */
  refundOrder?: RefundOrder;
  /** What the shop keeps of the goods' price when the buyer changed their mind, in per cent. */
  restockingPercent?: string;
  /** Days after the approval in which goods have to be sent; for ever if 0. */
  sendWithinDays?: number;
  /** The shipping charge that goes back when the buyer changed their mind. */
  shipping?: ShippingRefund;
  /** The shipping charge that goes back when the shop is at fault, or does not deliver. */
  shippingIfAtFault?: ShippingRefund;
  /** What the least expensive standard delivery costs with tax, for `standardCost`. */
  standardShippingMinor?: number;
  /** When coupons, points and the like can be used again. */
  usesComeBack?: UsesComeBack;
  /** Days after arrival in which a claim for faulty goods is taken. */
  warrantyDays?: number;
}
/** A kind of return that is possible. */
export interface ReturnableKind {
  /** The kind. */
  kind: ReturnKind;
  /** For which reasons. */
  reasons: ReturnReason[];
}
/** How many of a line can come back, and why not. */
export interface ReturnableLine {
  /** The kinds of return that are possible, each with the reasons that it takes. */
  kinds?: ReturnableKind[];
  /** The id of the order line. */
  line: string;
  /** How many are with the customer and in no return. */
  open: string;
  /** Why none of it can come back, whatever the reason; nothing if some can. */
  reasons?: Issue[];
}
/**
 * Where a checked foreign tax number of the buyer moves the tax to them.
 *
 * In the European Union `AE` is for services (Directive 2006/112/EC article 196) and `K` for goods
 * that leave the country (article 138).
 */
export interface ReverseCharge {
  /** ISO 3166 countries that the goods go to. */
  countries: string[];
  /** The tax in place of the others: a category without a rate, with its reason. */
  tax: TaxComponent;
  /** Only these tax classes; all if empty. */
  taxClasses?: string[];
}
/** What makes a new order suspicious. Only the authority knows it. */
export interface ReviewRules {
  /** An order is held when its signals add up to this. */
  holdAt: number;
  /** The signals. */
  signals?: Signal[];
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
  /** Whether the trace shows the totals before any rounding of tax. */
  exactTotals?: boolean;
  /** Who gets the minor units that rounding a sum leaves. */
  leftover?: Leftover;
  /** The sum that tax is computed and rounded on. */
  level?: RoundingLevel;
  /** The mode of every rounding. */
  mode?: Rounding;
  /**
   * Whether several taxes of a sum are rounded one by one. If missing: one by one on top of a
   * price, together inside one.
   */
  rates?: RoundedRates;
  /** Whether the tax on shipping is rounded for itself, not with that on the goods. */
  shippingApart?: boolean;
  /** What is rounded; the other is the difference. */
  target?: RoundingTarget;
  /** The mode of tax on top of prices; `mode` if missing. */
  taxExclusiveMode?: Rounding;
  /** The mode of tax inside prices; `mode` if missing. */
  taxInclusiveMode?: Rounding;
  /** Digits below the minor unit that amounts keep until tax is computed, 0 to 6. */
  workingDigits?: number;
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
  /** Who brings the parcels. */
  carriers?: Carrier[];
  /** The one currency of the shop. */
  currency: string;
  /** ISO 3166 country whose tax applies while a draft has no address. */
  homeCountry: string;
  /** How goods are sold from the stock. */
  inventory?: InventoryRules;
  /** The language in which the shop writes to customers whose own it does not know. */
  language?: Language;
  /** The shop's name, as customers know it. */
  name: LocalText;
  /** How orders are numbered. */
  numbering?: Numbering;
  /** How the customer pays. */
  paymentMethods?: PaymentMethod[];
  /** How points are spent; not at all if missing. */
  points?: PointsRules;
  /** Whether unit prices hold the tax already. */
  priceBasis: PriceBasis;
  /** Prices for some customers, quantities or times. */
  priceLists?: PriceList[];
  /** Who names the unit price. */
  priceSource?: PriceSource;
  /** What is sold, with list prices. */
  products?: Product[];
  /** Discounts, automatic or by coupon. */
  promotions?: Promotion[];
  /** How goods are taken back. */
  returns?: ReturnRules;
  /** Where and how fractions of the minor unit are rounded. */
  rounding?: RoundingRules;
  /** How goods get to the customer. */
  shippingMethods?: ShippingMethod[];
  /** Parts of the world that shipping methods name. */
  shippingZones?: ShippingZone[];
  /** How promotions go together. */
  stacking?: Stacking;
  /** Tax classes with their rates per country. */
  taxClasses?: TaxClass[];
  /** How taxes are found: reverse charge, shipping and fees, another country. */
  taxation?: Taxation;
  /** The zone of the shop's calendar day. */
  timeZone?: TimeZone;
  /** The name of this version; orders keep it. */
  version: string;
  /** Switches of the order's life. */
  workflow?: Workflow;
}
/** Keep what somebody has filled in so far. */
export interface SaveDraft {
  /** What was filled in; it need not be complete. */
  draft: Draft;
}
/** Choose what to do about goods that were promised and are not there. */
export interface SettleShortage {
  /** What. */
  choice: ShortageChoice;
}
/** What of a line's amounts no longer moves: credits of further units are parts of the rest. */
export interface Settled {
  /** What was credited by then, the change of the price included. */
  amounts: LineAmounts;
  /** The units that were credited before the line got another price. */
  quantity: string;
}
/** What is done about a return, with every amount. */
export interface Settlement {
  /** What the buyer no longer has to pay, less what is sent in exchange: one difference. */
  credit?: Credit;
  /** What the buyer has to pay on top, for dearer goods in exchange. */
  payableMinor?: number;
  /** What goes back to which payment. */
  refunds?: RefundPart[];
  /** The goods that are sent in exchange. */
  replacements?: Replacement[];
  /** What goes onto the customer's account in the shop in place of that. */
  storeCreditMinor?: number;
}
/** An amount with its tax, before and after. */
export interface ShareDifference {
  /** After. */
  after: CreditShare;
  /** Before. */
  before: CreditShare;
}
/** How an amount is shared over lines. */
export interface Sharing {
  /** How a share is rounded, and who gets what rounding leaves over. */
  leftover?: SharingLeftover;
  /** What the shares are in proportion to. */
  weights?: SharingWeights;
  /** Whether lines that are worth nothing share evenly; they get nothing if not. */
  zeroEvenly?: boolean;
}
/** Goods leave. */
export interface Ship {
  /** Who carries it. */
  carrier?: string;
  /** What leaves: all of an existing shipment, and of a new one everything that is open, if missing. */
  lines?: ShipmentLine[];
  /** An allocated, picked or packed shipment; or a new id, unique in the order, for goods that nobody wrote down before. */
  shipment: string;
  /** The carrier's number. */
  tracking?: string;
}
/** Goods that travel together. */
export interface Shipment {
  /** Who carries it. */
  carrier?: string;
  /** When it arrived. */
  deliveredMs?: number;
  /** An id that is unique in the order. */
  id: string;
  /** What is in it. */
  lines: ShipmentLine[];
  /** When it last took a step. */
  movedMs: number;
  /** The code that the customer shows to get the goods. */
  pickupCode?: string;
  /** Why it went back a step, or what befell it. */
  reason?: string;
  /** When it left; 0 before. */
  shippedMs: number;
  /** How far it has come. */
  status: ShipmentStatus;
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
/** A promotion that took off the shipping charge. */
export interface ShippingDiscount {
  /** What it takes off. */
  amountMinor: number;
  /** The coupon code that unlocked it. */
  couponCode?: string;
  /** The name that customers see. */
  name: LocalText;
  /** The promotion. */
  rule: string;
}
/** A way to deliver, with its price. */
export interface ShippingMethod {
  /**
   * Whether a carrier names the price, in the context. The method's own price is then an
   * estimate for the time without a quote that is good.
   */
  carrier?: boolean;
  /** How the tables of one order go together. */
  combination?: TemplateCombination;
  /** ISO 3166 countries that are served; every country if empty. */
  countries?: string[];
  /** Zones that are not served. */
  exceptZones?: string[];
  /** Whether the value that makes it free counts before or after discounts; also in the tables. */
  freeOverBasis?: ThresholdBasis;
  /** Free from this value of the items on. */
  freeOverMinor?: number;
  /** Free from this quantity of the items on; with `freeOverMinor` both must be reached. */
  freeOverQuantity?: string;
  /** The id that drafts name. */
  id: string;
  /** Whether the goods are sent or fetched. */
  kind?: ShippingKind;
  /** The items must be worth at most this. */
  maximumValueMinor?: number;
  /** The items must weigh at most this. */
  maximumWeightGrams?: number;
  /** The items must be worth at least this. */
  minimumOrderMinor?: number;
  /** The name that customers see. */
  name: LocalText;
  /** Whether the price holds the tax, where it differs from the shop's. */
  priceBasis?: PriceBasis;
  /** The price of an order, in the shop's price basis; on top of the tables where there are some. */
  priceMinor?: number;
  /** What some orders cost more. */
  surcharges?: ShippingSurcharge[];
  /** Rates by what the goods measure, one table for each template of products. */
  tables?: ShippingTable[];
  /** Where the taxes of the charge come from, where it differs from the shop's. */
  tax?: ChargeTax;
  /** The tax class of the charge. */
  taxClass: string;
  /**
   * Whether every other value of the items counts before or after discounts: bands and
   * percentages, the minimum and the maximum.
   */
  valueBasis?: ThresholdBasis;
  /** Zones that are served; every place in `countries` if empty. */
  zones?: string[];
}
/** A shipping method as it would be for a draft. */
export interface ShippingOption {
  /** The charge in the shop's price basis; missing if the method cannot be used. */
  amountMinor?: number;
  /** Why the charge is not certain yet. */
  estimate?: ShippingEstimate;
  /** Why the method cannot be used. */
  issues: Issue[];
  /** The id of the method. */
  method: string;
  /** The name that customers see. */
  name: LocalText;
}
/** A part of a price in a table of shipping rates. */
export interface ShippingPart {
  /** The amount of this part; negative for `maximum`. */
  amountMinor: number;
  /** How many times: parcels for `first`, steps for `further`. */
  count?: number;
  /** What it is. */
  kind: ShippingPartKind;
  /** How much all of them cover, where the price is proportional. */
  load?: string;
  /** The percentage of the value. */
  percent?: string;
  /** The price of one. */
  priceMinor?: number;
  /** How much one of them covers, in the unit of the measure. */
  size?: string;
}
/** Addresses that have something in common. They must match every list that is not empty. */
export interface ShippingPlace {
  /** Cities, towns or districts, as addresses spell them. */
  cities?: string[];
  /** ISO 3166 countries. */
  countries?: string[];
  /**
   * Beginnings of postcodes; with ranges, one of both must match. Spaces and hyphens do not count,
   * except that a space at the end asks for exactly three more characters (`IV1 ` leaves out IV10).
   */
  postcodePrefixes?: string[];
  /** Ranges of postcodes. */
  postcodeRanges?: PostcodeRange[];
  /** States or provinces, as addresses spell them or by ISO 3166-2 code, with or without country. */
  regions?: string[];
}
/** A price for what was measured: the sum of all that is given here. */
export interface ShippingRate {
  /** A price for the first part of the measure (首件, 首重). */
  first?: ShippingStep;
  /** From this measure on; 0 if missing. */
  from?: string;
  /** A price for each step beyond it, or for each step of all if there is no first (续件, 续重). */
  further?: ShippingStep;
  /** The price is at most this. */
  maximumMinor?: number;
  /** The price is at least this. */
  minimumMinor?: number;
  /** A parcel holds so much: each begun parcel pays `first` and `further` again. */
  parcelSize?: string;
  /** A percentage of the value of the table's goods. */
  percent?: string;
  /** A fixed price. */
  priceMinor?: number;
  /** Below this measure; no end if missing. What is beyond the last band cannot be delivered. */
  to?: string;
}
/** The rates of a table in some zones. */
export interface ShippingRow {
  /** Free from this value of the table's goods on. */
  freeOverMinor?: number;
  /** Free from this quantity of the table's goods on; with `freeOverMinor` both must be reached. */
  freeOverQuantity?: string;
  /** Nothing is delivered there. */
  noDelivery?: boolean;
  /** The rates by band; one without `from` and `to` counts for every measure. */
  rates?: ShippingRate[];
  /** The zones; everywhere if empty. */
  zones?: string[];
}
/** So much of what is measured, for a price. */
export interface ShippingStep {
  /** The price. */
  priceMinor: number;
  /** Whether a part of a further step costs a part of the price; a whole one if not. */
  proportional?: boolean;
  /** How much, in the unit of the table's measure. */
  size: string;
}
/** What some orders cost more. It applies where all that is named is so. */
export interface ShippingSurcharge {
  /** A stable id; the trace names it. */
  id: string;
  /** The name that customers see. */
  name: LocalText;
  /** Only with one of these payment methods, such as cash on delivery. */
  paymentMethods?: string[];
  /** Whether that amount counts for each unit of these goods; once an order if not. */
  perUnit?: boolean;
  /** A percentage of the value of these goods. */
  percent?: string;
  /** A fixed amount. */
  priceMinor?: number;
  /** Only for goods with one of these tags, such as fragile or oversize. */
  tags?: string[];
  /** Whether it falls away where the method is free. */
  waivedIfFree?: boolean;
  /** Only in these zones, such as remote areas. */
  zones?: string[];
}
/** The rates for the goods of one template. */
export interface ShippingTable {
  /** What is measured of all these goods together. */
  measure?: ShippingMeasure;
  /** What was measured is rounded up to a multiple of this, such as 500 grams. */
  roundUpTo?: number;
  /**
   * The first row whose zone holds the address counts: put the smallest zone first, and a row
   * without zones (everywhere else) last. Without it, no other place is served.
   */
  rows: ShippingRow[];
  /** Only products with this `shippingTemplate`; all that no other table names if missing. */
  template?: string;
  /**
   * With weights: length × width × height in mm³ divided by this counts as grams where it is more
   * than the weight. 5000 is the 5000 cm³ for a kilogram of many carriers.
   */
  volumetricDivisor?: number;
}
/** A part of the world, by name. */
export interface ShippingZone {
  /** Places inside them that do not. */
  except?: ShippingPlace[];
  /** The id that methods, rows and surcharges name. */
  id: string;
  /** The places that belong to it. */
  places: ShippingPlace[];
}
/** Units of a line that were not there when the order was accepted. */
export interface Shortage {
  /** What the shop did about them. */
  answer: ShortageAnswer;
  /** What buyer or staff chose, once they have. */
  choice?: ShortageChoice;
  /** Whether the buyer was promised them: somebody else got them meanwhile. */
  isOversold?: boolean;
  /** In how many days they are there, where the shop says so. */
  leadDays?: number;
  /** The id of the line. */
  line: string;
  /** How many. */
  quantity: string;
  /** Since when; set when it happens. */
  sinceMs: number;
  /** The SKU. */
  sku: string;
}
/** What the quote of an example shows, so that whoever doubts a finding can see it. */
export interface Shown {
  /** The amount that is shown. */
  amountMinor?: number;
  /** Why there is no price. */
  code?: IssueCode;
  /** What it is. */
  kind: ShownKind;
  /** The amount that it is compared with. */
  otherMinor?: number;
  /** The promotion, price list or shipping method that it is about. */
  rule?: string;
  /** The sentence. */
  sentence: LocalText;
}
/** One signal. */
export interface Signal {
  /** Its name, which the staff see at the order. */
  id: string;
  /** What it adds. */
  score: number;
  /** When it is given. */
  when: SignalKind;
}
/** One tier of a spend threshold. */
export interface SpendTier {
  /** Or this percentage. */
  percent?: string;
  /** This much is taken off; leave it out if `percent` is given. */
  saveMinor?: number;
  /** From this value on. */
  spendMinor: number;
}
/** How promotions go together, and how their amounts are counted. */
export interface Stacking {
  /** Searches for the combination that leaves the buyer least to pay, in place of the first that fits. */
  bestForCustomer?: boolean;
  /** A promotion that runs alone keeps out even those of higher priority; it gives way to those that ran before if not. */
  exclusiveFirst?: boolean;
  /** Groups of promotions with rules of their own. Promotions without a group all add up, each on what is left. */
  groups?: StackingGroup[];
  /** All discounts together take at most this much off a line, in per cent of its amount. */
  maximumLinePercent?: string;
  /** All discounts together take at most this much off the items, in per cent. */
  maximumOrderPercent?: string;
  /** Pairs that never go together, or that do in spite of their groups. */
  pairs?: StackingPair[];
  /** How a percentage is rounded; as everything else if missing. */
  percentageMode?: Rounding;
  /** What a percentage is of. */
  percentageOf?: PercentageBase;
  /** Where a percentage is rounded. */
  percentagePlace?: PercentagePlace;
  /** How an amount on the order is shared over its lines. */
  sharing?: Sharing;
  /** What a unit is worth to a discount that reaches only some units of a line. */
  unitWorth?: UnitWorth;
}
/** Promotions that are ruled together. */
export interface StackingGroup {
  /** Groups that do not run once one of its promotions has. */
  excludes?: string[];
  /** The id that promotions name. */
  id: string;
  /** At most so many of its promotions on one line. */
  maximumPerLine?: number;
  /** At most so many of its promotions on one order. */
  maximumPerOrder?: number;
  /** How its promotions go together. */
  mode?: StackingMode;
  /** What the exclusion reaches. */
  scope?: Scope;
}
/** Two promotions that go together or not, whatever their groups say. */
export interface StackingPair {
  /** Whether they go together. */
  combine: boolean;
  /** The id of one promotion. */
  first: string;
  /** The id of the other. */
  second: string;
}
/** How much of a SKU can be sold. */
export interface StockLevel {
  /** How many are owed to orders; a limit of backorders counts them. */
  backordered?: string;
  /** How many are kept beside that for whoever asks: for the order in question, or on the device's lease. */
  held?: string;
  /** How many there are that are nobody's. */
  quantity: string;
  /** The stock keeping unit. */
  sku: string;
}
/** A part of a set. */
export interface StockPart {
  /** How many of it are in one unit of the set, in whole ones. */
  quantity: number;
  /** The SKU. */
  sku: string;
}
/** What a device of the shop may sell without a network: a part of the stock that nobody else sells meanwhile. */
export interface StockQuota {
  /** A device sells by it for so many hours. The server keeps the goods for as long again, so that it can send what it sold. */
  hours?: number;
  /** All devices together hold no more than this of what can be sold, in per cent. */
  percent?: string;
  /** So many of each SKU a device. */
  quantity: string;
}
/** What is different for one SKU. */
export interface StockRule {
  /** How it is sold before it is there; a limit of 0 forbids it. */
  backorder?: Backorder;
  /** Counted even without a stock level (there is none then), or never; by its stock level if missing. */
  isCounted?: boolean;
  /** What one unit is put together from: the parts are counted in its place. */
  parts?: StockPart[];
  /** What is kept back of it. */
  safetyQuantity?: string;
  /** The SKU. */
  sku: string;
}
/** A choice of lines. An empty one means every line. */
export interface Target {
  /** Only goods of these categories or with one of these as a tag. */
  categories?: string[];
  /** Never these SKUs, categories or tags. */
  excluded?: string[];
  /** Leaves out goods whose price is reduced already: by a price list, or below `originalUnitPrice`. */
  fullPriceOnly?: boolean;
  /** Only up to this unit price, in major units, before discounts. */
  maximumUnitPrice?: string;
  /** Only lines of at least this quantity. */
  minimumLineQuantity?: string;
  /** Only from this unit price on, in major units, before discounts. */
  minimumUnitPrice?: string;
  /** Only these SKUs; with `categories` a line must match one of both lists. */
  skus?: string[];
  /** Leaves out lines that an earlier promotion of this order has reduced. */
  undiscountedOnly?: boolean;
}
/** A kind of goods for tax, such as `standard` or `books`. */
export interface TaxClass {
  /** The id that products and shipping methods name. */
  id: string;
  /** The rates; the first rule that matches the address, the time and the price counts. */
  rules: TaxRule[];
}
/** One tax. */
export interface TaxComponent {
  /** A fixed amount for each unit in place of a rate, in major units (bottle deposit, eco tax). */
  amountPerUnit?: string;
  /** The category. */
  category?: TaxCategory;
  /** Whether the rate is on the price and the taxes before this one (tax on tax). */
  compound?: boolean;
  /** Why there is no tax, as a code of the VATEX list such as `VATEX-EU-AE` (EN 16931 BT-121). */
  exemptionCode?: string;
  /** Why there is no tax, in words (EN 16931 BT-120). */
  exemptionReason?: string;
  /** Who levies it, where several do. */
  jurisdiction?: string;
  /** The rate in per cent; 0 (also if missing) for Z, E, AE, K, G and O. */
  percent?: string;
  /** Whether compound taxes after this one leave it out of their base. */
  untaxed?: boolean;
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
/** The rates of a class in some countries or parts of them. */
export interface TaxRule {
  /** One or more taxes, in the order in which they are computed (state, county, city). */
  components: TaxComponent[];
  /** ISO 3166 countries; every country if empty. */
  countries?: string[];
  /** Valid before this tax point. */
  endsMs?: number;
  /**
   * Only for a unit price of at most this much. "Under 110" is a rule from 110 on, and after it
   * one without bounds.
   */
  maximumUnitPrice?: string;
  /** Only for a unit price of at least this much, in major units and before discounts. */
  minimumUnitPrice?: string;
  /** How the postcode begins; any postcode if empty. Case and spaces do not matter. */
  postcodes?: string[];
  /** States or provinces, as addresses write them; every one if empty. Case does not matter. */
  regions?: string[];
  /** Valid from this tax point on. */
  startsMs?: number;
}
/**
 * One row of the tax summary.
 *
 * The rows add up to the tax of the document, whatever the rounding: where a sum is rounded once
 * (level `document`) or net and gross are rounded on their own (target `both`), the rest that a row
 * would have by itself is part of it. Rows of taxes that are on the same goods repeat their base.
 */
export interface TaxTotal {
  /** Category, rate and jurisdiction. */
  tax: TaxComponent;
  /** The tax. */
  taxMinor: number;
  /** The sum it is on, without tax; for a compound tax with the taxes before it. */
  taxableMinor: number;
}
/** How taxes are found where a class alone does not say it. */
export interface Taxation {
  /**
   * Where the taxes of charges on the whole document come from. If missing, a charge without
   * taxes of its own is shared over the lines.
   */
  charges?: ChargeTax;
  /** What becomes of prices that hold the tax of the home country, for a buyer with other taxes. */
  destination?: Destination;
  /** Whether each line lists its taxes one by one. */
  lineTaxes?: boolean;
  /** How old the check of a tax number may be, in milliseconds; any age if missing. */
  maximumCheckAgeMs?: number;
  /** Where a checked tax number of the buyer moves the tax to them; the first that matches counts. */
  reverseCharges?: ReverseCharge[];
  /** Where the taxes of shipping come from; a method can say otherwise. */
  shipping?: ChargeTax;
}
/** What pays a part of the total without a payment. */
export interface Tender {
  /** How much. */
  amountMinor: number;
  /** The gift card. */
  code?: string;
  /** With what. */
  kind: TenderKind;
  /** How many points. */
  points?: number;
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
  /** The rounding of what is payable to the coins there are. */
  cashRoundingMinor?: number;
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
  /** What is left to pay: gross − prepaid + rounding − tenders + cash rounding. */
  payableMinor: number;
  /** Shipping, in the price basis. */
  shippingMinor: number;
  /** All tax. */
  taxMinor: number;
}
/** How many units a line discount reaches, and which. */
export interface UnitLimit {
  /** Only whole groups of so many units. */
  groupSize?: number;
  /** At most so many units; no limit if missing. */
  maximum?: number;
  /** Whether the limit counts for each line; for the order if not. */
  perLine?: boolean;
  /** Which units of the order come first. */
  pick?: UnitPick;
}
/** Goods that are wanted in exchange. */
export interface Wanted {
  /** The order line whose place they take. */
  line: string;
  /** How many. */
  quantity: string;
  /** The stock keeping unit; the same as that line if missing. */
  sku?: string;
}
/** Switches of the order's life. */
export interface Workflow {
  /** How orders are edited after they were placed. */
  amendments?: AmendmentRules;
  /** When the shop commits. */
  confirmation?: Confirmation;
  /** Goods wait at the counter for so many days; for ever if missing. */
  fetchWithinDays?: number;
  /** A payment may exceed the balance by this much (tips, wrong change). */
  overpaymentMinor?: number;
  /** Goods should be packed so many hours after the shop has committed; no promise if missing. */
  packWithinHours?: number;
  /** Goods are packed, with a step of its own. */
  packs?: boolean;
  /** An unpaid order expires after so many minutes; never if missing. */
  payWithinMinutes?: number;
  /** A payment that is on its way keeps an order from expiring for so many hours. */
  pendingWithinHours?: number;
  /** Goods are picked, with a step of its own. */
  picks?: boolean;
  /** How long a price that was shown is honoured after the rules have changed. */
  priceGraceMs?: number;
  /** Receipt counts as confirmed so many days after the goods left (自动确认收货); never if missing. */
  receiptAfterDays?: number;
  /** Money that comes through a provider after an order was closed goes back by itself; if not, somebody decides. */
  refundsLatePayments?: boolean;
  /** A buyer who orders the same goods again within so many seconds is asked whether it is meant; 0 for never. */
  repeatWithinSeconds?: number;
  /** Days in which a delivered order can still come back before it is completed. */
  returnWindowDays?: number;
  /** Goods should have left so many hours after the shop has committed; no promise if missing. */
  shipWithinHours?: number;
  /** A balance up to this much is let go when a payment leaves it (bank charges). */
  underpaymentMinor?: number;
  /** Staff may let a balance go by hand up to this much, in either direction. */
  writeOffMinor?: number;
}
/** Let a small balance go. */
export interface WriteOff {
  /** The balance, as it stands: above zero what the buyer need not pay, below what the shop keeps. */
  amountMinor: number;
  /** Why. */
  reason?: string;
}
/** From a time on, another offset. */
export interface ZoneTransition {
  /** Milliseconds since the epoch. */
  fromMs: number;
  /** Minutes east of UTC from then on. */
  offsetMinutes: number;
}
