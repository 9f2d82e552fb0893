//! One run of pricing, step by step, before it is written down as a quote.

use super::{
    cart::Cart,
    line,
    manual::{self, Manual},
    promotion::{self, Deal, Given, Setting},
    quote::{ShippingEstimate, Tender, Totals},
    shipping::{self, Charge, Goods, Shipment},
    tax::{self, Charges, TaxMember, TaxResult},
    tender::{self, PointsSpent},
    trace::{Trace, TraceStep},
};
use crate::{
    draft::AdjustmentKind,
    issue::Refusal,
    money::{Amount, AmountError, collect},
    ruleset::ShippingMethod,
};

/// Everything that was priced; amounts in working units unless they are named minor.
pub(super) struct Priced<'a> {
    pub cart: Cart<'a>,
    pub deals: Vec<Deal<'a>>,
    pub gifts: Vec<Given<'a>>,
    pub points: Option<(PointsSpent, Vec<Amount>)>,
    pub manual: Manual<'a>,
    pub shipping: Option<Charged<'a>>,
    pub taxed: TaxResult,
    pub tenders: Vec<Tender>,
    pub totals: Totals,
}

/// The shipping charge.
pub(super) struct Charged<'a> {
    pub method: &'a ShippingMethod,
    /// Before promotions.
    pub charge: Amount,
    pub estimate: Option<ShippingEstimate>,
    pub deals: Vec<Deal<'a>>,
    /// After promotions.
    pub left: Amount,
}

pub(super) fn price<'a>(setting: Setting<'a>, trace: &mut Trace) -> Result<Priced<'a>, Refusal> {
    let mut issues = Vec::new();
    let lines = line::price_all(&setting, trace, &mut issues);
    let method = shipping::choose(setting.draft, setting.rules, setting.country, &mut issues);
    Refusal::unless_empty(issues)?;

    let cart = Cart::new(lines);
    let mut setting = setting;
    if let Some(method) = method
        && setting.rules.spans_shipping()
    {
        let charge = charge(method, &cart, &setting, &mut Trace::silent())?;
        setting.charge = setting.working.up(charge.amount)?;
    }
    if setting.rules.ruleset().stacking.best_for_customer && setting.allowed.is_empty() {
        let totals = |allowed: Vec<bool>| {
            let setting = Setting { allowed, ..setting.clone() };
            // A combination that has no price, such as one that cannot be delivered, is none.
            let priced = discounted(cart.clone(), method, &setting, &mut Trace::silent()).ok();
            priced.map(|priced| priced.totals)
        };
        let allowed = promotion::best_combination(&cart, &setting, &totals, trace)?;
        setting.allowed = allowed;
    }
    discounted(cart, method, &setting, trace)
}

/// Everything from the promotions on, for lines that have their prices.
fn discounted<'a>(
    mut cart: Cart<'a>,
    method: Option<&'a ShippingMethod>,
    setting: &Setting<'a>,
    trace: &mut Trace,
) -> Result<Priced<'a>, Refusal> {
    let deals = promotion::run(&mut cart, setting, trace)?;
    let points = promotion::spend_points(&mut cart, setting, trace)?;
    let gifts = promotion::give(&mut cart, setting, trace)?;
    let manual = manual::apply(&mut cart, setting, trace)?;
    let shipping = match method {
        Some(method) => {
            let Charge { amount, estimate } = charge(method, &cart, setting, trace)?;
            let charge = setting.working.up(amount)?;
            let (deals, left) = promotion::off_shipping(charge, &mut cart, setting, &deals, trace)?;
            Some(Charged { method, charge, estimate, deals, left })
        }
        None => None,
    };
    let taxed = taxes(&cart, &manual, shipping.as_ref(), setting, trace)?;
    let mut totals = sums(&cart, &manual, shipping.as_ref(), &taxed, setting, trace)?;
    let tenders = tender::tenders(totals.payable_minor, setting, trace)?;
    for tender in &tenders {
        totals.payable_minor = totals.payable_minor.minus(tender.amount_minor)?;
    }
    totals.cash_rounding_minor = tender::cash_rounding(totals.payable_minor, setting, trace);
    totals.payable_minor = totals.payable_minor.plus(totals.cash_rounding_minor)?;
    Ok(Priced { cart, deals, gifts, points, manual, shipping, taxed, tenders, totals })
}

/// What the method asks for, in minor units, for the goods as discounts have left them.
fn charge(
    method: &ShippingMethod,
    cart: &Cart<'_>,
    setting: &Setting<'_>,
    trace: &mut Trace,
) -> Result<Charge, Refusal> {
    let Setting { draft, rules, context, country, working, .. } = *setting;
    let rows = cart.lines.iter().zip(&cart.left).enumerate();
    let goods = collect(rows.map(|(index, (line, left))| {
        Ok(Goods {
            line: draft.lines.get(index),
            sku: line.sku,
            tags: line.tags,
            quantity: line.quantity,
            before_discounts: match line.gift_of {
                Some(_) => Amount::ZERO,
                None => working.shown(line.amount)?,
            },
            after_discounts: working.shown(*left)?,
        })
    }))?;
    let shipment = Shipment { draft, rules, context, country, goods: &goods };
    shipping::charge(method, &shipment, trace)
}

fn taxes<'a>(
    cart: &Cart<'a>,
    manual: &Manual<'a>,
    shipping: Option<&Charged<'a>>,
    setting: &Setting<'a>,
    trace: &mut Trace,
) -> Result<TaxResult, Refusal> {
    let mut members: Vec<TaxMember<'_>> = Vec::with_capacity(cart.left.len().saturating_add(4));
    let rows = cart.lines.iter().zip(&cart.left).enumerate();
    members.extend(rows.map(|(index, (line, amount))| TaxMember {
        line: Some(index),
        is_shipping: false,
        taxes: line.taxes,
        basis: line.basis,
        quantity: Some(&line.quantity),
        amount: *amount,
    }));
    let charges = Charges {
        documents: &manual.documents,
        shipping: shipping.map(|charged| (charged.method, charged.left)),
        factor: setting.working.factor(),
    };
    let average = charges.average(&members, setting.rules)?;
    charges.add_to(&mut members, average.as_ref(), setting)?;
    Ok(tax::compute(&members, setting.working.factor(), setting.rules, trace)?)
}

/// The totals, in minor units. The sums of what is shown are those of the lines that are shown.
fn sums(
    cart: &Cart<'_>,
    manual: &Manual<'_>,
    shipping: Option<&Charged<'_>>,
    taxed: &TaxResult,
    setting: &Setting<'_>,
    trace: &mut Trace,
) -> Result<Totals, AmountError> {
    let working = setting.working;
    let shown = |amounts: Vec<Amount>| {
        amounts.into_iter().try_fold(Amount::ZERO, |sum, amount| sum.plus(working.shown(amount)?))
    };
    let items = shown(cart.lines.iter().map(|line| line.amount).collect())?;
    let left = shown(cart.left.clone())?;
    let of_kind = |kind| {
        let documents = manual.documents.iter().filter(move |document| document.kind == kind);
        shown(documents.map(|document| document.amount).collect())
    };
    let net = Amount::sum(taxed.splits.iter().map(|split| split.0))?;
    let tax = Amount::sum(taxed.splits.iter().map(|split| split.1))?;
    let gross = Amount::sum(taxed.splits.iter().map(|split| split.2))?;
    let prepaid = setting.draft.prepaid_minor.unwrap_or_default();
    let rounding = setting.draft.payable_rounding_minor.unwrap_or_default();
    if !prepaid.is_zero() || !rounding.is_zero() {
        trace.push(TraceStep::Payable { prepaid_minor: prepaid, rounding_minor: rounding });
    }
    Ok(Totals {
        items_minor: items,
        discount_minor: items.minus(left)?,
        allowance_minor: of_kind(AdjustmentKind::Allowance)?.negate(),
        charge_minor: of_kind(AdjustmentKind::Charge)?,
        shipping_minor: shipping.map_or(Ok(Amount::ZERO), |it| working.shown(it.left))?,
        net_minor: net,
        tax_minor: tax,
        gross_minor: gross,
        cash_rounding_minor: Amount::ZERO,
        payable_minor: gross.minus(prepaid)?.plus(rounding)?,
    })
}
