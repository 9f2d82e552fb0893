//! Thresholds from which shipping is free.

use super::goods::{self, Goods};
use crate::{
    decimal::Decimal,
    money::{Amount, AmountError},
    pricing::trace::{Trace, TraceStep},
    ruleset::ShippingMethod,
};

/// A threshold of a method or of a row of a table.
#[derive(Clone, Copy)]
pub(super) struct Threshold<'a> {
    pub method: &'a ShippingMethod,
    pub template: Option<&'a str>,
    pub over_minor: Option<Amount>,
    pub over_quantity: Option<Decimal>,
}

/// Whether the goods reach every threshold that is set; `false` if none is.
///
/// The basis of the value is a setting of the shop, because both answers are asked for:
/// woocommerce/woocommerce#28752, #8020, #17274, #24754.
pub(super) fn is_free(
    threshold: Threshold<'_>,
    goods: &[&Goods<'_>],
    saved: Amount,
    trace: &mut Trace,
) -> Result<bool, AmountError> {
    let Threshold { method, over_minor, over_quantity, .. } = threshold;
    if over_minor.is_none() && over_quantity.is_none() {
        return Ok(false);
    }
    let missing_minor = match over_minor {
        Some(over) => {
            Some(over.minus(goods::value(goods.iter().copied(), method.free_over_basis)?)?)
        }
        None => None,
    };
    let missing_quantity = match over_quantity {
        Some(over) => {
            // A gift must not be what makes shipping free.
            let bought = goods.iter().copied().filter(|it| it.line.is_some());
            over.checked_sub(goods::quantity(bought)?)
        }
        None => None,
    };
    let missing_minor = missing_minor.filter(|missing| *missing > Amount::ZERO);
    let missing_quantity = missing_quantity.filter(|missing| *missing > Decimal::ZERO);
    let template = threshold.template.map(str::to_owned);
    let free = missing_minor.is_none() && missing_quantity.is_none();
    trace.push(if free {
        TraceStep::ShippingFree {
            method: method.id.clone(),
            template,
            free_over_minor: over_minor,
            free_over_quantity: over_quantity,
            saved_minor: saved,
        }
    } else {
        TraceStep::ShippingNotFree {
            method: method.id.clone(),
            template,
            missing_minor,
            missing_quantity,
        }
    });
    Ok(free)
}
