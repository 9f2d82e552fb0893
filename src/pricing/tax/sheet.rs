//! Taxes cell by cell: a cell is one tax of one member, first exact, then rounded with others.

use super::{
    TaxMember, TaxResult,
    exact::{Exact, split},
    fraction::Fraction,
    handback::{hand_back, hand_back_plain},
};
use crate::{
    decimal::Decimal,
    money::{Amount, AmountError},
    pricing::trace::{Trace, TraceStep, inexact},
    ruleset::{PriceBasis, RoundingLevel, RoundingRules, RoundingTarget, Ruleset, TaxComponent},
};

/// One tax of one member.
pub(super) struct Cell<'a> {
    pub(super) member: usize,
    pub(super) component: &'a TaxComponent,
    pub(super) exact: Fraction,
    pub(super) tax: Amount,
}

/// What is known of a member besides its taxes.
pub(super) struct Row {
    pub(super) exact: Exact,
    pub(super) level: RoundingLevel,
    /// Its amount in whole minor units.
    pub(super) whole: Amount,
    /// Its first cell; it has as many as taxes.
    pub(super) cell: usize,
}

/// Cells that are rounded as one sum.
struct Pot<'a> {
    /// The one tax of all cells, or else whole lists of taxes.
    component: Option<&'a TaxComponent>,
    taxes: &'a [TaxComponent],
    basis: PriceBasis,
    members: Vec<usize>,
    cells: Vec<usize>,
}

pub(super) struct Sheet<'m, 'a> {
    pub(super) members: &'m [TaxMember<'a>],
    pub(super) rules: RoundingRules,
    /// What a major unit is in minor units.
    pub(super) unit: Fraction,
    pub(super) factor: Fraction,
    pub(super) rows: Vec<Row>,
    pub(super) cells: Vec<Cell<'a>>,
}

pub(super) fn compute<'a>(
    members: &[TaxMember<'a>],
    factor: i64,
    ruleset: &Ruleset,
    trace: &mut Trace,
) -> Result<TaxResult, AmountError> {
    let mut sheet = Sheet {
        members,
        rules: ruleset.rounding,
        unit: Fraction::whole(ruleset.currency.minor_per_major()),
        factor: Fraction::whole(factor),
        rows: Vec::with_capacity(members.len()),
        cells: Vec::with_capacity(members.len()),
    };
    for (at, member) in members.iter().enumerate() {
        sheet.add(at, member)?;
    }
    sheet.whole_of_document()?;
    if ruleset.rounding.exact_totals && trace.is_kept() {
        trace.push(sheet.exact_totals());
    }
    sheet.round(ruleset.price_basis)?;
    sheet.result(ruleset.taxation.line_taxes, trace)
}

impl<'a> Sheet<'_, 'a> {
    fn add(&mut self, at: usize, member: &TaxMember<'a>) -> Result<(), AmountError> {
        let level = self.level_of(member);
        let mode = self.rules.tax_mode(member.basis);
        let mut amount = Fraction::whole(member.amount.minor()).over(self.factor)?;
        let whole = amount.rounded(mode)?;
        if level == RoundingLevel::Group {
            // The base of a group is the sum of the amounts that the lines show (BR-S-08).
            amount = Fraction::whole(whole.minor());
        }
        let quantity = Fraction::decimal(quantity_of(member))?;
        let exact = split(amount, quantity, member.basis, member.taxes, self.unit)?;
        let cell = self.cells.len();
        for (component, tax) in member.taxes.iter().zip(&exact.taxes) {
            self.cells.push(Cell { member: at, component, exact: *tax, tax: Amount::ZERO });
        }
        self.rows.push(Row { exact, level, whole, cell });
        Ok(())
    }

    fn level_of(&self, member: &TaxMember<'_>) -> RoundingLevel {
        match self.rules.level {
            _ if member.is_shipping && self.rules.shipping_apart => RoundingLevel::Line,
            RoundingLevel::Unit if quantity_of(member).to_integer().unwrap_or(0) == 0 => {
                RoundingLevel::Line
            }
            level => level,
        }
    }

    /// Amounts with fractions of a minor unit: their sum is rounded, and handed back to the members.
    fn whole_of_document(&mut self) -> Result<(), AmountError> {
        if self.rules.level != RoundingLevel::Document || self.factor == Fraction::ONE {
            return Ok(());
        }
        for basis in [PriceBasis::TaxInclusive, PriceBasis::TaxExclusive] {
            let rows = self.rows.iter().zip(self.members).zip(0..);
            let rows = rows.filter(|((row, member), _)| {
                row.level == RoundingLevel::Document && member.basis == basis
            });
            let (at, amounts): (Vec<usize>, Vec<Fraction>) = rows
                .map(|((row, _), at)| {
                    (at, if basis.is_inclusive() { row.exact.gross } else { row.exact.net })
                })
                .unzip();
            let sum = Fraction::sum(amounts.iter().copied())?;
            let sum = sum.rounded(self.rules.tax_mode(basis))?;
            for (at, whole) in at.into_iter().zip(hand_back(sum, &amounts, self.rules.leftover)?) {
                if let Some(row) = self.rows.get_mut(at) {
                    row.whole = whole;
                }
            }
        }
        Ok(())
    }

    /// The totals before any rounding of tax; left out where they leave 128 bits.
    fn exact_totals(&self) -> TraceStep {
        let sum = |part: fn(&Exact) -> Fraction| {
            let sum = Fraction::sum(self.rows.iter().map(|row| part(&row.exact))).ok()?;
            let (numerator, denominator) = sum.parts();
            let text = inexact(numerator, denominator);
            Some(text.unwrap_or_else(|| numerator.to_string()))
        };
        TraceStep::ExactTotals {
            exact_net: sum(|exact| exact.net),
            exact_tax: sum(|exact| {
                exact
                    .taxes
                    .iter()
                    .copied()
                    .try_fold(Fraction::ZERO, Fraction::plus)
                    .unwrap_or(Fraction::ZERO)
            }),
            exact_gross: sum(|exact| exact.gross),
        }
    }

    /// Rounds every cell where its level says.
    fn round(&mut self, basis: PriceBasis) -> Result<(), AmountError> {
        let members = self.members;
        let mut pots: Vec<Pot<'a>> = Vec::new();
        for (at, member) in members.iter().enumerate() {
            let Some(row) = self.rows.get(at) else { continue };
            let cells = row.cell..row.cell.saturating_add(member.taxes.len());
            match row.level {
                RoundingLevel::Line => {
                    let amounts = [row.whole];
                    let taxes = self.parts(member.taxes, &row.exact, member.basis, &amounts)?;
                    self.put(cells, &taxes)?;
                }
                RoundingLevel::Unit => {
                    let (taxes, whole) = self.by_unit(member)?;
                    self.put(cells, &taxes)?;
                    if let Some(row) = self.rows.get_mut(at) {
                        row.whole = whole;
                    }
                }
                RoundingLevel::Group if self.rules.together(member.basis) => {
                    let same = |pot: &Pot<'_>| {
                        pot.component.is_none()
                            && pot.basis == member.basis
                            && member.has_taxes(pot.taxes)
                    };
                    pool(&mut pots, same, at, cells, || Pot::of(None, member.taxes, member.basis));
                }
                RoundingLevel::Group => {
                    for (component, cell) in member.taxes.iter().zip(cells) {
                        let same = |pot: &Pot<'_>| {
                            pot.basis == member.basis && pot.component == Some(component)
                        };
                        let new = || {
                            let taxes = core::slice::from_ref(component);
                            Pot::of(Some(component), taxes, member.basis)
                        };
                        pool(&mut pots, same, at, cell..cell.saturating_add(1), new);
                    }
                }
                RoundingLevel::Document => {
                    let same = |pot: &Pot<'_>| pot.taxes.is_empty();
                    pool(&mut pots, same, at, cells, || Pot::of(None, &[], basis));
                }
            }
        }
        pots.iter().try_for_each(|pot| self.round_pot(pot))
    }

    /// The rounded taxes of one member or unit.
    fn parts(
        &self,
        taxes: &[TaxComponent],
        exact: &Exact,
        basis: PriceBasis,
        amounts: &[Amount],
    ) -> Result<Vec<Amount>, AmountError> {
        let mode = self.rules.tax_mode(basis);
        if !self.rules.together(basis) {
            return exact.taxes.iter().map(|tax| tax.rounded(mode)).collect();
        }
        let tax = Fraction::sum(exact.taxes.iter().copied())?;
        let total = self.total(tax, exact.net, exact.gross, basis)?;
        if taxes.iter().all(TaxComponent::is_plain) {
            return hand_back_plain(total, amounts, taxes);
        }
        hand_back(total, &exact.taxes, self.rules.leftover)
    }

    /// The rounded tax of a sum.
    fn total(
        &self,
        tax: Fraction,
        net: Fraction,
        gross: Fraction,
        basis: PriceBasis,
    ) -> Result<Amount, AmountError> {
        let mode = self.rules.tax_mode(basis);
        match self.rules.target {
            RoundingTarget::Tax => tax.rounded(mode),
            RoundingTarget::Net if !basis.is_inclusive() => tax.rounded(mode),
            RoundingTarget::Net | RoundingTarget::Both => {
                gross.rounded(mode)?.minus(net.rounded(mode)?)
            }
        }
    }

    /// The taxes of all units of a line, and its amount. Units differ by at most one working unit.
    fn by_unit(&self, member: &TaxMember<'a>) -> Result<(Vec<Amount>, Amount), AmountError> {
        let quantity = quantity_of(member).to_integer().ok_or(AmountError)?;
        let count = i64::try_from(quantity.unsigned_abs()).map_err(|_| AmountError)?;
        let amount = member.amount.minor();
        let each = amount.checked_div(count).ok_or(AmountError)?;
        let rest = amount.checked_rem(count).ok_or(AmountError)?;
        let dearer = i64::try_from(rest.unsigned_abs()).map_err(|_| AmountError)?;
        let pieces =
            [(each.saturating_add(rest.signum()), dearer), (each, count.saturating_sub(dearer))];
        let mode = self.rules.tax_mode(member.basis);
        let mut taxes = vec![Amount::ZERO; member.taxes.len()];
        let mut whole = Amount::ZERO;
        for (piece, count) in pieces.into_iter().filter(|(_, count)| *count > 0) {
            let piece = Fraction::whole(piece).over(self.factor)?;
            let quantity = Fraction::whole(quantity.signum());
            let exact = split(piece, quantity, member.basis, member.taxes, self.unit)?;
            let shown = piece.rounded(mode)?;
            whole = whole.plus(times(shown, count)?)?;
            let parts = self.parts(member.taxes, &exact, member.basis, &[shown])?;
            for (tax, part) in taxes.iter_mut().zip(parts) {
                *tax = tax.plus(times(part, count)?)?;
            }
        }
        Ok((taxes, whole))
    }

    fn round_pot(&mut self, pot: &Pot<'a>) -> Result<(), AmountError> {
        let cells = || pot.cells.iter().filter_map(|at| self.cells.get(*at));
        let rows = || pot.members.iter().filter_map(|at| self.rows.get(*at));
        let exact: Vec<Fraction> = cells().map(|cell| cell.exact).collect();
        let sum = Fraction::sum(exact.iter().copied())?;
        let total = if pot.component.is_some() {
            sum.rounded(self.rules.tax_mode(pot.basis))?
        } else {
            let net = Fraction::sum(rows().map(|row| row.exact.net))?;
            let gross = Fraction::sum(rows().map(|row| row.exact.gross))?;
            // Bases are mixed in a document, so that there the target net is both.
            let both = pot.taxes.is_empty() && self.rules.target != RoundingTarget::Tax;
            let basis = if both { PriceBasis::TaxInclusive } else { pot.basis };
            self.total(sum, net, gross, basis)?
        };
        // One tax of several lists inside prices is no constant part of them.
        let mixed = pot.component.is_some() && pot.basis.is_inclusive();
        let plain = !mixed && !pot.taxes.is_empty() && pot.taxes.iter().all(TaxComponent::is_plain);
        let shares = if plain {
            let amounts: Vec<Amount> = rows().map(|row| row.whole).collect();
            hand_back_plain(total, &amounts, pot.taxes)?
        } else {
            hand_back(total, &exact, self.rules.leftover)?
        };
        self.put(pot.cells.iter().copied(), &shares)
    }

    fn put(
        &mut self,
        cells: impl Iterator<Item = usize>,
        taxes: &[Amount],
    ) -> Result<(), AmountError> {
        for (at, tax) in cells.zip(taxes) {
            self.cells.get_mut(at).ok_or(AmountError)?.tax = *tax;
        }
        Ok(())
    }
}

impl<'a> Pot<'a> {
    fn of(
        component: Option<&'a TaxComponent>,
        taxes: &'a [TaxComponent],
        basis: PriceBasis,
    ) -> Self {
        Self { component, taxes, basis, members: Vec::new(), cells: Vec::new() }
    }
}

/// Adds cells to the pot they belong to, or to a new one.
fn pool<'a>(
    pots: &mut Vec<Pot<'a>>,
    same: impl Fn(&Pot<'a>) -> bool,
    member: usize,
    cells: core::ops::Range<usize>,
    new: impl FnOnce() -> Pot<'a>,
) {
    let at = pots.iter().position(same).unwrap_or(pots.len());
    if at == pots.len() {
        pots.push(new());
    }
    if let Some(pot) = pots.get_mut(at) {
        pot.members.push(member);
        pot.cells.extend(cells);
    }
}

fn quantity_of(member: &TaxMember<'_>) -> Decimal {
    member.quantity.copied().unwrap_or(Decimal::ZERO)
}

fn times(amount: Amount, count: i64) -> Result<Amount, AmountError> {
    Amount::new(amount.minor().checked_mul(count).ok_or(AmountError)?)
}
