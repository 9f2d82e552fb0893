//! Surcharges: cash on delivery, remote areas, fragile or oversize goods.

use super::{Goods, Shipment, goods, place::Destination};
use crate::{
    money::{Amount, AmountError},
    pricing::{
        line::{percent_of, product},
        trace::{Trace, TraceStep},
    },
    ruleset::{ShippingMethod, ShippingSurcharge},
};

/// The sum of the surcharges that apply.
pub(super) fn all(
    method: &ShippingMethod,
    shipment: &Shipment<'_>,
    destination: &Destination<'_>,
    free: bool,
    trace: &mut Trace,
) -> Result<Amount, AmountError> {
    let mut sum = Amount::ZERO;
    for surcharge in &method.surcharges {
        if free && surcharge.waived_if_free || !applies(surcharge, shipment, destination) {
            continue;
        }
        let amount = amount(surcharge, method, shipment)?;
        if !amount.is_zero() {
            sum = sum.plus(amount)?;
            trace.push(TraceStep::ShippingSurcharge {
                method: method.id.clone(),
                surcharge: surcharge.id.clone(),
                name: surcharge.name.clone(),
                amount_minor: amount,
            });
        }
    }
    Ok(sum)
}

/// Whether the order is meant; which goods are is a question of the amount.
fn applies(
    surcharge: &ShippingSurcharge,
    shipment: &Shipment<'_>,
    destination: &Destination<'_>,
) -> bool {
    let payment = shipment.draft.details.payment_method.as_deref();
    let paid = |id: &String| payment == Some(id.as_str());
    (surcharge.payment_methods.is_empty() || surcharge.payment_methods.iter().any(paid))
        && (surcharge.zones.is_empty() || destination.is_in(&surcharge.zones))
}

fn amount(
    surcharge: &ShippingSurcharge,
    method: &ShippingMethod,
    shipment: &Shipment<'_>,
) -> Result<Amount, AmountError> {
    let tags = &surcharge.tags;
    let meant = |it: &&Goods<'_>| tags.is_empty() || it.tags.iter().any(|tag| tags.contains(tag));
    let goods: Vec<&Goods<'_>> = shipment.goods.iter().filter(meant).collect();
    if goods.is_empty() {
        return Ok(Amount::ZERO);
    }
    let rounding = shipment.rules.ruleset().rounding.mode;
    let mut amount = surcharge.price_minor.unwrap_or_default();
    if surcharge.per_unit {
        let quantity = goods::quantity(goods.iter().copied())?;
        let numerator = product(&[amount.minor().into(), quantity.mantissa()])?;
        amount = Amount::from_fraction(numerator, quantity.denominator(), rounding)?;
    }
    if let Some(percent) = surcharge.percent {
        let value = goods::value(goods.iter().copied(), method.value_basis)?;
        amount = amount.plus(percent_of(value, percent, rounding)?)?;
    }
    Ok(amount)
}
