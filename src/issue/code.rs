//! The stable codes of everything the engine can refuse or warn about.

use core::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal,)*) => {
        /// Why something was refused. The text form is stable: it is never renamed or reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable text form, such as `quantity_too_large`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

codes! {
    // What was sent is not of the documented shape.
    /// The text is not JSON.
    JsonMalformed = "json_malformed",
    /// A field is missing, unknown or of the wrong type.
    ShapeInvalid = "shape_invalid",
    /// The document is larger than the engine reads.
    DocumentTooLarge = "document_too_large",
    /// An object refers to itself, so it has no JSON form.
    DocumentCyclic = "document_cyclic",

    // A draft: stock.
    /// The shop has not so many.
    StockMissing = "stock_missing",
    /// The device may not sell so many without a network.
    DeviceStockMissing = "device_stock_missing",

    // A draft: fields.
    /// The field must not be empty.
    Required = "required",
    /// The text is longer than the limit.
    TextTooLong = "text_too_long",
    /// The text holds control characters.
    TextInvalid = "text_invalid",
    /// Not an e-mail address.
    EmailInvalid = "email_invalid",
    /// Not a telephone number.
    PhoneInvalid = "phone_invalid",
    /// Not an ISO 3166 country code.
    CountryUnknown = "country_unknown",
    /// The postcode has not the form that the country uses.
    PostcodeInvalid = "postcode_invalid",
    /// The currency differs from the shop's.
    CurrencyMismatch = "currency_mismatch",

    // A draft: lines.
    /// An order needs at least one line.
    LinesEmpty = "lines_empty",
    /// More lines than an order may have.
    LinesTooMany = "lines_too_many",
    /// Two lines have the same id.
    LineIdRepeated = "line_id_repeated",
    /// The shop does not sell this SKU.
    SkuUnknown = "sku_unknown",
    /// Not a decimal number.
    NumberMalformed = "number_malformed",
    /// The quantity must be above zero.
    QuantityNotPositive = "quantity_not_positive",
    /// The quantity is below the product's minimum.
    QuantityTooSmall = "quantity_too_small",
    /// The quantity is above the product's or the shop's maximum.
    QuantityTooLarge = "quantity_too_large",
    /// The quantity is not a multiple of the product's step.
    QuantityStep = "quantity_step",
    /// The price must not be negative.
    PriceNegative = "price_negative",
    /// The shop sets the price; the line must not.
    PriceNotAllowed = "price_not_allowed",
    /// More allowances and charges than a line or an order may have.
    AdjustmentsTooMany = "adjustments_too_many",
    /// A manual allowance or charge is not possible.
    AdjustmentInvalid = "adjustment_invalid",
    /// Only staff may change a price by hand.
    AdjustmentNotAllowed = "adjustment_not_allowed",
    /// Whoever asks may not take off so much by hand.
    AdjustmentOverLimit = "adjustment_over_limit",
    /// A discount would take more than the line or order is worth.
    DiscountTooLarge = "discount_too_large",

    // A draft: choices.
    /// The shop has no such shipping method.
    ShippingMethodUnknown = "shipping_method_unknown",
    /// The shipping method does not serve the country.
    ShippingNotServed = "shipping_not_served",
    /// The shipping method serves other places of the country.
    ShippingPlaceNotServed = "shipping_place_not_served",
    /// The shop leaves the place out.
    ShippingExcluded = "shipping_excluded",
    /// The goods are too heavy for the method.
    ShippingTooHeavy = "shipping_too_heavy",
    /// The goods are worth more than the method takes.
    ShippingTooValuable = "shipping_too_valuable",
    /// The goods are worth less than the method asks for.
    ShippingBelowMinimum = "shipping_below_minimum",
    /// No band of the rates holds what was measured.
    ShippingNoRate = "shipping_no_rate",
    /// The method has no rates for the product's template.
    ShippingTemplateMissing = "shipping_template_missing",
    /// The price goes by weight, and the weight of a product is not known.
    ShippingWeightUnknown = "shipping_weight_unknown",
    /// The price goes by size, and the size of a product is not known.
    ShippingSizeUnknown = "shipping_size_unknown",
    /// The carrier has not named a price, or not one that is still good.
    ShippingQuoteMissing = "shipping_quote_missing",
    /// The shop says what goods weigh and measure; the line must not.
    ShippingFactsNotAllowed = "shipping_facts_not_allowed",
    /// The shop has no such payment method.
    PaymentMethodUnknown = "payment_method_unknown",
    /// More coupon codes than an order may have.
    CouponsTooMany = "coupons_too_many",
    /// The shop has no such coupon.
    CouponUnknown = "coupon_unknown",
    /// The coupon was used as often as it may.
    CouponUsedUp = "coupon_used_up",
    /// The shop takes no points.
    PointsNotAccepted = "points_not_accepted",
    /// More points than the customer has.
    PointsTooMany = "points_too_many",
    /// No such gift card.
    GiftCardUnknown = "gift_card_unknown",
    /// The gift card has expired.
    GiftCardEnded = "gift_card_ended",
    /// The coupon is not valid at this time.
    CouponNotActive = "coupon_not_active",
    /// No tax rate is set for the tax class and the country.
    TaxRateMissing = "tax_rate_missing",
    /// An amount is beyond 2^53 − 1 minor units.
    AmountTooLarge = "amount_too_large",

    // Numbers.
    /// The pattern of order numbers is not understood.
    PatternInvalid = "pattern_invalid",
    /// The pattern makes numbers that can repeat.
    PatternCollides = "pattern_collides",
    /// The pattern has fewer numbers for a device than the shop expects orders.
    PatternSmall = "pattern_small",
    /// The counter of the series is used up for the period.
    SeriesExhausted = "series_exhausted",
    /// The number has not the shop's pattern, or its check character is wrong.
    NumberInvalid = "number_invalid",
    /// Another order has this number.
    NumberTaken = "number_taken",

    // A ruleset.
    /// The ruleset refers to something that is not in it, or holds an impossible value.
    RulesetInvalid = "ruleset_invalid",
    /// The ruleset has no such version here.
    RulesetUnknown = "ruleset_unknown",
    /// Somebody saved other rules since these were read.
    RulesetChanged = "ruleset_changed",
    /// Another ruleset has this version name.
    VersionTaken = "version_taken",
    /// The linter warns of something, and the caller has not said that it is meant.
    WarningsNotAccepted = "warnings_not_accepted",
    /// A part of the ruleset can never take effect.
    RulesetUnreachable = "ruleset_unreachable",
    /// A promotion aims at a SKU or category that no product has.
    TargetUnknown = "target_unknown",
    /// A promotion is over.
    PromotionEnded = "promotion_ended",
    /// A promotion takes nothing off.
    PromotionWithoutEffect = "promotion_without_effect",
    /// A tier saves no more than the one below it.
    TierNotHigher = "tier_not_higher",
    /// No order can reach the threshold.
    ThresholdUnreachable = "threshold_unreachable",
    /// Percentages add up to everything.
    DiscountsReachAll = "discounts_reach_all",
    /// An earlier rule covers the country already.
    RuleShadowed = "rule_shadowed",
    /// No shipping method delivers to the country.
    CountryNotServed = "country_not_served",
    /// Texts have no Chinese form.
    TranslationMissing = "translation_missing",
    /// No cart was found that a promotion applies to.
    PromotionUnreachable = "promotion_unreachable",
    /// In every cart that a promotion is for, another one takes its place.
    PromotionNeverWins = "promotion_never_wins",
    /// Stacking groups exclude each other.
    ExclusionCycle = "exclusion_cycle",
    /// With a coupon delivery is no longer free.
    CouponLosesShipping = "coupon_loses_shipping",
    /// With a coupon an order costs more than without it.
    CouponCostsMore = "coupon_costs_more",
    /// A fixed price is no lower than the usual one.
    FixedPriceNotLower = "fixed_price_not_lower",
    /// Goods for one price cost no more one by one.
    SetNotCheaper = "set_not_cheaper",
    /// The first order takes more than the budget of a promotion.
    BudgetTooSmall = "budget_too_small",
    /// The lowest price of a product is above its price.
    FloorAbovePrice = "floor_above_price",
    /// A price of a list is no lower than the usual one.
    ListPriceNotLower = "list_price_not_lower",
    /// A shipping method takes no cart that was tried.
    MethodUnreachable = "method_unreachable",
    /// A shipping method has no rates for the template of a product.
    TemplateUncovered = "template_uncovered",
    /// A table of shipping rates has no row for everywhere else.
    TableWithoutDefault = "table_without_default",
    /// What is beyond the last band of a table cannot be delivered.
    BandsEnd = "bands_end",
    /// From a time on there is no tax rate for a country.
    TaxTimeGap = "tax_time_gap",
    /// For a time between two rules there is no tax rate for a country.
    TaxTimeHole = "tax_time_hole",
    /// Nothing refers to an entry.
    EntryUnused = "entry_unused",
    /// An entry names itself, or an earlier one counts in its place.
    EntryWithoutEffect = "entry_without_effect",
    /// A limit of 0 lets nothing through.
    LimitOfNothing = "limit_of_nothing",
    /// A promotion goes with one that runs after it.
    FollowerBeforeLeader = "follower_before_leader",
    /// A group that is decided together holds promotions on goods and on shipping, which are decided apart.
    GroupMixed = "group_mixed",
    /// A tier takes off as much as it asks for.
    TierTakesAll = "tier_takes_all",
    /// Two promotions have one coupon.
    CouponShared = "coupon_shared",

    // Commands.
    /// The command is not known to this version.
    CommandUnknown = "command_unknown",
    /// There is no such order.
    OrderUnknown = "order_unknown",
    /// There is such an order already.
    OrderExists = "order_exists",
    /// The same buyer ordered the same goods a moment ago: is it meant?
    OrderLooksRepeated = "order_looks_repeated",
    /// The order's status does not allow the command.
    StatusForbids = "status_forbids",
    /// The role of the caller does not allow the command.
    RoleForbids = "role_forbids",
    /// The total that the buyer saw is not the total of these rules.
    TotalMismatch = "total_mismatch",
    /// The price has changed since the buyer saw it.
    PriceChanged = "price_changed",
    /// The order is on hold.
    OnHold = "on_hold",
    /// The payment is not sufficient for this step.
    PaymentMissing = "payment_missing",
    /// A payment with this id was recorded already, with other content.
    PaymentRepeated = "payment_repeated",
    /// The payment is larger than the shop accepts.
    PaymentTooLarge = "payment_too_large",
    /// A payment amount must be above zero.
    PaymentNotPositive = "payment_not_positive",
    /// A refund is larger than what was received.
    RefundTooLarge = "refund_too_large",
    /// The bank took back more than it paid.
    ChargebackTooLarge = "chargeback_too_large",
    /// The order has no such line.
    LineUnknown = "line_unknown",
    /// More than what is left of the line.
    QuantityExceedsOpen = "quantity_exceeds_open",
    /// Nothing is left to do for this command.
    NothingOpen = "nothing_open",
    /// Goods have left already.
    AlreadyShipped = "already_shipped",
    /// The order has no such shipment.
    ShipmentUnknown = "shipment_unknown",
    /// Another shipment has this tracking number.
    TrackingRepeated = "tracking_repeated",
    /// Something is still open: goods, money or a return.
    StillOpen = "still_open",
    /// Goods are off the shelf; they must be put back first.
    GoodsInHand = "goods_in_hand",
    /// The shop sets no time limit for this.
    NoDeadline = "no_deadline",
    /// The time for this has not come.
    TooEarly = "too_early",
    /// Money was received.
    PaymentReceived = "payment_received",
    /// A payment is on its way.
    PaymentPending = "payment_pending",
    /// Payments of this kind go through no provider.
    ProviderMissing = "provider_missing",
    /// The order has no such payment.
    PaymentUnknown = "payment_unknown",
    /// More than what is left of the authorization.
    CaptureTooLarge = "capture_too_large",
    /// The balance is another one by now.
    BalanceDiffers = "balance_differs",
    /// More than may be let go by hand.
    WriteOffTooLarge = "write_off_too_large",
    /// The shipment’s status does not allow the command.
    ShipmentForbids = "shipment_forbids",
    /// The order has this shipment already.
    ShipmentRepeated = "shipment_repeated",
    /// A step of the shop’s work is missing.
    StepMissing = "step_missing",
    /// What was scanned is not what is in the shipment.
    ScanDiffers = "scan_differs",
    /// The code to fetch the goods is wrong.
    PickupCodeWrong = "pickup_code_wrong",
    /// The order has a credit of this id already.
    CreditRepeated = "credit_repeated",
    /// The order has no such return.
    ReturnUnknown = "return_unknown",
    /// The order has this return, or a credit of its id, already.
    ReturnRepeated = "return_repeated",
    /// The return's status does not allow the command.
    ReturnForbids = "return_forbids",
    /// The time to give goods back is over.
    ReturnTooLate = "return_too_late",
    /// The goods are taken back only if something is wrong with them.
    ReturnFinalSale = "return_final_sale",
    /// A reason that the customer has to prove.
    EvidenceMissing = "evidence_missing",
    /// What is done does not go with what came back.
    OutcomeImpossible = "outcome_impossible",
    /// Another credit than the one that was shown.
    CreditDiffers = "credit_differs",
    /// More than the order still costs the buyer.
    CreditTooLarge = "credit_too_large",
    /// Somebody changed the stored log of the order.
    LogTampered = "log_tampered",
    /// Somebody else edited the same field since.
    EditConflict = "edit_conflict",
    /// The edit changes nothing.
    AmendmentEmpty = "amendment_empty",
    /// The order has an edit of this id already.
    AmendmentRepeated = "amendment_repeated",
    /// No edit of this id waits for an answer.
    AmendmentUnknown = "amendment_unknown",
    /// More changes than an edit may have.
    ChangesTooMany = "changes_too_many",
    /// The customer must agree first.
    ConsentMissing = "consent_missing",
    /// Units were credited, so that the whole order cannot be priced anew.
    RepriceBlocked = "reprice_blocked",
    /// The order has no such discount.
    DiscountUnknown = "discount_unknown",
    /// The coupon takes nothing off this order.
    CouponWithoutEffect = "coupon_without_effect",
    /// The order has more events than allowed.
    EventsTooMany = "events_too_many",

    // Sync.
    /// The order's own `place` was refused.
    ParentRefused = "parent_refused",
    /// The client's counter skipped a command.
    CommandGap = "command_gap",
    /// The same counter came with another command: a copied or restored profile.
    ClientForked = "client_forked",
    /// The same command id came from another client with other content.
    CommandIdRepeated = "command_id_repeated",
    /// The server failed on this command twice and keeps it for support.
    CommandQuarantined = "command_quarantined",
    /// The server cannot decide now; the client tries again.
    TryLater = "try_later",
    /// More commands in one request than allowed.
    BatchTooLarge = "batch_too_large",
    /// No server takes a command of this size.
    CommandTooLarge = "command_too_large",
    /// The protocol version is not spoken here.
    ProtocolUnknown = "protocol_unknown",
    /// A file that should hold unsent commands is another one, or of another version.
    UnsentFormatUnknown = "unsent_format_unknown",
    /// A file of unsent commands is another user's.
    UnsentOfAnotherUser = "unsent_of_another_user",

    // HTTP and storage.
    /// No valid token.
    TokenInvalid = "token_invalid",
    /// A message is not signed by who it says it is from, or is an old one.
    SignatureInvalid = "signature_invalid",
    /// Somebody has decided about this already.
    QuarantineEnded = "quarantine_ended",
    /// The token is not for this tenant or action.
    TokenForbids = "token_forbids",
    /// Somebody else changed the stock meanwhile.
    StockChanged = "stock_changed",
    /// There is nothing at this address.
    NotFound = "not_found",
    /// No order has this number together with this contact.
    TrackingUnknown = "tracking_unknown",
    /// Too many tries; more are taken after a while.
    TriesTooMany = "tries_too_many",
    /// The `Idempotency-Key` header is missing or was used for something else.
    IdempotencyKeyInvalid = "idempotency_key_invalid",
    /// The first request with this `Idempotency-Key` is still being worked on.
    IdempotencyKeyRunning = "idempotency_key_running",
    /// More requests in a short time than one caller may send.
    RateLimited = "rate_limited",
    /// More open event streams than one user may have.
    StreamsTooMany = "streams_too_many",
    /// The request did not arrive in time.
    RequestTooSlow = "request_too_slow",
    /// The request is packed in a way that is not read here.
    EncodingUnknown = "encoding_unknown",
    /// The order is stored on this device and has to be read first.
    OrderLoading = "order_loading",
    /// Stored bytes do not pass their checksum or are of an unknown version.
    StoreCorrupt = "store_corrupt",
    /// Something failed that is not the caller's fault.
    InternalError = "internal_error",
    /// A newer server gave a reason that this version does not know.
    Unknown = "unknown",
}

impl Code {
    /// Whether the same request may succeed later without being changed.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::TryLater
                | Self::InternalError
                | Self::CommandGap
                | Self::TriesTooMany
                | Self::IdempotencyKeyRunning
                | Self::RateLimited
                | Self::StreamsTooMany
                | Self::RequestTooSlow
        )
    }

    /// The code of a stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
