//! Every method with its price or its refusal, for a page that lets the customer choose.

use serde::Serialize;

use crate::{
    context::Context,
    draft::Draft,
    issue::{Issue, Refusal},
    json::ToJson,
    money::Amount,
    pricing::{quote, quote::ShippingEstimate},
    ruleset::{LocalText, Rules},
};

/// A shipping method as it would be for a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ShippingOption {
    /// The id of the method.
    pub method: String,
    /// The name that customers see.
    pub name: LocalText,
    /// The charge in the shop's price basis; missing if the method cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// Why the charge is not certain yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<ShippingEstimate>,
    /// Why the method cannot be used.
    pub issues: Vec<Issue>,
}

/// Every shipping method of the shop, in the order of the rules, as it would be for a draft.
///
/// Each price is the one that [`quote`] gives for the draft with this method, after promotions.
///
/// # Errors
///
/// What stands against pricing the draft whatever its shipping method.
///
/// # Example
///
/// ```
/// use orderkit::{Context, Draft, Rules, pricing::shipping_options};
///
/// let rules = Rules::from_json(br#"{
///     "version": "1", "name": {"en": "Tea shop"}, "currency": "EUR", "homeCountry": "DE",
///     "priceBasis": "taxInclusive",
///     "products": [{"sku": "TEA", "name": {"en": "Tea"}, "unitPrice": "4.95", "taxClass": "food"}],
///     "shippingMethods": [
///         {"id": "post", "name": {"en": "Post"}, "priceMinor": 390, "taxClass": "food"},
///         {"id": "van", "name": {"en": "Van"}, "priceMinor": 990, "taxClass": "food", "minimumOrderMinor": 2000}
///     ],
///     "taxClasses": [{"id": "food", "rules": [{"components": [{"percent": "7"}]}]}]
/// }"#).unwrap();
/// let draft: Draft =
///     serde_json::from_str(r#"{"lines": [{"sku": "TEA", "quantity": "3"}]}"#).unwrap();
///
/// let options = shipping_options(&draft, &rules, &Context::at(0)).unwrap();
/// assert_eq!(options[0].amount_minor.unwrap().minor(), 390);
/// assert_eq!(options[1].issues[0].code.as_str(), "shipping_below_minimum");
/// ```
pub fn shipping_options(
    draft: &Draft,
    rules: &Rules,
    context: &Context,
) -> Result<Vec<ShippingOption>, Refusal> {
    options_of(draft.clone(), rules, context)
}

/// [`shipping_options`] of a draft that nobody needs any more.
pub(crate) fn options_of(
    mut draft: Draft,
    rules: &Rules,
    context: &Context,
) -> Result<Vec<ShippingOption>, Refusal> {
    draft.details.shipping_method = None;
    quote(&draft, rules, context)?;
    let methods = &rules.ruleset().shipping_methods;
    let mut options = Vec::with_capacity(methods.len());
    for method in methods {
        draft.details.shipping_method = Some(method.id.clone());
        let (shipping, issues) = match quote(&draft, rules, context) {
            Ok(quote) => (quote.shipping, Vec::new()),
            Err(refusal) => (None, refusal.issues),
        };
        options.push(ShippingOption {
            method: method.id.clone(),
            name: method.name.clone(),
            amount_minor: shipping.as_ref().map(|it| it.amount_minor),
            estimate: shipping.and_then(|it| it.estimate),
            issues,
        });
    }
    Ok(options)
}
