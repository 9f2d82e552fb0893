//! Rate tables: the goods of each template, measured and looked up, and how the tables go together.

use super::{
    Goods, Shipment,
    free::{self, Threshold},
    goods, issue,
    place::Destination,
    rate::{self, Measured, Priced},
};
use crate::{
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    money::{Amount, AmountError},
    pricing::trace::{Trace, TraceStep},
    rounding::Rounding,
    ruleset::{
        ShippingMeasure, ShippingMethod, ShippingRate, ShippingRow, ShippingTable,
        TemplateCombination,
    },
};

/// What the tables of a method ask for.
pub(super) struct Freight {
    pub amount: Amount,
    /// Whether a row was free.
    pub any_free: bool,
}

/// The goods of one table with their rate.
struct Group<'a> {
    table: &'a ShippingTable,
    row: usize,
    measured: Measured,
    volumetric: bool,
    rate: &'a ShippingRate,
    priced: Priced,
    /// Whether another table took this one's first price, or all of it.
    reduced: bool,
}

/// The prices of all tables together.
pub(super) fn freight(
    method: &ShippingMethod,
    shipment: &Shipment<'_>,
    destination: &Destination<'_>,
    trace: &mut Trace,
) -> Result<Freight, Refusal> {
    let homes = tables_of(method, shipment)?;
    let mut groups: Vec<Group<'_>> = Vec::with_capacity(method.tables.len());
    let mut any_free = false;
    for (at, table) in method.tables.iter().enumerate() {
        let of_table = shipment.goods.iter().zip(&homes).filter(|(_, home)| **home == at);
        let goods: Vec<&Goods<'_>> = of_table.map(|(goods, _)| goods).collect();
        if goods.is_empty() {
            continue;
        }
        let (row_at, row) = row_of(table, method, destination)?;
        let group = price(method, table, row_at, row, &goods, shipment)?;
        let threshold = Threshold {
            method,
            template: table.template.as_deref(),
            over_minor: row.free_over_minor,
            over_quantity: row.free_over_quantity,
        };
        if free::is_free(threshold, &goods, group.priced.amount, trace)? {
            any_free = true;
        } else {
            groups.push(group);
        }
    }
    combine(method.combination, &mut groups)?;
    let amount = Amount::sum(groups.iter().map(|group| group.priced.amount))?;
    if trace.is_kept() {
        groups.into_iter().for_each(|group| trace.push(group.explained(method)));
    }
    Ok(Freight { amount, any_free })
}

/// For each line the position of the table that its template leads to.
fn tables_of(method: &ShippingMethod, shipment: &Shipment<'_>) -> Result<Vec<usize>, Refusal> {
    let rules = shipment.rules;
    let rest = method.tables.iter().position(|table| table.template.is_none());
    let mut homes = Vec::with_capacity(shipment.goods.len());
    for goods in shipment.goods {
        let mut named = method.tables.iter();
        let own = named.position(|table| {
            table.template.as_deref().is_some_and(|template| goods.has_template(template, rules))
        });
        homes.push(own.or(rest).ok_or_else(|| {
            issue(Code::ShippingTemplateMissing, method)
                .with("sku", goods.sku)
                .with("template", goods.template(rules))
        })?);
    }
    Ok(homes)
}

/// The first row whose zone holds the address.
fn row_of<'a>(
    table: &'a ShippingTable,
    method: &ShippingMethod,
    destination: &Destination<'_>,
) -> Result<(usize, &'a ShippingRow), Issue> {
    let mut rows = table.rows.iter().enumerate();
    match rows.find(|(_, row)| row.zones.is_empty() || destination.is_in(&row.zones)) {
        Some((_, row)) if row.no_delivery => {
            Err(destination.refuse(Code::ShippingExcluded, method))
        }
        Some(found) => Ok(found),
        None => {
            let zones: Vec<String> = table.rows.iter().flat_map(|row| row.zones.clone()).collect();
            Err(destination.not_in(&zones, method))
        }
    }
}

fn price<'a>(
    method: &ShippingMethod,
    table: &'a ShippingTable,
    row_at: usize,
    row: &'a ShippingRow,
    goods: &[&Goods<'_>],
    shipment: &Shipment<'_>,
) -> Result<Group<'a>, Refusal> {
    let value = goods::value(goods.iter().copied(), method.value_basis)?;
    let (load, volumetric) = load(method, table, value, goods, shipment)?;
    let rounding = shipment.rules.ruleset().rounding.mode;
    let measured = Measured { load, value, rounding };
    let Some(rate) = rate::find(&row.rates, load) else {
        let maximum = row.rates.last().and_then(|rate| rate.to).unwrap_or_default();
        let refused = issue(Code::ShippingNoRate, method).with("load", load);
        return Err(refused.with("maximum", maximum).into());
    };
    let priced = rate::full(rate, measured)?;
    Ok(Group { table, row: row_at, measured, volumetric, rate, priced, reduced: false })
}

/// What the table measures of its goods, and whether their size counted in place of their weight.
fn load(
    method: &ShippingMethod,
    table: &ShippingTable,
    value: Amount,
    goods: &[&Goods<'_>],
    shipment: &Shipment<'_>,
) -> Result<(Decimal, bool), Refusal> {
    let mut volumetric = false;
    let load = match table.measure {
        ShippingMeasure::Quantity => goods::quantity(goods.iter().copied())?,
        ShippingMeasure::Value => Decimal::from_integer(value.minor()),
        ShippingMeasure::Weight => {
            let weight = weight(method, goods.iter().copied(), shipment)?;
            let size = match table.volumetric_divisor {
                Some(divisor) => steps_up(volume(method, goods, shipment, true)?, divisor)?,
                None => Decimal::ZERO,
            };
            volumetric = size > weight;
            weight.max(size)
        }
        ShippingMeasure::Volume => volume(method, goods, shipment, false)?,
    };
    match table.round_up_to {
        Some(step) => {
            let rounded = steps_up(load, step)?.mantissa().checked_mul(step.into());
            let rounded = rounded.and_then(|whole| Decimal::from_parts(whole, 0));
            Ok((rounded.ok_or(AmountError)?, volumetric))
        }
        None => Ok((load, volumetric)),
    }
}

/// How many steps of a size it takes to hold a load.
fn steps_up(load: Decimal, step: u32) -> Result<Decimal, AmountError> {
    let size = load.denominator().checked_mul(step.into()).ok_or(AmountError)?;
    let steps = Rounding::Up.divide(load.mantissa(), size).ok_or(AmountError)?;
    Decimal::from_parts(steps, 0).ok_or(AmountError)
}

/// Grams of goods; a product whose weight is not known has no price by weight.
pub(super) fn weight<'g>(
    method: &ShippingMethod,
    goods: impl IntoIterator<Item = &'g Goods<'g>>,
    shipment: &Shipment<'_>,
) -> Result<Decimal, Refusal> {
    let mut parts = Vec::with_capacity(shipment.goods.len());
    for it in goods {
        let Some(grams) = it.weight(shipment.rules) else {
            return Err(issue(Code::ShippingWeightUnknown, method).with("sku", it.sku).into());
        };
        parts.push((it.quantity, grams.into()));
    }
    Ok(goods::sum(parts)?)
}

/// Cubic millimetres of goods. Beside a weight, goods without a size count by their weight alone.
fn volume(
    method: &ShippingMethod,
    goods: &[&Goods<'_>],
    shipment: &Shipment<'_>,
    beside_weight: bool,
) -> Result<Decimal, Refusal> {
    let mut parts = Vec::with_capacity(goods.len());
    for it in goods {
        match it.volume(shipment.rules) {
            Some(size) => parts.push((it.quantity, size)),
            None if beside_weight => {}
            None => {
                return Err(issue(Code::ShippingSizeUnknown, method).with("sku", it.sku).into());
            }
        }
    }
    Ok(goods::sum(parts)?)
}

/// Reduces the groups that travel with a dearer one.
fn combine(combination: TemplateCombination, groups: &mut [Group<'_>]) -> Result<(), AmountError> {
    if combination == TemplateCombination::Sum || groups.len() < 2 {
        return Ok(());
    }
    let first_only = combination == TemplateCombination::HighestFirst;
    let mut winner: Option<(usize, (Amount, Amount))> = None;
    for (at, group) in groups.iter().enumerate() {
        // Of equal first prices the one that saves least pays in full, so that order does not matter.
        let rank = if first_only {
            let reduced = rate::further_only(group.rate, group.measured)?.amount;
            (rate::first_price(group.rate, group.measured)?, group.priced.amount.minus(reduced)?)
        } else {
            (group.priced.amount, Amount::ZERO)
        };
        if winner.is_none_or(|(_, highest)| rank > highest) {
            winner = Some((at, rank));
        }
    }
    for (at, group) in groups.iter_mut().enumerate() {
        if winner.is_none_or(|(highest, _)| at != highest) {
            group.reduced = true;
            group.priced = if first_only {
                rate::further_only(group.rate, group.measured)?
            } else {
                Priced::default()
            };
        }
    }
    Ok(())
}

impl Group<'_> {
    fn explained(self, method: &ShippingMethod) -> TraceStep {
        TraceStep::ShippingRate {
            method: method.id.clone(),
            template: self.table.template.clone(),
            row: self.row,
            measure: self.table.measure,
            load: self.measured.load,
            volumetric: self.volumetric,
            combination: self.reduced.then_some(method.combination),
            parts: self.priced.parts,
            amount_minor: self.priced.amount,
        }
    }
}
