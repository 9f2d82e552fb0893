//! Goods that are sold but come later.

use super::QuoteLine;
use crate::{
    context::Context,
    inventory::{LaterGoods, Wanted, shortfalls},
    ruleset::Rules,
};

/// What of priced lines comes later.
pub(super) fn later(lines: &[QuoteLine], rules: &Rules, context: &Context) -> Vec<LaterGoods> {
    let wanted: Vec<Wanted<'_>> =
        lines.iter().map(|line| Wanted { sku: &line.sku, quantity: line.quantity }).collect();
    let short = shortfalls(&wanted, &rules.ruleset().inventory, context).into_iter();
    let later = short.filter(|it| !it.later.is_zero()).filter_map(|it| {
        let line = lines.get(it.index)?.id.clone();
        Some(LaterGoods { line, quantity: it.later, lead_days: it.lead_days })
    });
    later.collect()
}
