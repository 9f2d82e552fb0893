//! The shipping charge: flat, with a threshold from which it is free.

use super::trace::{Trace, TraceStep};
use crate::{
    draft::Draft,
    issue::{Code, Issue},
    money::{Amount, AmountError},
    ruleset::{Rules, ShippingMethod, ThresholdBasis},
};

/// The chosen method, if there is one that exists and serves the country.
pub(super) fn choose<'a>(
    draft: &Draft,
    rules: &'a Rules,
    country: &str,
    issues: &mut Vec<Issue>,
) -> Option<&'a ShippingMethod> {
    let id = draft.details.shipping_method.as_deref()?;
    match check(id, rules, country) {
        Ok(method) => Some(method),
        Err(issue) => {
            issues.push(issue);
            None
        }
    }
}

/// The method of an id, or why it cannot be used for a country and which ones can.
pub(crate) fn check<'a>(
    id: &str,
    rules: &'a Rules,
    country: &str,
) -> Result<&'a ShippingMethod, Issue> {
    const PATH: &str = "/details/shippingMethod";
    let Some(method) = rules.shipping_method(id) else {
        return Err(Issue::new(Code::ShippingMethodUnknown, PATH).with("method", id));
    };
    if serves(method, country) {
        return Ok(method);
    }
    let all = rules.ruleset().shipping_methods.iter();
    let possible: Vec<&str> =
        all.filter(|other| serves(other, country)).map(|other| other.id.as_str()).collect();
    Err(Issue::new(Code::ShippingNotServed, PATH)
        .with("method", id)
        .with("country", country)
        .with("possible", if possible.is_empty() { "-".to_owned() } else { possible.join(", ") }))
}

fn serves(method: &ShippingMethod, country: &str) -> bool {
    method.countries.is_empty() || method.countries.iter().any(|served| served == country)
}

/// The charge in the shop's price basis.
pub(super) fn charge(
    method: &ShippingMethod,
    before_discounts: Amount,
    after_discounts: Amount,
    trace: &mut Trace,
) -> Result<Amount, AmountError> {
    if let Some(threshold) = method.free_over_minor {
        let value = match method.free_over_basis {
            ThresholdBasis::AfterDiscounts => after_discounts,
            ThresholdBasis::BeforeDiscounts => before_discounts,
        };
        if value >= threshold {
            trace.push(TraceStep::ShippingFree {
                method: method.id.clone(),
                free_over_minor: threshold,
                saved_minor: method.price_minor,
            });
            return Ok(Amount::ZERO);
        }
        trace.push(TraceStep::ShippingNotFree {
            method: method.id.clone(),
            missing_minor: threshold.minus(value)?,
        });
    }
    trace.push(TraceStep::Shipping { method: method.id.clone(), amount_minor: method.price_minor });
    Ok(method.price_minor)
}
