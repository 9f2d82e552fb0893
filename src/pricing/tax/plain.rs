//! Rates on the price alone: on each line, or on each group of lines with the same taxes (EN 16931
//! BR-CO-17). What almost every order needs, without fractions.

use super::{
    Split, TaxMember, TaxResult, split_of,
    summary::{MOST_LINES, Summary},
};
use crate::{
    allocation::allocate,
    money::{Amount, AmountError, collect},
    pricing::{
        line::product,
        trace::{RoundedLine, Trace, TraceStep, inexact},
    },
    ruleset::{PriceBasis, RoundingLevel, RoundingRules, RoundingTarget, TaxComponent},
};

/// Whether this module can compute the taxes of `members` as the ruleset asks.
pub(super) fn is_enough(members: &[TaxMember<'_>], factor: i64, rules: &RoundingRules) -> bool {
    matches!(rules.level, RoundingLevel::Line | RoundingLevel::Group)
        && factor == 1
        && rules.target != RoundingTarget::Both
        && rules.rates.is_none()
        && !rules.shipping_apart
        && !rules.exact_totals
        && members.iter().all(|member| member.taxes.iter().all(TaxComponent::is_plain))
}

pub(super) fn compute<'a>(
    members: &[TaxMember<'a>],
    rules: RoundingRules,
    trace: &mut Trace,
) -> Result<TaxResult, AmountError> {
    let mut computation = Computation {
        rules,
        taxes: vec![Amount::ZERO; members.len()],
        summary: Summary::default(),
        trace,
    };
    if rules.level == RoundingLevel::Line {
        for (at, member) in members.iter().enumerate() {
            let group = [(at, member.amount)];
            computation.tax_set(member.line, member.basis, member.taxes, &group)?;
        }
    } else {
        for (basis, taxes, group) in group_by_set(members) {
            computation.tax_set(None, basis, taxes, &group)?;
        }
        for (component, group) in group_by_component(members) {
            let taxes = core::slice::from_ref(component);
            computation.tax_set(None, PriceBasis::TaxExclusive, taxes, &group)?;
        }
    }
    let Computation { taxes, summary, trace, .. } = computation;
    let splits =
        members.iter().zip(taxes).map(|(member, tax)| split_of(member, member.amount, tax));
    Ok(TaxResult {
        splits: collect(splits)?,
        shipping: Split::default(),
        totals: summary.finish(trace),
        parts: Vec::new(),
    })
}

type Group = Vec<(usize, Amount)>;

/// Members with the same list of taxes inside their prices: it is taken out of the sum.
fn group_by_set<'a>(members: &[TaxMember<'a>]) -> Vec<(PriceBasis, &'a [TaxComponent], Group)> {
    let mut groups: Vec<(PriceBasis, &[TaxComponent], Group)> = Vec::new();
    for (at, member) in members.iter().enumerate() {
        if !member.basis.is_inclusive() {
            continue;
        }
        match groups.iter_mut().find(|(_, taxes, _)| member.has_taxes(taxes)) {
            Some((.., group)) => group.push((at, member.amount)),
            None => groups.push((member.basis, member.taxes, vec![(at, member.amount)])),
        }
    }
    groups
}

/// Members that bear one tax on top of their prices: each tax is computed on its own sum.
fn group_by_component<'a>(members: &[TaxMember<'a>]) -> Vec<(&'a TaxComponent, Group)> {
    let mut groups: Vec<(&TaxComponent, Group)> = Vec::new();
    for (at, member) in members.iter().enumerate() {
        if member.basis.is_inclusive() {
            continue;
        }
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

/// The rates as weights to share a tax by.
pub(super) fn rate_weights(taxes: &[TaxComponent]) -> Result<Vec<Amount>, AmountError> {
    let (_, unit) = sum_of_rates(taxes)?;
    weights_in(taxes, unit)
}

fn weights_in(taxes: &[TaxComponent], unit: i128) -> Result<Vec<Amount>, AmountError> {
    collect(taxes.iter().map(|tax| {
        let rate = rate_in(tax, unit)?;
        Amount::new(i64::try_from(rate).map_err(|_| AmountError)?)
    }))
}

struct Computation<'a> {
    rules: RoundingRules,
    taxes: Vec<Amount>,
    summary: Summary<'a>,
    trace: &'a mut Trace,
}

impl<'a> Computation<'a> {
    /// Taxes the sum of a group and shares the tax over its members.
    fn tax_set(
        &mut self,
        line: Option<usize>,
        basis: PriceBasis,
        taxes: &'a [TaxComponent],
        group: &[(usize, Amount)],
    ) -> Result<(), AmountError> {
        let sum = Amount::sum(group.iter().map(|(_, amount)| *amount))?;
        match basis {
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
        let mode = self.rules.tax_mode(PriceBasis::TaxExclusive);
        let tax = Amount::from_fraction(numerator, denominator, mode)?;
        self.record(line, component, net, tax, self.exact(numerator, denominator))?;
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
        let mode = self.rules.tax_mode(PriceBasis::TaxInclusive);
        let numerator = product(&[i128::from(gross.minor()), rate])?;
        let tax = if self.rules.target == RoundingTarget::Tax {
            Amount::from_fraction(numerator, whole, mode)?
        } else {
            let net = product(&[i128::from(gross.minor()), 100, unit])?;
            gross.minus(Amount::from_fraction(net, whole, mode)?)?
        };
        let net = gross.minus(tax)?;
        if let [component] = taxes {
            self.record(line, component, net, tax, self.exact(numerator, whole))?;
            return Ok(tax);
        }
        let weights = weights_in(taxes, unit)?;
        for (component, part) in taxes.iter().zip(allocate(tax, &weights)?) {
            // The fraction is that of all together; a part of it has no exact amount of its own.
            self.record(line, component, net, part, None)?;
        }
        Ok(tax)
    }

    /// What rounding takes away, if anybody wants to know.
    fn exact(&self, numerator: i128, denominator: i128) -> Option<String> {
        if self.trace.is_kept() { inexact(numerator, denominator) } else { None }
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
            return self.summary.add(component, 0, net, tax).map(|_| ());
        };
        let sum = self.summary.add(component, MOST_LINES, net, tax)?;
        sum.lines.push(line);
        sum.amounts.push(tax);
        sum.rounded.extend(exact.map(|exact| RoundedLine { line, exact }));
        Ok(())
    }
}
