//! What an amendment came to, with every amount, so that replay needs no rules.

use serde::{Deserialize, Serialize};

use super::Amendment;
use crate::{
    credit::Credit,
    draft::DraftLine,
    json::{FromJson, ToJson},
    money::Amount,
    pricing::{AppliedAdjustment, Quote},
    ruleset::PaymentTerms,
};

/// An amendment that took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Amended {
    /// The edit, with the policy that was used; the ids of its new lines are filled in.
    pub amendment: Amendment,
    /// What it came to.
    pub effect: AmendmentEffect,
}

/// What an amendment comes to. Of an order that is priced anew only `quote` is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendmentEffect {
    /// What known lines and shipping cost less; below zero where they cost more. A part without a
    /// quantity is another price of the same units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// Discounts that are new; their shares on the lines stand in the credit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<AppliedAdjustment>,
    /// What was added: lines and charges, priced by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addition: Option<Box<Quote>>,
    /// The whole order, priced anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Box<Quote>>,
    /// The draft lines of the addition; of an order that is priced anew, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<DraftLine>,
    /// When the money has to be there, if the payment method is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_terms: Option<PaymentTerms>,
    /// What the buyer shall finally bear.
    #[serde(default)]
    pub total_minor: Amount,
}
