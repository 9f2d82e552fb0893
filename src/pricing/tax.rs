//! Tax: on each line, or on each group of lines with the same taxes (EN 16931 BR-CO-17).

use super::{
    line::product,
    quote::TaxTotal,
    trace::{RoundedLine, Trace, TraceStep, inexact},
};
use crate::{
    allocation::allocate,
    money::{Amount, AmountError, collect},
    ruleset::{PriceBasis, RoundingLevel, RoundingTarget, Rules, TaxComponent},
};

/// Something that is taxed: a line, a document adjustment or the shipping charge.
pub(super) struct TaxMember<'a> {
    pub line: Option<usize>,
    pub taxes: &'a [TaxComponent],
    /// In the shop's price basis, after discounts.
    pub amount: Amount,
}

/// Net, tax and gross of every member, and the summary by category and rate.
pub(super) struct TaxResult {
    pub splits: Vec<(Amount, Amount, Amount)>,
    pub totals: Vec<TaxTotal>,
}

impl TaxResult {
    /// The last member is the shipping charge, where there is one.
    pub fn split_of_last(&self) -> (Amount, Amount, Amount) {
        self.splits.last().copied().unwrap_or_default()
    }
}

pub(super) fn compute<'a>(
    members: &[TaxMember<'a>],
    rules: &'a Rules,
    trace: &'a mut Trace,
) -> Result<TaxResult, AmountError> {
    let mut computation =
        Computation { rules, taxes: vec![Amount::ZERO; members.len()], sums: Vec::new(), trace };
    let ruleset = rules.ruleset();
    match (ruleset.rounding.level, ruleset.price_basis) {
        (RoundingLevel::Line, _) => {
            for (at, member) in members.iter().enumerate() {
                computation.tax_set(member.line, member.taxes, &[(at, member.amount)])?;
            }
        }
        (RoundingLevel::Group, PriceBasis::TaxInclusive) => {
            for (taxes, group) in group_by_set(members) {
                computation.tax_set(None, taxes, &group)?;
            }
        }
        (RoundingLevel::Group, PriceBasis::TaxExclusive) => {
            for (component, group) in group_by_component(members) {
                computation.tax_set(None, core::slice::from_ref(component), &group)?;
            }
        }
    }
    let Computation { taxes, sums, trace, .. } = computation;
    let totals = totals(&sums);
    let by_line = sums.into_iter().filter(|sum| !sum.lines.is_empty());
    for it in by_line {
        trace.push(TraceStep::LineTaxes {
            tax: it.tax.clone(),
            lines: it.lines,
            amounts_minor: it.amounts,
            rounded: it.rounded,
        });
    }
    let splits = members.iter().zip(taxes).map(|(member, tax)| match ruleset.price_basis {
        PriceBasis::TaxInclusive => Ok((member.amount.minus(tax)?, tax, member.amount)),
        PriceBasis::TaxExclusive => Ok((member.amount, tax, member.amount.plus(tax)?)),
    });
    Ok(TaxResult { splits: collect(splits)?, totals })
}

/// The summary, in the order of the taxes.
fn totals(sums: &[TaxSum<'_>]) -> Vec<TaxTotal> {
    let mut totals: Vec<TaxTotal> = Vec::with_capacity(sums.len());
    for sum in sums {
        let place = totals.partition_point(|total| total.tax < *sum.tax);
        let (tax, taxable_minor, tax_minor) = (sum.tax.clone(), sum.taxable, sum.amount);
        totals.insert(place, TaxTotal { tax, taxable_minor, tax_minor });
    }
    totals
}

type Group = Vec<(usize, Amount)>;

/// Members with the same list of taxes: with prices that hold the tax, it is taken out of the sum.
fn group_by_set<'a>(members: &[TaxMember<'a>]) -> Vec<(&'a [TaxComponent], Group)> {
    let mut groups: Vec<(&[TaxComponent], Group)> = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let same =
            |taxes: &[TaxComponent]| core::ptr::eq(taxes, member.taxes) || taxes == member.taxes;
        match groups.iter_mut().find(|(taxes, _)| same(taxes)) {
            Some((_, group)) => group.push((at, member.amount)),
            None => groups.push((member.taxes, vec![(at, member.amount)])),
        }
    }
    groups
}

/// Members that bear one tax: with prices without tax, each tax is computed on its own sum.
fn group_by_component<'a>(members: &[TaxMember<'a>]) -> Vec<(&'a TaxComponent, Group)> {
    let mut groups: Vec<(&TaxComponent, Group)> = Vec::new();
    for (at, member) in members.iter().enumerate() {
        for component in member.taxes {
            match groups.iter_mut().find(|(known, _)| *known == component) {
                Some((_, group)) => group.push((at, member.amount)),
                None => groups.push((component, vec![(at, member.amount)])),
            }
        }
    }
    groups
}

/// The sum of all rates as a whole number over a common unit, and that unit.
fn sum_of_rates(taxes: &[TaxComponent]) -> Result<(i128, i128), AmountError> {
    if let [tax] = taxes {
        return Ok((tax.percent.mantissa(), tax.percent.denominator()));
    }
    let scale = taxes.iter().map(|tax| tax.percent.scale()).max().unwrap_or(0);
    let unit = crate::decimal::power_of_ten(scale);
    let sum = taxes
        .iter()
        .try_fold(0_i128, |sum, tax| sum.checked_add(rate_in(tax, unit)?).ok_or(AmountError))?;
    Ok((sum, unit))
}

/// The rate as a whole number over a unit that is at least as fine.
fn rate_in(tax: &TaxComponent, unit: i128) -> Result<i128, AmountError> {
    let widen = unit.checked_div(tax.percent.denominator()).unwrap_or(1);
    tax.percent.mantissa().checked_mul(widen).ok_or(AmountError)
}

/// Room for the lines of one tax in most carts, so that the lists need not grow.
const MOST_LINES: usize = 16;

/// One tax: its sums, and its lines where each is computed on its own.
struct TaxSum<'a> {
    tax: &'a TaxComponent,
    taxable: Amount,
    amount: Amount,
    lines: Vec<usize>,
    amounts: Vec<Amount>,
    rounded: Vec<RoundedLine>,
}

struct Computation<'a> {
    rules: &'a Rules,
    taxes: Vec<Amount>,
    /// In the order in which the taxes came up.
    sums: Vec<TaxSum<'a>>,
    trace: &'a mut Trace,
}

impl<'a> Computation<'a> {
    /// Taxes the sum of a group and shares the tax over its members.
    fn tax_set(
        &mut self,
        line: Option<usize>,
        taxes: &'a [TaxComponent],
        group: &[(usize, Amount)],
    ) -> Result<(), AmountError> {
        let sum = Amount::sum(group.iter().map(|(_, amount)| *amount))?;
        match self.rules.ruleset().price_basis {
            PriceBasis::TaxExclusive => {
                for component in taxes {
                    let tax = self.on_top(line, component, sum)?;
                    self.give(group, tax)?;
                }
            }
            PriceBasis::TaxInclusive => {
                let tax = self.out_of(line, taxes, sum)?;
                self.give(group, tax)?;
            }
        }
        Ok(())
    }

    /// One tax on a net sum.
    fn on_top(
        &mut self,
        line: Option<usize>,
        component: &'a TaxComponent,
        net: Amount,
    ) -> Result<Amount, AmountError> {
        let percent = component.percent;
        let numerator = product(&[i128::from(net.minor()), percent.mantissa()])?;
        let denominator = product(&[100, percent.denominator()])?;
        let rounding = self.rules.ruleset().rounding.mode;
        let tax = Amount::from_fraction(numerator, denominator, rounding)?;
        let exact = inexact(numerator, denominator);
        self.record(line, component, net, tax, exact)?;
        Ok(tax)
    }

    /// All taxes inside a gross sum; each gets its part of the whole by its rate.
    fn out_of(
        &mut self,
        line: Option<usize>,
        taxes: &'a [TaxComponent],
        gross: Amount,
    ) -> Result<Amount, AmountError> {
        let (rate, unit) = sum_of_rates(taxes)?;
        let whole = product(&[100, unit])?.checked_add(rate).ok_or(AmountError)?;
        let rules = self.rules.ruleset().rounding;
        let numerator = product(&[i128::from(gross.minor()), rate])?;
        let tax = match rules.target {
            RoundingTarget::Tax => Amount::from_fraction(numerator, whole, rules.mode)?,
            RoundingTarget::Net => {
                let net = product(&[i128::from(gross.minor()), 100, unit])?;
                gross.minus(Amount::from_fraction(net, whole, rules.mode)?)?
            }
        };
        let net = gross.minus(tax)?;
        if let [component] = taxes {
            self.record(line, component, net, tax, inexact(numerator, whole))?;
            return Ok(tax);
        }
        let weight = |tax| {
            let rate = rate_in(tax, unit)?;
            Amount::new(i64::try_from(rate).map_err(|_| AmountError)?)
        };
        let weights = collect(taxes.iter().map(weight))?;
        for (component, part) in taxes.iter().zip(allocate(tax, &weights)?) {
            // The fraction is that of all together; a part of it has no exact amount of its own.
            self.record(line, component, net, part, None)?;
        }
        Ok(tax)
    }

    fn give(&mut self, group: &[(usize, Amount)], tax: Amount) -> Result<(), AmountError> {
        if let [(at, _)] = group {
            return self.add_to(*at, tax);
        }
        let weights: Vec<Amount> = group.iter().map(|(_, amount)| *amount).collect();
        for ((at, _), share) in group.iter().zip(allocate(tax, &weights)?) {
            self.add_to(*at, share)?;
        }
        Ok(())
    }

    fn add_to(&mut self, at: usize, tax: Amount) -> Result<(), AmountError> {
        if let Some(sum) = self.taxes.get_mut(at) {
            *sum = sum.plus(tax)?;
        }
        Ok(())
    }

    fn record(
        &mut self,
        line: Option<usize>,
        component: &'a TaxComponent,
        net: Amount,
        tax: Amount,
        exact: Option<String>,
    ) -> Result<(), AmountError> {
        let Some(line) = line else {
            self.trace.push(TraceStep::Tax {
                tax: component.clone(),
                taxable_minor: net,
                amount_minor: tax,
                exact,
            });
            return self.sum_of(component, 0, net, tax).map(|_| ());
        };
        let sum = self.sum_of(component, MOST_LINES, net, tax)?;
        sum.lines.push(line);
        sum.amounts.push(tax);
        sum.rounded.extend(exact.map(|exact| RoundedLine { line, exact }));
        Ok(())
    }

    /// Adds to the sums of a tax and gives them; new ones have room for some lines.
    fn sum_of(
        &mut self,
        component: &'a TaxComponent,
        room: usize,
        net: Amount,
        tax: Amount,
    ) -> Result<&mut TaxSum<'a>, AmountError> {
        // Most lines have the very component of an earlier one, which is faster to see than an equal one.
        let same = |sum: &TaxSum<'_>| core::ptr::eq(sum.tax, component) || sum.tax == component;
        let at = self.sums.iter().position(same).unwrap_or(self.sums.len());
        if at == self.sums.len() {
            self.sums.push(TaxSum {
                tax: component,
                taxable: Amount::ZERO,
                amount: Amount::ZERO,
                lines: Vec::with_capacity(room),
                amounts: Vec::with_capacity(room),
                rounded: Vec::with_capacity(room),
            });
        }
        let sum = self.sums.get_mut(at).ok_or(AmountError)?;
        sum.taxable = sum.taxable.plus(net)?;
        sum.amount = sum.amount.plus(tax)?;
        Ok(sum)
    }
}
