//! Goods that come back: returns, exchanges, claims, and money back without goods (仅退款).

use serde::{Deserialize, Serialize};

use crate::{
    credit::{Credit, LineAmounts},
    decimal::Decimal,
    json::{FromJson, ToJson},
    ledger::RefundPart,
    money::Amount,
    ruleset::LocalText,
};

mod status;

pub use status::ReturnStatus;

pub use crate::ruleset::ReturnReason;

/// Goods that come back, or shall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Return {
    /// An id that is unique in the order.
    pub id: String,
    /// What the customer wants.
    pub kind: ReturnKind,
    /// How far it has come.
    #[serde(default)]
    pub status: ReturnStatus,
    /// The goods, each order line once.
    pub lines: Vec<ReturnLine>,
    /// The goods that are wanted in exchange.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<Wanted>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was asked for.
    #[serde(default)]
    pub requested_ms: i64,
    /// When it last took a step.
    #[serde(default)]
    pub moved_ms: i64,
    /// Why it was declined or called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// What was claimed from the carrier that lost or damaged the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_claim: Option<String>,
    /// What goes back to which payment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<RefundPart>,
    /// What goes onto the customer's account in the shop in place of that.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub store_credit_minor: Amount,
}

/// What the customer wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ReturnKind {
    /// Money back, and the goods stay where they are (仅退款).
    RefundOnly,
    /// Money back for goods that are sent back (退货退款).
    #[default]
    Return,
    /// Other goods for those that are sent back (换货).
    Exchange,
    /// Something is wrong with the goods: within the warranty, with or without sending them back.
    Claim,
}

/// A quantity of an order line that comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnLine {
    /// The id of the order line.
    pub line: String,
    /// How many.
    pub quantity: Decimal,
    /// Why.
    pub reason: ReturnReason,
    /// Proof: addresses of pictures, a protocol.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// How many have come so far.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub received: Decimal,
    /// What was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inspections: Vec<Inspection>,
    /// What is done about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<LineOutcome>,
}

/// Goods that are wanted in exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wanted {
    /// The order line whose place they take.
    pub line: String,
    /// The stock keeping unit; the same as that line if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// How many.
    pub quantity: Decimal,
}

/// What was found when goods were looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inspection {
    /// The id of the order line.
    pub line: String,
    /// How many.
    pub quantity: Decimal,
    /// In which condition.
    #[serde(default)]
    pub condition: GoodsCondition,
    /// Where they go.
    pub goods: GoodsFate,
}

/// In which condition goods came back (after Solidus' reception states).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum GoodsCondition {
    /// As they should be.
    #[default]
    Good,
    /// Worn or opened.
    Used,
    /// Broken.
    Damaged,
    /// Other goods than those that were sent.
    WrongItem,
    /// Parts are missing.
    Short,
    /// The box was empty.
    EmptyBox,
}

/// Where goods go that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum GoodsFate {
    /// To the shelf.
    Restock,
    /// To the bin.
    WriteOff,
    /// To the customer again: repaired, or not accepted.
    SendBack,
}

/// What is done about some units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineOutcome {
    /// The id of the order line.
    pub line: String,
    /// How many.
    pub quantity: Decimal,
    /// What.
    pub outcome: Outcome,
}

/// What is done about goods that came back, or whose claim is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The money goes back.
    Refund,
    /// Other goods are sent.
    Exchange,
    /// The money goes onto the customer's account in the shop.
    StoreCredit,
    /// The same goods are sent again, repaired.
    Repair,
    /// The same goods are sent again: the shop does not accept the return.
    RejectAndSendBack,
}

/// Goods that are sent in exchange: a new line of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Replacement {
    /// The id of the new line.
    pub id: String,
    /// The line whose place it takes.
    pub line: String,
    /// The stock keeping unit.
    pub sku: String,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// The price of one unit.
    pub unit_price: Decimal,
    /// The price is for this many units; 1 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_quantity: Option<Decimal>,
    /// How many.
    pub quantity: Decimal,
    /// What they cost.
    pub amounts: LineAmounts,
}

/// What is done about a return, with every amount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settlement {
    /// What the buyer no longer has to pay, less what is sent in exchange: one difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// The goods that are sent in exchange.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replacements: Vec<Replacement>,
    /// What goes back to which payment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<RefundPart>,
    /// What goes onto the customer's account in the shop in place of that.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub store_credit_minor: Amount,
    /// What the buyer has to pay on top, for dearer goods in exchange.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub payable_minor: Amount,
}

fn is_zero(quantity: &Decimal) -> bool {
    quantity.is_zero()
}

impl GoodsCondition {
    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Used => "used",
            Self::Damaged => "damaged",
            Self::WrongItem => "wrongItem",
            Self::Short => "short",
            Self::EmptyBox => "emptyBox",
        }
    }
}

impl ReturnKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::RefundOnly, Self::Return, Self::Exchange, Self::Claim];

    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RefundOnly => "refundOnly",
            Self::Return => "return",
            Self::Exchange => "exchange",
            Self::Claim => "claim",
        }
    }

    /// Whether it can be settled without goods that come back.
    pub fn needs_no_goods(self) -> bool {
        matches!(self, Self::RefundOnly | Self::Claim)
    }
}

impl Outcome {
    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Exchange => "exchange",
            Self::StoreCredit => "storeCredit",
            Self::Repair => "repair",
            Self::RejectAndSendBack => "rejectAndSendBack",
        }
    }

    /// Whether the units are worth something to the buyer, in money or other goods.
    pub fn is_credited(self) -> bool {
        matches!(self, Self::Refund | Self::Exchange | Self::StoreCredit)
    }

    /// Whether the customer gets the same units again.
    pub fn sends_back(self) -> bool {
        matches!(self, Self::Repair | Self::RejectAndSendBack)
    }
}

impl ReturnLine {
    /// How many units were inspected, to go to this place or to any.
    pub fn inspected(&self, fate: Option<GoodsFate>) -> Option<Decimal> {
        let parts = self.inspections.iter();
        sum(parts.filter(|it| fate.is_none_or(|fate| fate == it.goods)).map(|it| it.quantity))
    }

    /// How many units have an outcome of this kind.
    pub fn settled(&self, is_meant: fn(Outcome) -> bool) -> Option<Decimal> {
        let parts = self.outcomes.iter().filter(|it| is_meant(it.outcome));
        sum(parts.map(|it| it.quantity))
    }
}

/// The sum of quantities, if it is in range.
pub(crate) fn sum(quantities: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    for quantity in quantities {
        sum = sum.checked_add(quantity)?;
    }
    Some(sum)
}

impl Return {
    /// How many units of one of its lines still count as wanted back: what did not come by the end was not.
    pub fn counted(&self, line: &ReturnLine) -> Option<Decimal> {
        match self.status {
            ReturnStatus::Declined | ReturnStatus::Canceled | ReturnStatus::Expired => {
                Some(Decimal::ZERO)
            }
            ReturnStatus::Resolved | ReturnStatus::Closed => {
                Some(line.received.max(line.settled(|_| true)?))
            }
            _ => Some(line.quantity),
        }
    }
}
