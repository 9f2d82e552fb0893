//! Which goods are not there, and which of those may come later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{left, times, times_to_reach, whole_times};
use crate::{
    context::{Context, StockLevel},
    decimal::Decimal,
    issue::{Code, Issue},
    json::{FromJson, ToJson},
    limits::MAX_QUANTITY,
    ruleset::InventoryRules,
};

/// Goods that somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The SKU.
    pub sku: &'a str,
    /// How many.
    pub quantity: Decimal,
}

/// Goods of which there are too few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// Its position among what is wanted.
    pub index: usize,
    /// The SKU.
    pub sku: String,
    /// How many are there, of those that earlier positions leave.
    pub available: Decimal,
    /// How many may come later.
    pub later: Decimal,
    /// How many are neither there nor may come later.
    pub missing: Decimal,
    /// The days until those are there that may come later.
    pub lead_days: Option<u32>,
}

/// Goods of a quote that come later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LaterGoods {
    /// The id of the line.
    pub line: String,
    /// How many of it.
    pub quantity: Decimal,
    /// In how many days they are there, where the shop says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_days: Option<u32>,
}

/// What is left of a SKU while lines take from it.
#[derive(Clone, Copy)]
struct Pool {
    there: Decimal,
    /// How many more may be owed.
    room: Decimal,
}

/// What is wanted and not there: earlier positions are served first. Goods whose level is not known are there.
pub fn shortfalls(
    wanted: &[Wanted<'_>],
    rules: &InventoryRules,
    context: &Context,
) -> Vec<Shortfall> {
    if context.stock.is_empty() {
        return Vec::new();
    }
    let mut pools = pools(wanted, rules, context);
    let mut all = Vec::new();
    for (index, Wanted { sku, quantity }) in wanted.iter().enumerate() {
        let known = || rules.counted(sku).filter(|(part, _)| pools.contains_key(part));
        let most = |of: fn(&Pool) -> Decimal| {
            let each = known().filter_map(|(part, count)| {
                pools.get(part).map(|pool| whole_times(count, of(pool)))
            });
            each.min()
        };
        let Some(there) = most(|pool| pool.there) else { continue };
        let available = there.max(Decimal::ZERO).min(*quantity);
        let lacking = left(*quantity, available);
        let later = most(|pool| pool.room).unwrap_or_default().max(Decimal::ZERO).min(lacking);
        if !lacking.is_zero() {
            let lead_days = known().filter_map(|(part, _)| rules.backorder(part)?.lead_days).max();
            all.push(Shortfall {
                index,
                sku: (*sku).to_owned(),
                available,
                later,
                missing: left(lacking, later),
                lead_days: lead_days.filter(|_| !later.is_zero()),
            });
        }
        for (part, count) in rules.counted(sku) {
            if let Some(pool) = pools.get_mut(part) {
                pool.there = left(pool.there, times(available, count).unwrap_or_default());
                pool.room = left(pool.room, times(later, count).unwrap_or_default());
            }
        }
    }
    all
}

/// How many of each position come later, and in how many days, where what comes later is known by what is counted: sets wait
/// for the part that is missing most.
pub fn lines_short(
    wanted: &[Wanted<'_>],
    short: &[Shortfall],
    rules: &InventoryRules,
) -> Vec<(usize, Decimal, Option<u32>)> {
    let mut owed: Vec<(&str, Decimal, Option<u32>)> =
        short.iter().map(|it| (it.sku.as_str(), it.later, it.lead_days)).collect();
    let mut found = Vec::new();
    for (index, Wanted { sku, quantity }) in wanted.iter().enumerate() {
        let mut later = Decimal::ZERO;
        let mut days = None;
        for (part, count) in rules.counted(sku) {
            let Some(own) = owed.iter_mut().find(|own| own.0 == part) else { continue };
            let units = times_to_reach(count, own.1).min(*quantity);
            own.1 = left(own.1, times(units, count).unwrap_or_default());
            if !units.is_zero() {
                (later, days) = (later.max(units), days.max(own.2));
            }
        }
        if !later.is_zero() {
            found.push((index, later, days));
        }
    }
    found
}

/// What is there of each SKU that is wanted and counted.
fn pools<'a>(
    wanted: &[Wanted<'a>],
    rules: &'a InventoryRules,
    context: &Context,
) -> BTreeMap<&'a str, Pool> {
    let mut pools: BTreeMap<&str, Option<Pool>> = BTreeMap::new();
    for Wanted { sku, .. } in wanted {
        pools.extend(rules.counted(sku).map(|(part, _)| (part, None)));
    }
    for level in &context.stock {
        if let Some(pool) = pools.get_mut(level.sku.as_str()) {
            let room = match rules.backorder(&level.sku) {
                None => Decimal::ZERO,
                Some(backorder) => {
                    backorder.limit.map_or_else(most, |limit| left(limit, level.backordered))
                }
            };
            *pool = Some(Pool { there: there(level, rules, context), room });
        }
    }
    pools.into_iter().filter_map(|(sku, pool)| Some((sku, pool?))).collect()
}

/// What of a SKU is there for whoever asks.
fn there(level: &StockLevel, rules: &InventoryRules, context: &Context) -> Decimal {
    let free = if context.is_offline && rules.quota.is_some() {
        Decimal::ZERO
    } else {
        left(level.quantity, rules.safety(&level.sku))
    };
    free.checked_add(level.held).unwrap_or(free)
}

/// How many of a SKU or set can be sold at once; nothing if it is not counted.
pub fn available(sku: &str, rules: &InventoryRules, context: &Context) -> Option<Decimal> {
    let known = rules.counted(sku).filter_map(|(part, count)| {
        let level = context.stock.iter().find(|level| level.sku == part)?;
        Some(whole_times(count, there(level, rules, context)))
    });
    known.min()
}

/// More than any order asks for.
fn most() -> Decimal {
    Decimal::from_integer(MAX_QUANTITY.saturating_mul(1_000))
}

impl Shortfall {
    /// The refusal, at the quantity of a line. What may come later is no part of what is missing.
    pub fn issue(&self, path: String, context: &Context, rules: &InventoryRules) -> Issue {
        let is_quota = context.is_offline && rules.quota.is_some();
        let code = if is_quota { Code::DeviceStockMissing } else { Code::StockMissing };
        let issue = Issue::new(code, path).with("sku", self.sku.as_str());
        let issue = issue.with("available", self.available).with("later", self.later);
        match self.lead_days {
            Some(days) => issue.with("leadDays", i64::from(days)),
            None => issue,
        }
    }
}
