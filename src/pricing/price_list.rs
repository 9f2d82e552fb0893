//! Prices of lists: the lowest that the buyer may have.

use super::{
    line::{PricedLine, whole_units},
    promotion::Setting,
    trace::TraceStep,
};
use crate::{
    decimal::Decimal,
    draft::DraftLine,
    ruleset::{PriceList, PriceSource},
};

/// A price of a list that takes the place of the usual one.
#[derive(Clone, Copy)]
pub(super) struct Listed<'a> {
    pub list: &'a PriceList,
    pub unit_price: Decimal,
}

/// The lowest list price of a line, if it is lower than the usual one.
pub(super) fn find<'a>(
    line: &DraftLine,
    quantity: Decimal,
    usual: Decimal,
    setting: &Setting<'a>,
    before: &[PricedLine<'_>],
    notes: &mut Vec<TraceStep>,
) -> Option<Listed<'a>> {
    let ruleset = setting.rules.ruleset();
    if ruleset.price_source == PriceSource::Draft && line.unit_price.is_some() {
        return None;
    }
    let groups = &setting.context.customer.groups;
    let mut best: Option<Listed<'a>> = None;
    for list in &ruleset.price_lists {
        if !list.is_for(setting.context.now_ms, groups) {
            continue;
        }
        let prices = list.prices.iter().filter(|price| {
            price.sku == line.sku && price.minimum_quantity.is_none_or(|least| quantity >= least)
        });
        let Some(unit_price) = prices.map(|price| price.unit_price).min() else { continue };
        if unit_price >= best.map_or(usual, |listed| listed.unit_price) {
            continue;
        }
        match left_of(list, setting, before) {
            Some(left) if quantity > Decimal::from_integer(left.into()) => {
                notes.push(TraceStep::ListQuotaExceeded {
                    line: before.len(),
                    list: list.id.clone(),
                    left,
                });
            }
            _ => best = Some(Listed { list, unit_price }),
        }
    }
    if let Some(listed) = best {
        notes.push(TraceStep::ListPrice {
            line: before.len(),
            list: listed.list.id.clone(),
            usual_unit_price: usual,
            unit_price: listed.unit_price,
        });
    }
    best
}

/// Units that this customer can still buy at the prices of a list after the lines before; `None` if nothing limits them.
fn left_of(list: &PriceList, setting: &Setting<'_>, before: &[PricedLine<'_>]) -> Option<u32> {
    let used = setting.context.uses_of(&list.id);
    let of_all = list.quota.map(|quota| quota.saturating_sub(used.map_or(0, |it| it.count)));
    let own = list.quota_per_customer;
    let of_customer = own.map(|quota| quota.saturating_sub(used.map_or(0, |it| it.customer_count)));
    let left = match (of_all, of_customer) {
        (Some(all), Some(own)) => all.min(own),
        (all, own) => all.or(own)?,
    };
    let at_list = before.iter().filter(|line| line.price_list == Some(&list.id));
    let taken = at_list.fold(0_u32, |sum, line| sum.saturating_add(quota_units(line.quantity)));
    Some(left.saturating_sub(taken))
}

/// A broken unit takes a whole one of a quota.
fn quota_units(quantity: Decimal) -> u32 {
    whole_units(quantity).saturating_add(u32::from(!quantity.is_integer()))
}
