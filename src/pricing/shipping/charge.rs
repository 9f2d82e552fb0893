//! The charge of one method: limits, the freight, what makes it free, surcharges.

use super::{
    Goods, Shipment,
    free::{self, Threshold},
    goods, issue,
    place::{self, Destination},
    surcharge, table, with_possible,
};
use crate::{
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    money::Amount,
    pricing::{
        quote::ShippingEstimate,
        trace::{Trace, TraceStep},
    },
    ruleset::{ShippingKind, ShippingMethod},
};

/// What a method costs, in minor units of the shop's price basis; never negative.
pub(in crate::pricing) struct Charge {
    /// All of it.
    pub amount: Amount,
    /// Why the price is not certain yet.
    pub estimate: Option<ShippingEstimate>,
}

/// The charge of the chosen method.
///
/// # Errors
///
/// Why it cannot deliver these goods to this address, with the methods that can.
pub(in crate::pricing) fn charge(
    method: &ShippingMethod,
    shipment: &Shipment<'_>,
    trace: &mut Trace,
) -> Result<Charge, Refusal> {
    attempt(method, shipment, trace).map_err(|refusal| {
        let works = |other: &ShippingMethod| attempt(other, shipment, &mut Trace::silent()).is_ok();
        let mut issues = refusal.issues.into_iter();
        match issues.next() {
            Some(issue) if issue.code != Code::AmountTooLarge => {
                with_possible(issue, shipment.rules, works).into()
            }
            issue => Refusal { issues: issue.into_iter().chain(issues).collect() },
        }
    })
}

fn attempt(
    method: &ShippingMethod,
    shipment: &Shipment<'_>,
    trace: &mut Trace,
) -> Result<Charge, Refusal> {
    let ruleset = shipment.rules.ruleset();
    let destination = Destination::new(&shipment.draft.details, ruleset, shipment.country);
    place::serves(method, &destination)?;
    limits(method, shipment)?;

    let (mut freight, row_free, estimate) = freight(method, shipment, &destination, trace)?;
    let threshold = Threshold {
        method,
        template: None,
        over_minor: method.free_over_minor,
        over_quantity: method.free_over_quantity,
    };
    let goods: Vec<&Goods<'_>> = shipment.goods.iter().collect();
    let method_free = free::is_free(threshold, &goods, freight, trace)?;
    if method_free {
        freight = Amount::ZERO;
    }
    let free = method_free || row_free && freight.is_zero();
    let surcharges = surcharge::all(method, shipment, &destination, free, trace)?;
    let amount = freight.plus(surcharges)?;
    if !free || !amount.is_zero() {
        trace.push(TraceStep::Shipping { method: method.id.clone(), amount_minor: amount });
    }
    let unknown = method.kind == ShippingKind::Delivery && destination.is_incomplete();
    let estimate = estimate.or(unknown.then_some(ShippingEstimate::Address));
    if let Some(reason) = estimate {
        trace.push(TraceStep::ShippingEstimate { method: method.id.clone(), reason });
    }
    Ok(Charge { amount, estimate })
}

/// What the method takes at all.
fn limits(method: &ShippingMethod, shipment: &Shipment<'_>) -> Result<(), Refusal> {
    let currency = shipment.rules.ruleset().currency;
    let value = goods::value(shipment.goods, method.value_basis)?;
    if let Some(minimum) = method.minimum_order_minor.filter(|minimum| value < *minimum) {
        let refused: Issue = issue(Code::ShippingBelowMinimum, method)
            .with("minimumMinor", minimum)
            .with("missingMinor", minimum.minus(value)?)
            .with("currency", currency);
        return Err(refused.into());
    }
    if let Some(maximum) = method.maximum_value_minor.filter(|maximum| value > *maximum) {
        let refused: Issue = issue(Code::ShippingTooValuable, method)
            .with("maximumMinor", maximum)
            .with("valueMinor", value)
            .with("currency", currency);
        return Err(refused.into());
    }
    if let Some(maximum) = method.maximum_weight_grams {
        let weight = table::weight(method, shipment.goods, shipment)?;
        if weight > Decimal::from_integer(maximum.into()) {
            let refused = issue(Code::ShippingTooHeavy, method).with("weightGrams", weight);
            return Err(refused.with("maximumGrams", i64::from(maximum)).into());
        }
    }
    Ok(())
}

/// The carrier's price, or the method's own; whether a row was free; whether it is an estimate.
fn freight(
    method: &ShippingMethod,
    shipment: &Shipment<'_>,
    destination: &Destination<'_>,
    trace: &mut Trace,
) -> Result<(Amount, bool, Option<ShippingEstimate>), Refusal> {
    if method.carrier {
        let context = shipment.context;
        let mut quotes = context.carrier_quotes.iter();
        let good = quotes.find(|quote| {
            quote.method == method.id
                && context.now_ms < quote.expires_ms
                && !quote.price_minor.is_negative()
        });
        if let Some(quote) = good {
            trace.push(TraceStep::ShippingCarrier {
                method: method.id.clone(),
                expires_ms: quote.expires_ms,
                amount_minor: quote.price_minor,
            });
            return Ok((quote.price_minor, false, None));
        }
        if method.price_minor.is_none() && method.tables.is_empty() {
            return Err(issue(Code::ShippingQuoteMissing, method).into());
        }
    }
    let estimate = method.carrier.then_some(ShippingEstimate::CarrierQuote);
    // Alone, the price is the charge, and needs no step of its own.
    if let Some(amount_minor) = method.price_minor
        && !(method.tables.is_empty() && method.surcharges.is_empty())
    {
        trace.push(TraceStep::ShippingPrice { method: method.id.clone(), amount_minor });
    }
    let price = method.price_minor.unwrap_or_default();
    if method.tables.is_empty() {
        return Ok((price, false, estimate));
    }
    let tables = table::freight(method, shipment, destination, trace)?;
    Ok((price.plus(tables.amount)?, tables.any_free, estimate))
}
