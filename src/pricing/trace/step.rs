//! The steps: one for each cause of an amount, and for each rule that did not apply.

use serde::Serialize;

use super::{
    CapKind, ConditionKind, CouponObstacle, LimitKind, ShippingPart, SuppressionKind,
    TaxNumberOutcome, TenderKind,
};
use crate::{
    decimal::Decimal,
    json::ToJson,
    money::Amount,
    pricing::quote::ShippingEstimate,
    ruleset::{LocalText, ShippingMeasure, TaxComponent, TemplateCombination},
};

/// A line whose amount was rounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoundedLine {
    /// The line (position from 0).
    pub line: usize,
    /// The exact amount in minor units, as a decimal or fraction.
    pub exact: String,
}

/// One step of pricing.
///
/// The amounts of the `linePrices`, `lineAdjustment`, `discount`, `gift`, `points`, `documentAdjustment`, `shipping`,
/// `shippingDiscount`, `tax`, `lineTaxes`, `lineAmountsRounded`, `payable`, `tender` and `cashRounding` steps add up to the totals
/// (see [`crate::explain::causes`]); the other steps explain and carry no amount of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "step", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TraceStep {
    /// Unit price × quantity of every line.
    LinePrices {
        /// The amounts after rounding, in the order of the lines.
        amounts_minor: Vec<Amount>,
        /// The lines where rounding changed the product.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        rounded: Vec<RoundedLine>,
    },
    /// The unit price of a line for a buyer with other taxes than those at home.
    DestinationPrice {
        /// The line.
        line: usize,
        /// The price with the taxes at home, in major units.
        home_unit_price: Decimal,
    },
    /// A charge or allowance that staff set on a line; negative if it takes off.
    LineAdjustment {
        /// The line.
        line: usize,
        /// The amount.
        amount_minor: Amount,
        /// Why, as it was entered.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A discount took effect.
    Discount {
        /// The promotion, or `manual`.
        rule: String,
        /// What it takes off.
        amount_minor: Amount,
    },
    /// A discount would take more, but may not.
    DiscountCapped {
        /// The promotion, or `manual`.
        rule: String,
        /// What it would take without the cap.
        wanted_minor: Amount,
        /// What it took.
        amount_minor: Amount,
        /// What holds it back.
        cap: CapKind,
    },
    /// A promotion would apply if the matching items were worth this much more.
    NotReached {
        /// The promotion.
        rule: String,
        /// What is missing.
        missing_minor: Amount,
    },
    /// A promotion would apply if there were so many more units.
    NotEnough {
        /// The promotion.
        rule: String,
        /// What is missing.
        missing_quantity: Decimal,
    },
    /// A promotion applies, and would take more off with the next tier.
    NextTier {
        /// The promotion.
        rule: String,
        /// What is missing.
        missing_minor: Amount,
        /// What the tier takes off; zero if it is a percentage.
        save_minor: Amount,
        /// The percentage of the tier.
        #[serde(skip_serializing_if = "Option::is_none")]
        percent: Option<Decimal>,
    },
    /// A promotion applies, and would to one more unit with so many more in the order.
    NextUnit {
        /// The promotion.
        rule: String,
        /// What is missing.
        missing_quantity: Decimal,
    },
    /// A promotion is for other orders.
    ConditionNotMet {
        /// The promotion.
        rule: String,
        /// What is not so.
        condition: ConditionKind,
    },
    /// A coupon code that was entered takes nothing off.
    CouponNotUsed {
        /// The code as it was entered.
        coupon: String,
        /// Why.
        obstacle: CouponObstacle,
    },
    /// A promotion was used as often, or took off as much, as it may.
    UsedUp {
        /// The promotion.
        rule: String,
        /// The limit that is reached.
        limit: LimitKind,
    },
    /// A promotion is kept out by one that applied.
    Suppressed {
        /// The promotion.
        rule: String,
        /// The one that applied.
        by: String,
        /// Why they do not go together.
        reason: SuppressionKind,
    },
    /// A promotion lost to one of its group that takes more off.
    BeatenBy {
        /// The promotion.
        rule: String,
        /// The one that won.
        by: String,
        /// What it would have taken.
        amount_minor: Amount,
        /// What the winner takes.
        by_amount_minor: Amount,
    },
    /// A promotion is not part of the combination that leaves the buyer least to pay.
    NotInBest {
        /// The promotion.
        rule: String,
        /// What it would have taken alone.
        amount_minor: Amount,
    },
    /// The combination that leaves the buyer least to pay was searched.
    BestCombination {
        /// What it saves.
        saved_minor: Amount,
        /// No combination can save more than this.
        bound_minor: Amount,
        /// Whether every other combination is proven to save no more.
        is_exact: bool,
    },
    /// A promotion was counted although it is not known whether the customer has ordered before.
    ToConfirm {
        /// The promotion.
        rule: String,
    },
    /// Goods for nothing were added.
    Gift {
        /// The promotion.
        rule: String,
        /// What is given.
        sku: String,
        /// How many.
        quantity: Decimal,
        /// What they would cost.
        value_minor: Amount,
    },
    /// A gift was earned, but none of it is in stock.
    GiftOutOfStock {
        /// The promotion.
        rule: String,
    },
    /// A line has the price of a list in place of the product's own.
    ListPrice {
        /// The line.
        line: usize,
        /// The price list.
        list: String,
        /// The product's own unit price, in major units.
        usual_unit_price: Decimal,
        /// The list's unit price, in major units.
        unit_price: Decimal,
    },
    /// A price list has too few units left for a line.
    ListQuotaExceeded {
        /// The line.
        line: usize,
        /// The price list.
        list: String,
        /// Units that could still be sold at its price.
        left: u32,
    },
    /// Points were taken off as a discount.
    Points {
        /// How many.
        points: u32,
        /// What they take off.
        amount_minor: Amount,
    },
    /// A part of the total is paid with a gift card, store credit or points.
    Tender {
        /// With what.
        tender: TenderKind,
        /// How much.
        amount_minor: Amount,
    },
    /// A promotion takes off the shipping charge.
    ShippingDiscount {
        /// The promotion.
        rule: String,
        /// What it takes off.
        amount_minor: Amount,
    },
    /// A promotion does not apply because no line matches.
    NoLineMatches {
        /// The promotion.
        rule: String,
    },
    /// A promotion is not valid at this time.
    NotActive {
        /// The promotion.
        rule: String,
    },
    /// A document allowance (negative) or charge with taxes of its own.
    DocumentAdjustment {
        /// The amount.
        amount_minor: Amount,
        /// Why, as it was entered.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// What a table of shipping rates asks for; a part of the `shipping` step.
    ShippingRate {
        /// The method.
        method: String,
        /// The template of the table; none for all other goods.
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<String>,
        /// The row that holds the address (position from 0).
        row: usize,
        /// What the table measures.
        measure: ShippingMeasure,
        /// How much of it the goods are, rounded up as the table says.
        load: Decimal,
        /// Whether that is their size, because it counts for more than their weight.
        #[serde(skip_serializing_if = "core::ops::Not::not")]
        volumetric: bool,
        /// How the method combines tables, where a dearer one reduced this one.
        #[serde(skip_serializing_if = "Option::is_none")]
        combination: Option<TemplateCombination>,
        /// What the price is made of.
        parts: Vec<ShippingPart>,
        /// The sum of the parts.
        amount_minor: Amount,
    },
    /// The price of an order, beside the tables; a part of the `shipping` step.
    ShippingPrice {
        /// The method.
        method: String,
        /// The price.
        amount_minor: Amount,
    },
    /// A carrier named the price; a part of the `shipping` step.
    ShippingCarrier {
        /// The method.
        method: String,
        /// Good before this time.
        expires_ms: i64,
        /// The price.
        amount_minor: Amount,
    },
    /// A surcharge; a part of the `shipping` step.
    ShippingSurcharge {
        /// The method.
        method: String,
        /// The id of the surcharge.
        surcharge: String,
        /// Its name for customers.
        name: LocalText,
        /// The amount.
        amount_minor: Amount,
    },
    /// The shipping charge may still change.
    ShippingEstimate {
        /// The method.
        method: String,
        /// Why.
        reason: ShippingEstimate,
    },
    /// The shipping charge.
    Shipping {
        /// The method.
        method: String,
        /// The charge.
        amount_minor: Amount,
    },
    /// Shipping, or the goods of one table, are free because the thresholds are reached.
    ShippingFree {
        /// The method.
        method: String,
        /// The template of the table, if it is the threshold of one.
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<String>,
        /// The value that was asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        free_over_minor: Option<Amount>,
        /// The quantity that was asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        free_over_quantity: Option<Decimal>,
        /// The charge that is saved.
        saved_minor: Amount,
    },
    /// Shipping, or the goods of one table, would be free with this much more.
    ShippingNotFree {
        /// The method.
        method: String,
        /// The template of the table, if it is the threshold of one.
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<String>,
        /// The value that is missing.
        #[serde(skip_serializing_if = "Option::is_none")]
        missing_minor: Option<Amount>,
        /// The quantity that is missing.
        #[serde(skip_serializing_if = "Option::is_none")]
        missing_quantity: Option<Decimal>,
    },
    /// A tax on the sum of a group, or on the shipping charge.
    Tax {
        /// Category, rate and jurisdiction.
        tax: TaxComponent,
        /// The sum without tax.
        taxable_minor: Amount,
        /// The tax.
        amount_minor: Amount,
        /// The exact tax in minor units, where rounding changed it.
        #[serde(skip_serializing_if = "Option::is_none")]
        exact: Option<String>,
    },
    /// A tax on each of some lines, where the shop rounds by line.
    LineTaxes {
        /// Category, rate and jurisdiction.
        tax: TaxComponent,
        /// The lines (positions from 0).
        lines: Vec<usize>,
        /// The tax on each of them.
        amounts_minor: Vec<Amount>,
        /// The lines where rounding changed the tax.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        rounded: Vec<RoundedLine>,
    },
    /// A tax number that the buyer gave, where it could move the tax to them.
    TaxNumber {
        /// The number.
        number: String,
        /// Whether it does, and why not.
        outcome: TaxNumberOutcome,
        /// The authority's reference of its answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    /// An exemption certificate of the buyer.
    TaxExemption {
        /// Its number.
        certificate: String,
        /// Whether it is valid at this time.
        active: bool,
    },
    /// Amounts of lines that were finer than the minor unit before tax.
    LineAmountsRounded {
        /// The lines where rounding changed the amount.
        rounded: Vec<RoundedLine>,
        /// What that adds to the total: the amounts as they are taxed less those that the lines show.
        #[serde(skip_serializing_if = "Amount::is_nothing")]
        amount_minor: Amount,
    },
    /// Some prices hold the tax and some do not.
    TaxOnTop {
        /// How much of all taxes comes on top of the prices.
        amount_minor: Amount,
    },
    /// The totals before any rounding of tax, in minor units, as decimals or fractions.
    ExactTotals {
        /// Without tax; missing beyond 128 bits.
        #[serde(skip_serializing_if = "Option::is_none")]
        exact_net: Option<String>,
        /// The tax.
        #[serde(skip_serializing_if = "Option::is_none")]
        exact_tax: Option<String>,
        /// With tax.
        #[serde(skip_serializing_if = "Option::is_none")]
        exact_gross: Option<String>,
    },
    /// What is payable, rounded to the coins there are.
    CashRounding {
        /// The smallest coin.
        step_minor: Amount,
        /// What is added to what is payable.
        amount_minor: Amount,
    },
    /// What was paid before, and the rounding of the payable amount.
    Payable {
        /// Paid before.
        prepaid_minor: Amount,
        /// Rounding of what is payable.
        rounding_minor: Amount,
    },
}
