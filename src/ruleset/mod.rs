//! The shop's rules as one versioned JSON document.

use serde::{Deserialize, Serialize};

use crate::{
    currency::Currency,
    decimal::Decimal,
    issue::{Issue, Language},
    json::{FromJson, ToJson},
    numbering::{Pattern, PatternOptions},
};

mod amendment;
mod carrier;
mod check;
mod compiled;
mod condition;
mod effect;
mod inventory;
mod names;
mod points;
mod price_list;
mod promotion;
mod returns;
mod rounding;
mod shipping;
mod stacking;
mod target;
mod tax;
mod turns;
mod workflow;

pub use crate::zone::{TimeZone, ZoneTransition};
pub use amendment::{AmendmentPolicy, AmendmentRules, CustomerEdits, NewLines, ShippingReprice};
pub use carrier::Carrier;
pub use compiled::Rules;
pub use condition::Condition;
pub use effect::{BundlePart, DiscountUnit, Effect, QuantityTier, SpendTier, UnitLimit, UnitPick};
pub use inventory::{Backorder, InventoryRules, Oversold, StockPart, StockQuota, StockRule};
pub(crate) use names::repeated;
pub use points::{PointsKind, PointsRules};
pub use price_list::{ListedPrice, PriceList};
pub use promotion::{Limits, Phase, Promotion, Scope};
pub use returns::{
    ClawBack, ExchangePrice, RefundOrder, ReturnReason, ReturnRules, ShippingRefund, UsesComeBack,
};
pub use rounding::{
    CashRounding, Leftover, RoundedRates, RoundingLevel, RoundingRules, RoundingTarget,
};
pub use shipping::{
    PostcodeRange, ShippingKind, ShippingMeasure, ShippingMethod, ShippingPlace, ShippingRate,
    ShippingRow, ShippingStep, ShippingSurcharge, ShippingTable, ShippingZone, TemplateCombination,
};
pub use stacking::{
    PercentageBase, PercentagePlace, Sharing, SharingLeftover, SharingWeights, Stacking,
    StackingGroup, StackingMode, StackingPair, UnitWorth,
};
pub use target::{Target, TargetLine};
pub use tax::{
    ChargeTax, Destination, DestinationPrices, ReverseCharge, TaxCategory, TaxClass, TaxComponent,
    TaxPlace, TaxRule, Taxation,
};
pub use workflow::{Confirmation, Workflow};

/// Everything a shop decides, as data. [`Rules`] is the checked and indexed form that prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ruleset {
    /// The name of this version; orders keep it.
    pub version: String,
    /// The shop's name, as customers know it.
    pub name: LocalText,
    /// The one currency of the shop.
    pub currency: Currency,
    /// ISO 3166 country whose tax applies while a draft has no address.
    pub home_country: String,
    /// Whether unit prices hold the tax already.
    pub price_basis: PriceBasis,
    /// Who names the unit price.
    #[serde(default)]
    pub price_source: PriceSource,
    /// Where and how fractions of the minor unit are rounded.
    #[serde(default)]
    pub rounding: RoundingRules,
    /// The zone of the shop's calendar day.
    #[serde(default)]
    pub time_zone: TimeZone,
    /// The language in which the shop writes to customers whose own it does not know.
    #[serde(default, skip_serializing_if = "is_default")]
    pub language: Language,
    /// What is sold, with list prices.
    #[serde(default)]
    pub products: Vec<Product>,
    /// Prices for some customers, quantities or times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub price_lists: Vec<PriceList>,
    /// Discounts, automatic or by coupon.
    #[serde(default)]
    pub promotions: Vec<Promotion>,
    /// How promotions go together.
    #[serde(default)]
    pub stacking: Stacking,
    /// How points are spent; not at all if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<PointsRules>,
    /// Parts of the world that shipping methods name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipping_zones: Vec<ShippingZone>,
    /// How goods get to the customer.
    #[serde(default)]
    pub shipping_methods: Vec<ShippingMethod>,
    /// How the customer pays.
    #[serde(default)]
    pub payment_methods: Vec<PaymentMethod>,
    /// Who brings the parcels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carriers: Vec<Carrier>,
    /// Tax classes with their rates per country.
    #[serde(default)]
    pub tax_classes: Vec<TaxClass>,
    /// How taxes are found: reverse charge, shipping and fees, another country.
    #[serde(default, skip_serializing_if = "is_default")]
    pub taxation: Taxation,
    /// How orders are numbered.
    #[serde(default)]
    pub numbering: Numbering,
    /// Switches of the order's life.
    #[serde(default)]
    pub workflow: Workflow,
    /// How goods are taken back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub returns: ReturnRules,
    /// How goods are sold from the stock.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inventory: InventoryRules,
}

/// A text in the shop's languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocalText {
    /// English.
    pub en: String,
    /// Chinese; the English text is shown where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zh: Option<String>,
}

/// Whether unit prices are gross or net.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PriceBasis {
    /// Prices hold the tax (European and Chinese retail).
    TaxInclusive,
    /// Tax is added on top (United States, trade between businesses).
    TaxExclusive,
}

/// Who names the unit price of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PriceSource {
    /// The ruleset's products; a line that names a price is refused.
    #[default]
    PriceList,
    /// The draft. Only where the draft comes from a trusted program, such as the shop's own back end.
    Draft,
}

/// Something that is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Product {
    /// The stock keeping unit.
    pub sku: String,
    /// The name that customers see.
    pub name: LocalText,
    /// List price of one unit, in major units.
    pub unit_price: Decimal,
    /// The tax class.
    pub tax_class: String,
    /// Whether this price holds the tax, where it differs from the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_basis: Option<PriceBasis>,
    /// A word to group by and to aim promotions at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// More words to aim promotions at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What it cost before it was reduced; `unitPrice` if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_unit_price: Option<Decimal>,
    /// No discount takes a unit below this (the cost, or the lowest price that may be advertised).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_unit_price: Option<Decimal>,
    /// Smallest quantity of a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_quantity: Option<Decimal>,
    /// Largest quantity of a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_quantity: Option<Decimal>,
    /// The quantity must be a multiple of this; 1 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_step: Option<Decimal>,
    /// Weight of one unit with its packing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_grams: Option<u32>,
    /// Length of one unit with its packing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_mm: Option<u32>,
    /// Width of one unit with its packing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width_mm: Option<u32>,
    /// Height of one unit with its packing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_mm: Option<u32>,
    /// The tables of shipping rates that count for it; those without a template if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_template: Option<String>,
    /// Taken back only if something is wrong with it: cut to size, unsealed, perishable.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_final_sale: bool,
}

/// The value of the items that a threshold looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ThresholdBasis {
    /// After all discounts on the items, so that a coupon can lose free shipping.
    #[default]
    AfterDiscounts,
    /// Before discounts.
    BeforeDiscounts,
}

impl ThresholdBasis {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A way to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentMethod {
    /// The id that drafts name.
    pub id: String,
    /// The name that customers see.
    pub name: LocalText,
    /// When the money has to be there.
    #[serde(default)]
    pub terms: PaymentTerms,
    /// Rounds what is payable to the coins there are; no rounding if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_rounding: Option<CashRounding>,
    /// The payment provider that the server asks for payments of this kind; they are recorded by hand if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

/// When the money has to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PaymentTerms {
    /// Before the order is confirmed.
    #[default]
    Prepaid,
    /// When the goods are handed over.
    OnDelivery,
    /// After an invoice.
    OnAccount,
}

/// How orders are numbered; see [`crate::numbering`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Numbering {
    /// The pattern of order numbers, such as `{date:yyMMdd}-{device:2}{seq:4}{check}`.
    pub pattern: String,
    /// Orders a day that the shop expects; the linter computes the chance of a repeat from it.
    #[serde(default = "Numbering::default_volume")]
    pub orders_per_day: u32,
    /// Serials of a block that the server leases to a device. One counter then serves the whole shop
    /// and never starts again; without it each device counts for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_size: Option<u32>,
    /// 32 hexadecimal digits that put the serials in an order of their own, so that numbers do not
    /// tell how many orders there are. Whoever reads the rules can read it: it hides, it does not
    /// protect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Numbering {
    /// The compiled pattern.
    ///
    /// # Errors
    ///
    /// Those of [`Pattern::of_shop`].
    pub fn compile(&self) -> Result<Pattern, Issue> {
        let options = PatternOptions { block_size: self.block_size, key: self.key.as_deref() };
        Pattern::of_shop(&self.pattern, options)
    }

    fn default_volume() -> u32 {
        1_000
    }
}

impl Default for Numbering {
    fn default() -> Self {
        Self {
            pattern: "{date:yyMMdd}-{device:2}{seq:4}{check}".to_owned(),
            orders_per_day: Self::default_volume(),
            block_size: None,
            key: None,
        }
    }
}

impl Product {
    /// What its quantities are multiples of.
    pub fn step(&self) -> Decimal {
        self.quantity_step.unwrap_or(Decimal::ONE)
    }

    /// What promotions see of one unit of it at its list price.
    pub fn target_line(&self) -> TargetLine<'_> {
        TargetLine {
            sku: &self.sku,
            category: self.category.as_deref(),
            tags: &self.tags,
            unit_price: self.unit_price,
            quantity: Decimal::ONE,
            is_reduced: self.original_unit_price.is_some_and(|usual| usual > self.unit_price),
        }
    }
}

/// Left out of documents, so that a new field changes neither them nor their digest.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl LocalText {
    /// A text that is the same in both languages.
    pub fn new(text: impl Into<String>) -> Self {
        Self { en: text.into(), zh: None }
    }

    /// The text in a language; the English one where there is no other.
    pub fn text(&self, language: Language) -> &str {
        match (language, &self.zh) {
            (Language::Chinese, Some(chinese)) if !chinese.is_empty() => chinese,
            _ => &self.en,
        }
    }
}
