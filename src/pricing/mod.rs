//! Pricing: a draft and the shop's rules give totals, and the reason for every amount.
//!
//! The steps run in one order: line prices (of the buyer's price list), the line's own adjustments, promotions on lines, on the
//! order and by coupon, points, gifts, document adjustments, shipping, promotions on shipping, tax, payable, tenders. Fractions
//! are exact until the ruleset says where to round.

mod cart;
mod coupon;
mod later;
mod line;
mod manual;
mod price_list;
mod promotion;
mod quote;
mod run;
mod shipping;
mod tax;
mod tender;
mod trace;
mod working;
mod written;

pub(crate) use coupon::coupon_obstacle;
pub(crate) use line::{percent_of, product};
pub use quote::{
    AppliedAdjustment, LineTax, Quote, QuoteLine, QuoteShipping, ShippingDiscount,
    ShippingEstimate, TaxTotal, Tender, Totals,
};
pub use shipping::{ShippingOption, shipping_options};
pub(crate) use shipping::{check as check_shipping, options_of as shipping_options_of};
pub use trace::{
    CapKind, ConditionKind, CouponObstacle, LimitKind, RoundedLine, ShippingPart, ShippingPartKind,
    SuppressionKind, TaxNumberOutcome, TenderKind, TraceStep,
};

use crate::{
    context::Context,
    draft::Draft,
    issue::{Code, Issue, Refusal},
    limits::MAX_LINES,
    money::Amount,
    ruleset::Rules,
};
use promotion::Setting;
use run::Priced;
use tax::TaxSelection;
use trace::Trace;
use working::Working;

/// The rule that an adjustment by staff is traced to.
const MANUAL: &str = "manual";
/// The rule that spent points are traced to.
const POINTS: &str = "points";

/// Prices a draft by the rules and what is known besides: the time, the customer, stock, balances.
///
/// The same draft, rules and context always give the same bytes, in the browser and on the server.
///
/// # Errors
///
/// All reasons why there is no price: another currency than the shop's, an unknown payment method, unknown SKUs, missing or
/// malformed numbers, a shipping method that does not serve the country, a missing tax rate, an amount beyond 2^53 − 1.
///
/// What does not change the price, such as lines with the same id or a missing address, is left to [`crate::validate`].
///
/// # Example
///
/// ```
/// use orderkit::{Context, Draft, Rules, quote};
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
/// let totals = quote(&draft, &rules, &Context::at(0)).unwrap().totals;
/// assert_eq!((totals.gross_minor.minor(), totals.tax_minor.minor()), (1_485, 97));
/// ```
pub fn quote(draft: &Draft, rules: &Rules, context: &Context) -> Result<Quote, Refusal> {
    let mut trace = Trace::kept(draft.lines.len().saturating_add(8));
    let taxes = TaxSelection::new(draft, rules, context, &mut trace);
    let priced = priced(draft, rules, context, &taxes, Vec::new(), &mut trace)?;
    let quote = written::quote(priced, rules, Working::of(rules), trace)?;
    let later = later::later(&quote.lines, rules, context);
    Ok(Quote { later, ..quote })
}

/// As [`quote`], as if there were no promotions: what is added to an order must not get its discounts a second time.
pub(crate) fn quote_without_promotions(
    draft: &Draft,
    rules: &Rules,
    context: &Context,
) -> Result<Quote, Refusal> {
    let mut trace = Trace::silent();
    let taxes = TaxSelection::new(draft, rules, context, &mut trace);
    let allowed = vec![false; rules.ruleset().promotions.len()];
    let priced = priced(draft, rules, context, &taxes, allowed, &mut trace)?;
    Ok(written::quote(priced, rules, Working::of(rules), trace)?)
}

/// The totals of [`quote`] alone, for a cart that is priced again at every key.
///
/// # Errors
///
/// As [`quote`].
pub fn totals(draft: &Draft, rules: &Rules, context: &Context) -> Result<Totals, Refusal> {
    let mut trace = Trace::silent();
    let taxes = TaxSelection::new(draft, rules, context, &mut trace);
    priced(draft, rules, context, &taxes, Vec::new(), &mut trace).map(|priced| priced.totals)
}

/// What the draft asks for that the shop does not have, whatever it costs.
fn refused(draft: &Draft, rules: &Rules) -> Option<Issue> {
    let currency = rules.ruleset().currency;
    if let Some(found) = draft.currency.filter(|found| *found != currency) {
        let issue = Issue::new(Code::CurrencyMismatch, "/currency");
        return Some(issue.with("expected", currency).with("found", found));
    }
    let method = draft.details.payment_method.as_deref().filter(|id| !id.is_empty());
    let unknown = method.filter(|id| rules.payment_method(id).is_none())?;
    let issue = Issue::new(Code::PaymentMethodUnknown, "/details/paymentMethod");
    Some(issue.with("method", unknown))
}

fn priced<'a>(
    draft: &'a Draft,
    rules: &'a Rules,
    context: &'a Context,
    taxes: &'a TaxSelection<'a>,
    allowed: Vec<bool>,
    trace: &mut Trace,
) -> Result<Priced<'a>, Refusal> {
    if draft.lines.len() > MAX_LINES {
        let issue = Issue::new(Code::LinesTooMany, "/lines");
        return Err(issue.with("maximum", MAX_LINES).with("count", draft.lines.len()).into());
    }
    if let Some(refused) = refused(draft, rules) {
        return Err(refused.into());
    }
    let (country, working) = (taxes.country(), Working::of(rules));
    let charge = Amount::ZERO;
    let setting = Setting { draft, rules, context, country, taxes, working, charge, allowed };
    let priced = run::price(setting, trace)?;
    coupon::tell(draft, rules, context, &priced, trace);
    Ok(priced)
}
