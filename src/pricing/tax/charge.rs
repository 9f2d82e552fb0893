//! The taxes of shipping and other charges, where they follow those of the goods.

use super::{TaxMember, compute, exact::whole_rate, fraction::Fraction};
use crate::{
    allocation::allocate,
    decimal::Decimal,
    issue::Refusal,
    money::{Amount, AmountError},
    pricing::{manual::DocumentAdjustment, promotion::Setting, trace::Trace},
    rounding::Rounding,
    ruleset::{ChargeTax, Rules, ShippingMethod, TaxCategory, TaxComponent},
};

/// Decimals of an average rate in per cent.
const AVERAGE_DIGITS: u8 = 4;

/// What is not taxed.
static UNTAXED: [TaxComponent; 1] = [TaxComponent {
    category: TaxCategory::O,
    percent: Decimal::ZERO,
    jurisdiction: None,
    compound: false,
    amount_per_unit: None,
    untaxed: false,
    exemption_reason: None,
    exemption_code: None,
}];

/// What is taxed besides the goods.
pub(crate) struct Charges<'c, 'a> {
    pub documents: &'c [DocumentAdjustment<'a>],
    pub shipping: Option<(&'a ShippingMethod, Amount)>,
    /// How many units of all amounts make a minor unit.
    pub factor: i64,
}

impl<'a> Charges<'_, 'a> {
    /// The average rate of the goods, if a charge has it.
    pub fn average(
        &self,
        goods: &[TaxMember<'_>],
        rules: &Rules,
    ) -> Result<Option<TaxComponent>, AmountError> {
        let taxation = &rules.ruleset().taxation;
        let shipping = self.shipping.map(|(method, _)| method.tax.unwrap_or(taxation.shipping));
        let follows = self.documents.iter().any(|document| document.taxes.is_none());
        let is_needed = shipping == Some(ChargeTax::AverageRate)
            || (follows && taxation.charges == Some(ChargeTax::AverageRate));
        if is_needed { average(goods, self.factor, rules) } else { Ok(None) }
    }

    /// Adds documents, then shipping, to the goods.
    pub fn add_to(
        &self,
        members: &mut Vec<TaxMember<'a>>,
        average: Option<&'a TaxComponent>,
        setting: &Setting<'a>,
    ) -> Result<(), Refusal> {
        let ruleset = setting.rules.ruleset();
        let taxation = &ruleset.taxation;
        let mut charges = Vec::with_capacity(self.documents.len().saturating_add(1));
        for document in self.documents {
            let charge = TaxMember {
                line: None,
                is_shipping: false,
                taxes: document.taxes.unwrap_or(&UNTAXED),
                basis: document.basis,
                quantity: None,
                amount: document.amount,
            };
            let by = match document.taxes {
                Some(_) => ChargeTax::OwnClass,
                None => taxation.charges.unwrap_or_default(),
            };
            share_out(by, charge, members, average, self.factor, &mut charges)?;
        }
        if let Some((method, amount)) = self.shipping {
            let by = method.tax.unwrap_or(taxation.shipping);
            let taxes = match setting.taxes.taxes(&method.tax_class, None) {
                Ok(taxes) => taxes,
                Err(_) if by != ChargeTax::OwnClass => &UNTAXED,
                Err(issue) => return Err(issue.under("/details/shippingMethod").into()),
            };
            let charge = TaxMember {
                line: None,
                is_shipping: true,
                taxes,
                basis: method.price_basis.unwrap_or(ruleset.price_basis),
                quantity: None,
                amount,
            };
            share_out(by, charge, members, average, self.factor, &mut charges)?;
        }
        members.append(&mut charges);
        Ok(())
    }
}

/// A charge as members: one, or one for each list of taxes of the goods.
///
/// `charge` has the taxes of its own class; without goods that have a price they count.
fn share_out<'a>(
    by: ChargeTax,
    charge: TaxMember<'a>,
    goods: &[TaxMember<'a>],
    average: Option<&'a TaxComponent>,
    factor: i64,
    members: &mut Vec<TaxMember<'a>>,
) -> Result<(), AmountError> {
    let priced = goods.iter().any(|member| !member.amount.is_zero());
    let taxes = match by {
        ChargeTax::None => Some(UNTAXED.as_slice()),
        ChargeTax::AverageRate if priced => average.map(core::slice::from_ref),
        ChargeTax::HighestRate if priced => highest(goods)?,
        ChargeTax::ProRata if priced => {
            let (lists, weights) = by_taxes(goods)?;
            let shares = allocate_whole(charge.amount, &weights, factor)?;
            if !charge.amount.is_zero() && shares.iter().all(|share| share.is_zero()) {
                highest(goods)?
            } else {
                let parts = lists.into_iter().zip(shares);
                members.extend(parts.map(|(taxes, amount)| TaxMember { taxes, amount, ..charge }));
                return Ok(());
            }
        }
        _ => None,
    };
    members.push(TaxMember { taxes: taxes.unwrap_or(charge.taxes), ..charge });
    Ok(())
}

/// Shares an amount in whole minor units if it is whole itself: parts of it that are rounded on their own would not add up to it.
fn allocate_whole(
    amount: Amount,
    weights: &[Amount],
    factor: i64,
) -> Result<Vec<Amount>, AmountError> {
    if amount.minor().checked_rem(factor) != Some(0) {
        return allocate(amount, weights);
    }
    let whole = Amount::new(amount.minor().checked_div(factor).ok_or(AmountError)?)?;
    let scaled = |share: Amount| share.minor().checked_mul(factor).ok_or(AmountError);
    let shares = allocate(whole, weights)?;
    shares.into_iter().map(|share| Amount::new(scaled(share)?)).collect()
}

/// The lists of taxes of the goods that have a price, with the value of their goods.
fn by_taxes<'a>(
    goods: &[TaxMember<'a>],
) -> Result<(Vec<&'a [TaxComponent]>, Vec<Amount>), AmountError> {
    let (mut lists, mut values): (Vec<&[TaxComponent]>, Vec<Amount>) = (Vec::new(), Vec::new());
    for member in goods.iter().filter(|member| !member.amount.is_zero()) {
        let known = lists.iter().position(|taxes| member.has_taxes(taxes));
        if let Some(value) = known.and_then(|at| values.get_mut(at)) {
            *value = value.plus(member.amount)?;
        } else {
            lists.push(member.taxes);
            values.push(member.amount);
        }
    }
    Ok((lists, values))
}

/// The taxes of the goods with the highest rate; of equal ones the first.
fn highest<'a>(goods: &[TaxMember<'a>]) -> Result<Option<&'a [TaxComponent]>, AmountError> {
    let mut highest: Option<(&[TaxComponent], Fraction)> = None;
    for taxes in by_taxes(goods)?.0 {
        let rate = whole_rate(taxes)?;
        if highest.is_none_or(|(_, known)| rate.exceeds(known)) {
            highest = Some((taxes, rate));
        }
    }
    Ok(highest.map(|(taxes, _)| taxes))
}

/// One tax at the average rate of the goods, weighted by their net amounts after rounding.
fn average(
    goods: &[TaxMember<'_>],
    factor: i64,
    rules: &Rules,
) -> Result<Option<TaxComponent>, AmountError> {
    let splits = compute(goods, factor, rules, &mut Trace::silent())?.splits;
    let (mut weighted, mut nets) = (Fraction::ZERO, Amount::ZERO);
    for (member, (net, ..)) in goods.iter().zip(&splits) {
        nets = nets.plus(*net)?;
        let net = Fraction::whole(net.minor());
        weighted = weighted.plus(whole_rate(member.taxes)?.times(net)?)?;
    }
    if nets.is_zero() {
        return Ok(None);
    }
    let unit = crate::decimal::power_of_ten(AVERAGE_DIGITS);
    let hundred = Fraction::new(unit.checked_mul(100).ok_or(AmountError)?, 1)?;
    let rate = weighted.over(Fraction::whole(nets.minor()))?.times(hundred)?;
    let rate = i128::from(rate.rounded(Rounding::HalfUp)?.minor());
    let percent = Decimal::from_parts(rate, AVERAGE_DIGITS).ok_or(AmountError)?;
    let category = if percent.is_zero() { TaxCategory::Z } else { TaxCategory::S };
    Ok(Some(TaxComponent { category, percent, ..TaxComponent::default() }))
}
