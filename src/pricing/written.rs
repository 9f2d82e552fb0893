//! A priced draft written down as a quote: whole minor units, names, shares.

use super::{
    MANUAL, POINTS,
    cart::Cart,
    line::PricedLine,
    promotion::Deal,
    quote::{AppliedAdjustment, Quote, QuoteLine, QuoteShipping, ShippingDiscount},
    run::{Charged, Priced},
    tax::TaxResult,
    trace::Trace,
    working::Working,
};
use crate::{
    money::{Amount, AmountError, collect},
    ruleset::{LocalText, PriceBasis, Rules},
};

pub(super) fn quote(
    priced: Priced<'_>,
    rules: &Rules,
    working: Working,
    trace: Trace,
) -> Result<Quote, AmountError> {
    let adjustments = adjustments(&priced, working)?;
    let basis = rules.ruleset().price_basis;
    let Priced { cart, shipping, mut taxed, tenders, totals, .. } = priced;
    Ok(Quote {
        ruleset_version: rules.ruleset().version.clone(),
        ruleset_digest: rules.digest().to_owned(),
        currency: rules.ruleset().currency,
        price_basis: basis,
        shipping: shipping.map(|charged| charge(charged, &taxed, working)).transpose()?,
        lines: lines(cart, &mut taxed, working, basis)?,
        adjustments,
        taxes: taxed.totals,
        tenders,
        totals,
        later: Vec::new(),
        trace: trace.into_steps(),
    })
}

fn lines(
    cart: Cart<'_>,
    taxed: &mut TaxResult,
    working: Working,
    basis: PriceBasis,
) -> Result<Vec<QuoteLine>, AmountError> {
    let Cart { lines, left, .. } = cart;
    let mut parts = core::mem::take(&mut taxed.parts).into_iter();
    let rows = lines.into_iter().zip(left).zip(&taxed.splits).enumerate();
    collect(rows.map(|(index, ((line, left), &(net, tax, gross)))| {
        let amount_minor = working.shown(line.amount)?;
        Ok(QuoteLine {
            discount_minor: amount_minor.minus(working.shown(left)?)?,
            sku: line.sku.to_owned(),
            name: line.name.cloned(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            base_quantity: line.base_quantity,
            price_list: line.price_list.map(str::to_owned),
            gift_of: line.gift_of.map(str::to_owned),
            amount_minor,
            net_minor: net,
            tax_minor: tax,
            gross_minor: gross,
            price_basis: (line.basis != basis).then_some(line.basis),
            taxes: parts.next().unwrap_or_default(),
            id: line.id(index),
        })
    }))
}

fn charge(
    charged: Charged<'_>,
    taxed: &TaxResult,
    working: Working,
) -> Result<QuoteShipping, AmountError> {
    let (net_minor, tax_minor, gross_minor) = taxed.shipping;
    let discounts = charged.deals.into_iter().map(|deal| {
        Ok(ShippingDiscount {
            rule: deal.promotion.id.clone(),
            coupon_code: deal.coupon.cloned(),
            name: deal.promotion.name.clone(),
            amount_minor: working.shown(deal.amount)?,
        })
    });
    Ok(QuoteShipping {
        method: charged.method.id.clone(),
        charge_minor: working.shown(charged.charge)?,
        discounts: collect(discounts)?,
        amount_minor: working.shown(charged.left)?,
        estimate: charged.estimate,
        net_minor,
        tax_minor,
        gross_minor,
    })
}

/// Everything that changed the lines, in the order in which it was taken, with the share of each line.
fn adjustments(
    priced: &Priced<'_>,
    working: Working,
) -> Result<Vec<AppliedAdjustment>, AmountError> {
    let mut writer = Writer {
        working,
        lines: &priced.cart.lines,
        taken: vec![Amount::ZERO; if working.is_minor() { 0 } else { priced.cart.lines.len() }],
        written: Vec::with_capacity(priced.deals.len()),
    };
    for deal in &priced.deals {
        writer.deal(deal)?;
    }
    if let Some((_, shares)) = &priced.points {
        writer.add(POINTS, None, None, shares)?;
    }
    for gift in &priced.gifts {
        let mut shares = vec![Amount::ZERO; priced.cart.lines.len()];
        if let (Some(share), Some(line)) =
            (shares.get_mut(gift.line), priced.cart.lines.get(gift.line))
        {
            *share = line.amount;
        }
        let name = Some(gift.promotion.name.clone());
        writer.add(&gift.promotion.id, gift.coupon, name, &shares)?;
    }
    for shared in &priced.manual.shared {
        writer.add(MANUAL, None, shared.reason.map(LocalText::new), &shared.shares)?;
    }
    Ok(writer.written)
}

struct Writer<'w, 'a> {
    working: Working,
    lines: &'w [PricedLine<'a>],
    /// What earlier adjustments took off each line, in working units; empty where those are minor units.
    taken: Vec<Amount>,
    written: Vec<AppliedAdjustment>,
}

impl Writer<'_, '_> {
    fn deal(&mut self, deal: &Deal<'_>) -> Result<(), AmountError> {
        let name = Some(deal.promotion.name.clone());
        self.add(&deal.promotion.id, deal.coupon, name, &deal.shares)
    }

    fn add(
        &mut self,
        rule: &str,
        coupon_code: Option<&String>,
        name: Option<LocalText>,
        shares: &[Amount],
    ) -> Result<(), AmountError> {
        let mut shares_minor =
            if self.working.is_minor() { shares.to_vec() } else { self.in_minor(shares)? };
        // Gifts come after the promotions, whose lists know nothing of their lines.
        shares_minor.resize(self.lines.len(), Amount::ZERO);
        self.written.push(AppliedAdjustment {
            rule: rule.to_owned(),
            coupon_code: coupon_code.cloned(),
            name,
            amount_minor: Amount::sum(shares_minor.iter().copied())?,
            shares_minor,
        });
        Ok(())
    }

    /// Whole minor units that add up with those of earlier adjustments to what is shown of the line.
    fn in_minor(&mut self, shares: &[Amount]) -> Result<Vec<Amount>, AmountError> {
        let mut minor = Vec::with_capacity(shares.len());
        for ((share, taken), line) in shares.iter().zip(&mut self.taken).zip(self.lines) {
            let before = self.working.shown(line.amount.minus(*taken)?)?;
            *taken = taken.plus(*share)?;
            minor.push(before.minus(self.working.shown(line.amount.minus(*taken)?)?)?);
        }
        Ok(minor)
    }
}
