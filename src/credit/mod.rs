//! Credits: what the buyer no longer has to pay, or gets back, with the part of every line.
//!
//! A credit is worked out from what the order stored when it was priced, never from today's rules
//! (woocommerce/woocommerce#41919 and #64668, solidusio/solidus#512).

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::Amount,
};

mod worth;

pub use worth::{LineAmounts, proportion, share_of, worth};

/// What the buyer no longer has to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credit {
    /// An id that is unique in the order.
    pub id: String,
    /// What it is for.
    pub cause: CreditCause,
    /// The part of each line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<CreditLine>,
    /// The part of the shipping charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<CreditShare>,
    /// What the shop keeps: a restocking fee, a return label, a claw-back of a discount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<CreditFee>,
    /// What is given beside goods and shipping: charges of the whole document, roundings, goodwill.
    #[serde(default, skip_serializing_if = "CreditShare::is_nothing")]
    pub other: CreditShare,
    /// All of it without tax.
    pub net_minor: Amount,
    /// The tax in it.
    pub tax_minor: Amount,
    /// All of it: lines + shipping + other − fees.
    pub total_minor: Amount,
}

/// What a credit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CreditCause {
    /// Units that will not be delivered.
    Cancellation,
    /// Units that came back, or whose money goes back without them.
    Return,
    /// An edit of the order.
    Amendment,
    /// Nothing was owed; the shop wants to make good.
    Goodwill,
}

/// The part of one line in a credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreditLine {
    /// The id of the order line.
    pub line: String,
    /// How many units.
    pub quantity: Decimal,
    /// What they are worth.
    pub amounts: LineAmounts,
}

/// An amount with its tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreditShare {
    /// Without tax.
    pub net_minor: Amount,
    /// The tax.
    pub tax_minor: Amount,
    /// With tax.
    pub gross_minor: Amount,
}

/// What the shop keeps of a credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreditFee {
    /// For what.
    pub kind: CreditFeeKind,
    /// How much; below zero where an earlier one is given back.
    pub amount: CreditShare,
}

/// For what the shop keeps a part of a credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CreditFeeKind {
    /// The work of taking goods back.
    Restocking,
    /// The label of the parcel that came back.
    ReturnLabel,
    /// A discount whose threshold is no longer reached.
    ClawBack,
    /// A shipping charge that was waived for goods that came back.
    Shipping,
    /// Goods that are sent in exchange.
    Replacement,
    /// What was given or let go before, so that no more than was paid goes back.
    GivenBefore,
}

impl CreditShare {
    /// Whether nothing is in it.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// The sum of both.
    ///
    /// # Errors
    ///
    /// [`AmountError`](crate::money::AmountError) if it is out of range.
    pub fn plus(self, other: Self) -> Result<Self, crate::money::AmountError> {
        Ok(Self {
            net_minor: self.net_minor.plus(other.net_minor)?,
            tax_minor: self.tax_minor.plus(other.tax_minor)?,
            gross_minor: self.gross_minor.plus(other.gross_minor)?,
        })
    }

    /// What is left of it.
    ///
    /// # Errors
    ///
    /// [`AmountError`](crate::money::AmountError) if it is out of range.
    pub fn minus(self, other: Self) -> Result<Self, crate::money::AmountError> {
        self.plus(other.negate())
    }

    /// The same in the other direction.
    pub fn negate(self) -> Self {
        Self {
            net_minor: self.net_minor.negate(),
            tax_minor: self.tax_minor.negate(),
            gross_minor: self.gross_minor.negate(),
        }
    }
}

impl Credit {
    /// A credit of these parts, with its sums.
    ///
    /// # Errors
    ///
    /// [`AmountError`](crate::money::AmountError) if a sum is out of range.
    pub fn new(
        id: String,
        cause: CreditCause,
        lines: Vec<CreditLine>,
        shipping: Option<CreditShare>,
        fees: Vec<CreditFee>,
        other: CreditShare,
    ) -> Result<Self, crate::money::AmountError> {
        let mut sum = other.plus(shipping.unwrap_or_default())?;
        for line in &lines {
            sum = sum.plus(line.amounts.share())?;
        }
        for fee in &fees {
            sum = sum.plus(fee.amount.negate())?;
        }
        Ok(Self {
            id,
            cause,
            lines,
            shipping,
            fees,
            other,
            net_minor: sum.net_minor,
            tax_minor: sum.tax_minor,
            total_minor: sum.gross_minor,
        })
    }
}
