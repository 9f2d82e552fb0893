//! Validation: everything that is wrong with a draft, at once and in a fixed order.
//!
//! The order of the answer is the order of the form: lines and whether they are there, customer, address, delivery, payment,
//! coupons, then what only pricing can find.

use crate::{
    context::Context,
    decimal::{Decimal, Entry},
    draft::{Adjustment, Details, Draft},
    inventory::{Wanted, shortfalls},
    issue::{Code, Issue},
    limits::{MAX_ADJUSTMENTS, MAX_AMOUNT_MINOR, MAX_COUPON_CODES, MAX_NOTE_BYTES},
    pricing::{self, CouponObstacle, quote},
    ruleset::Rules,
};

mod address;
mod contact;
mod country;
mod line;
mod text;

pub(crate) use line::{quantity_issue, step_issue};

/// All issues of a draft; empty if it can be placed.
///
/// # Example
///
/// ```
/// use orderkit::{Code, Context, Draft, Rules, validate};
///
/// let rules = Rules::from_json(br#"{
///     "version": "1", "name": {"en": "Tea shop"}, "currency": "EUR", "homeCountry": "DE",
///     "priceBasis": "taxInclusive"
/// }"#).unwrap();
/// let context = Context::at(0);
///
/// let issues = validate(&Draft::default(), &rules, &context);
/// assert_eq!(issues[0].code, Code::LinesEmpty);
/// assert_eq!((issues[1].code, issues[1].path.as_str()), (Code::Required, "/details/customer/name"));
/// ```
pub fn validate(draft: &Draft, rules: &Rules, context: &Context) -> Vec<Issue> {
    let mut issues = Vec::new();
    currency(draft, rules, &mut issues);
    line::all(draft, rules, &mut issues);
    stock(draft, rules, context, &mut issues);
    contact::customer(draft.details.customer.as_ref(), &mut issues);
    address::all(&draft.details, rules, &mut issues);
    choices(&draft.details, rules, &mut issues);
    coupons(&draft.details, rules, context, &mut issues);
    text::optional(&draft.details.note, MAX_NOTE_BYTES, "/details/note", &mut issues);
    adjustments(draft, context, &mut issues);
    payable(draft, rules, context, &mut issues);
    if issues.is_empty()
        && let Err(refusal) = quote(draft, rules, context)
    {
        issues = refusal.issues;
    }
    issues
}

fn currency(draft: &Draft, rules: &Rules, issues: &mut Vec<Issue>) {
    let expected = rules.ruleset().currency;
    if let Some(found) = draft.currency
        && found != expected
    {
        let issue = Issue::new(Code::CurrencyMismatch, "/currency");
        issues.push(issue.with("expected", expected).with("found", found));
    }
}

fn choices(details: &Details, rules: &Rules, issues: &mut Vec<Issue>) {
    const SHIPPING: &str = "/details/shippingMethod";
    const PAYMENT: &str = "/details/paymentMethod";
    let ruleset = rules.ruleset();
    match details.shipping_method.as_deref() {
        None | Some("") if !ruleset.shipping_methods.is_empty() => {
            issues.push(Issue::new(Code::Required, SHIPPING));
        }
        None => {}
        Some(id) => {
            // An unknown country is an issue of its own; do not report it twice.
            let known = details.country().filter(|code| country::is_country(code));
            let country = known.unwrap_or(&ruleset.home_country);
            issues.extend(pricing::check_shipping(id, rules, details, country).err());
        }
    }
    match details.payment_method.as_deref() {
        None | Some("") if !ruleset.payment_methods.is_empty() => {
            issues.push(Issue::new(Code::Required, PAYMENT));
        }
        Some(id) if rules.payment_method(id).is_none() => {
            issues.push(Issue::new(Code::PaymentMethodUnknown, PAYMENT).with("method", id));
        }
        _ => {}
    }
}

fn coupons(details: &Details, rules: &Rules, context: &Context, issues: &mut Vec<Issue>) {
    if details.coupon_codes.len() > MAX_COUPON_CODES {
        let issue = Issue::new(Code::CouponsTooMany, "/details/couponCodes");
        issues.push(issue.with("maximum", MAX_COUPON_CODES));
        return;
    }
    for (index, code) in details.coupon_codes.iter().enumerate() {
        let problem = match pricing::coupon_obstacle(code, rules, context) {
            Some(CouponObstacle::NotActive) => Code::CouponNotActive,
            Some(CouponObstacle::UsedUp) => Code::CouponUsedUp,
            Some(_) => Code::CouponUnknown,
            None => continue,
        };
        let path = format!("/details/couponCodes/{index}");
        issues.push(Issue::new(problem, path).with("coupon", code.as_str()));
    }
}

fn adjustments(draft: &Draft, context: &Context, issues: &mut Vec<Issue>) {
    let lines = draft.lines.iter().enumerate();
    let on_lines =
        lines.map(|(index, line)| (format!("/lines/{index}/adjustments"), &line.adjustments));
    let everywhere =
        on_lines.chain(core::iter::once(("/adjustments".to_owned(), &draft.adjustments)));
    for (path, list) in everywhere {
        if list.is_empty() {
            continue;
        }
        if !context.may_adjust {
            issues.push(Issue::new(Code::AdjustmentNotAllowed, path));
        } else if list.len() > MAX_ADJUSTMENTS {
            issues
                .push(Issue::new(Code::AdjustmentsTooMany, path).with("maximum", MAX_ADJUSTMENTS));
        } else {
            let negative = list.iter().position(is_negative);
            issues.extend(negative.map(|at| {
                Issue::new(Code::AdjustmentInvalid, format!("{path}/{at}"))
                    .with("reason", "use kind to say the direction, not a negative figure")
            }));
        }
    }
}

/// Goods of which there are too few, at the quantity of each line.
pub(crate) fn stock(draft: &Draft, rules: &Rules, context: &Context, issues: &mut Vec<Issue>) {
    if context.stock.is_empty() {
        return;
    }
    let inventory = &rules.ruleset().inventory;
    let mut places = Vec::new();
    let mut wanted = Vec::new();
    for (index, line) in draft.lines.iter().enumerate() {
        if let Entry::Value(quantity) = line.quantity
            && quantity > Decimal::ZERO
        {
            places.push(index);
            wanted.push(Wanted { sku: &line.sku, quantity });
        }
    }
    for short in shortfalls(&wanted, inventory, context) {
        if let Some(at) = places.get(short.index).filter(|_| !short.missing.is_zero()) {
            issues.push(short.issue(format!("/lines/{at}/quantity"), context, inventory));
        }
    }
}

/// What is payable is changed by staff only, and within reason: it decides whether goods go unpaid.
fn payable(draft: &Draft, rules: &Rules, context: &Context, issues: &mut Vec<Issue>) {
    let unit = rules.ruleset().currency.minor_per_major();
    let fields = [
        (
            "/prepaidMinor",
            draft.prepaid_minor,
            0..=MAX_AMOUNT_MINOR,
            "a prepaid amount cannot be negative",
        ),
        (
            "/payableRoundingMinor",
            draft.payable_rounding_minor,
            1_i64.saturating_sub(unit)..=unit.saturating_sub(1),
            "rounding stays below one unit of the currency",
        ),
    ];
    for (path, amount, range, reason) in fields {
        match amount {
            Some(_) if !context.may_adjust => {
                issues.push(Issue::new(Code::AdjustmentNotAllowed, path));
            }
            Some(amount) if !range.contains(&amount.minor()) => {
                issues.push(Issue::new(Code::AdjustmentInvalid, path).with("reason", reason));
            }
            _ => {}
        }
    }
}

fn is_negative(adjustment: &Adjustment) -> bool {
    adjustment.amount_minor.is_some_and(|amount| amount.is_negative())
        || adjustment.percent.is_some_and(|percent| percent.is_negative())
}
