//! A cart that is priced again at every key, without passing it again.

use serde::{Deserialize, Serialize};

use crate::{
    context::Context,
    decimal::{Decimal, Entry},
    draft::{Details, Draft, DraftLine},
    issue::{Code, Issue, Refusal},
    json::{FromJson, ToJson},
    pricing::{self, Quote, Totals},
    ruleset::Rules,
};

/// A draft with what is known besides; rules are passed when it is priced.
///
/// # Example
///
/// ```
/// use orderkit::{Cart, Context, Draft, Rules};
///
/// let rules = Rules::from_json(br#"{
///     "version": "1", "name": {"en": "Tea shop"}, "currency": "EUR", "homeCountry": "DE",
///     "priceBasis": "taxInclusive",
///     "products": [{"sku": "TEA", "name": {"en": "Tea"}, "unitPrice": "4.95", "taxClass": "food"}],
///     "taxClasses": [{"id": "food", "rules": [{"components": [{"percent": "7"}]}]}]
/// }"#).unwrap();
/// let draft: Draft =
///     serde_json::from_str(r#"{"lines": [{"sku": "TEA", "quantity": "3"}]}"#).unwrap();
///
/// let mut cart = Cart::new(draft, Context::at(0));
/// cart.set_quantity(0, "4").unwrap();
/// assert_eq!(cart.totals(&rules).unwrap().gross_minor.minor(), 1_980);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cart {
    draft: Draft,
    context: Context,
}

/// A change of a cart: whatever of it is given, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CartChange {
    /// A line to add at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_line: Option<DraftLine>,
    /// The position (from 0) of a line to remove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_line: Option<u32>,
    /// A coupon code to add; one that is there already is not added twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_coupon: Option<String>,
    /// A coupon code to remove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_coupon: Option<String>,
    /// Other details in place of all there are, coupon codes included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
    /// Another context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
}

impl Cart {
    /// A cart of a draft.
    pub fn new(draft: Draft, context: Context) -> Self {
        Self { draft, context }
    }

    /// What is in it, to be validated or placed.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Changes the quantity of the line at a position (from 0). Text that is no number is kept, and refused when it is priced: that
    /// is what a form shows.
    ///
    /// # Errors
    ///
    /// `line_unknown` if there is no such line.
    pub fn set_quantity(&mut self, at: usize, quantity: &str) -> Result<(), Issue> {
        let line = self.draft.lines.get_mut(at).ok_or_else(|| unknown(at))?;
        line.quantity = match quantity.parse::<Decimal>() {
            Ok(value) => value.into(),
            Err(_) => Entry::Text(quantity.to_owned()),
        };
        Ok(())
    }

    /// Changes anything else.
    ///
    /// # Errors
    ///
    /// `line_unknown` if there is no such line, `required` for a line without goods or a coupon without a code; nothing is changed
    /// then.
    pub fn change(&mut self, change: CartChange) -> Result<(), Issue> {
        let CartChange { add_line, remove_line, apply_coupon, remove_coupon, details, context } =
            change;
        let is_blank = |line: &DraftLine| line.sku.is_empty() && line.name.is_none();
        if add_line.as_ref().is_some_and(is_blank) {
            return Err(Issue::new(Code::Required, "/addLine/sku"));
        }
        if apply_coupon.as_ref().is_some_and(|code| code.trim().is_empty()) {
            return Err(Issue::new(Code::Required, "/applyCoupon"));
        }
        if let Some(at) = remove_line {
            let at = usize::try_from(at).unwrap_or(usize::MAX);
            if at >= self.draft.lines.len() {
                return Err(unknown(at));
            }
            self.draft.lines.remove(at);
        }
        self.draft.lines.extend(add_line);
        if let Some(details) = details {
            self.draft.details = details;
        }
        let coupons = &mut self.draft.details.coupon_codes;
        if let Some(code) = apply_coupon
            && !coupons.iter().any(|known| known.eq_ignore_ascii_case(&code))
        {
            coupons.push(code);
        }
        if let Some(code) = remove_coupon {
            coupons.retain(|known| !known.eq_ignore_ascii_case(&code));
        }
        if let Some(context) = context {
            self.context = context;
        }
        Ok(())
    }

    /// The totals alone: what a page shows at every key.
    ///
    /// # Errors
    ///
    /// As [`pricing::quote`].
    pub fn totals(&self, rules: &Rules) -> Result<Totals, Refusal> {
        pricing::totals(&self.draft, rules, &self.context)
    }

    /// The whole quote with its trace.
    ///
    /// # Errors
    ///
    /// As [`pricing::quote`].
    pub fn quote(&self, rules: &Rules) -> Result<Quote, Refusal> {
        pricing::quote(&self.draft, rules, &self.context)
    }
}

fn unknown(at: usize) -> Issue {
    Issue::new(Code::LineUnknown, format!("/lines/{at}")).with("line", at.saturating_add(1))
}
