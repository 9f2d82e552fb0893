//! Pricing: a draft and the shop's rules give totals, and the reason for every amount.
//!
//! The steps run in one order: line prices, the line's own adjustments, line promotions, order
//! promotions (with coupons), document adjustments, shipping, tax, payable. Fractions are exact
//! until the ruleset says where to round.

mod discount;
mod line;
mod quote;
mod shipping;
mod tax;
mod trace;

pub use quote::{AppliedAdjustment, Quote, QuoteLine, QuoteShipping, TaxTotal, Totals};
pub(crate) use shipping::check as check_shipping;
pub use trace::{RoundedLine, TraceStep};

use crate::{
    context::Context,
    draft::{AdjustmentKind, Draft},
    issue::{Code, Issue, Refusal},
    limits::MAX_LINES,
    money::{Amount, AmountError, collect},
    ruleset::Rules,
};
use discount::DocumentAdjustment;
use line::PricedLine;
use tax::{TaxMember, TaxResult};

/// Prices a draft by the rules and what is known besides: the time, the customer, stock, balances.
///
/// The same draft, rules and context always give the same bytes, in the browser and on the server.
///
/// # Errors
///
/// All reasons why there is no price: unknown SKUs, missing or malformed numbers, a shipping method
/// that does not serve the country, a missing tax rate, an amount beyond 2^53 − 1.
///
/// # Example
///
/// ```
/// use orderkit::{Context, Draft, Rules, quote};
///
/// let rules = Rules::from_json(br#"{
///     "version": "1", "name": {"en": "Tea shop"}, "currency": "EUR", "homeCountry": "DE",
///     "priceBasis": "taxInclusive",
///     "products": [{"sku": "TEA", "name": {"en": "Tea"}, "unitPrice": "4.95", "taxClass": "food"}],
///     "taxClasses": [{"id": "food", "rules": [{"components": [{"percent": "7"}]}]}]
/// }"#).unwrap();
/// let draft: Draft =
///     serde_json::from_str(r#"{"lines": [{"sku": "TEA", "quantity": "3"}]}"#).unwrap();
///
/// let totals = quote(&draft, &rules, &Context::at(0)).unwrap().totals;
/// assert_eq!((totals.gross_minor.minor(), totals.tax_minor.minor()), (1_485, 97));
/// ```
pub fn quote(draft: &Draft, rules: &Rules, context: &Context) -> Result<Quote, Refusal> {
    if draft.lines.len() > MAX_LINES {
        let issue = Issue::new(Code::LinesTooMany, "/lines");
        return Err(issue.with("maximum", MAX_LINES).with("count", draft.lines.len()).into());
    }
    let mut trace = Vec::with_capacity(draft.lines.len().saturating_add(8));
    let mut issues = Vec::new();
    let country = draft.details.country().unwrap_or(&rules.ruleset().home_country);
    let lines = line::price_all(draft, rules, country, &mut trace, &mut issues);
    let method = shipping::choose(draft, rules, country, &mut issues);
    Refusal::unless_empty(issues)?;

    let mut left: Vec<Amount> = lines.iter().map(|line| line.amount).collect();
    let items = Amount::sum(left.iter().copied())?;
    let mut adjustments = Vec::new();
    discount::promotions(
        draft,
        rules,
        context.now_ms,
        &lines,
        &mut left,
        &mut adjustments,
        &mut trace,
    )?;
    let documents = discount::manual(draft, rules, &mut left, &mut adjustments, &mut trace)?;
    let after_discounts = Amount::sum(left.iter().copied())?;
    let charge = match method {
        Some(method) => {
            Some((method, shipping::charge(method, items, after_discounts, &mut trace)?))
        }
        None => None,
    };

    let mut members: Vec<TaxMember<'_>> = Vec::with_capacity(left.len().saturating_add(4));
    members.extend(lines.iter().zip(&left).enumerate().map(|(index, (line, amount))| TaxMember {
        line: Some(index),
        taxes: line.taxes,
        amount: *amount,
    }));
    members.extend(documents.iter().map(|document| TaxMember {
        line: None,
        taxes: document.taxes,
        amount: document.amount,
    }));
    if let Some((method, amount)) = charge {
        let taxes = shipping::taxes(method, rules, country)?;
        members.push(TaxMember { line: None, taxes, amount });
    }
    let taxed = tax::compute(&members, rules, &mut trace)?;

    let shipping = charge.map(|(method, amount)| {
        let (net, tax, gross) = taxed.split_of_last();
        QuoteShipping {
            method: method.id.clone(),
            amount_minor: amount,
            net_minor: net,
            tax_minor: tax,
            gross_minor: gross,
        }
    });
    let totals = Sums { draft, items, after_discounts, documents: &documents, shipping: &shipping }
        .totals(&taxed, &mut trace)?;
    Ok(Quote {
        ruleset_version: rules.ruleset().version.clone(),
        ruleset_digest: rules.digest().to_owned(),
        currency: rules.ruleset().currency,
        price_basis: rules.ruleset().price_basis,
        lines: quote_lines(lines, &left, &taxed)?,
        adjustments,
        shipping,
        taxes: taxed.totals,
        totals,
        trace,
    })
}

fn quote_lines(
    lines: Vec<PricedLine<'_>>,
    left: &[Amount],
    taxed: &TaxResult,
) -> Result<Vec<QuoteLine>, AmountError> {
    let rows = lines.into_iter().zip(left).zip(&taxed.splits);
    collect(rows.map(|((line, left), &(net, tax, gross))| {
        Ok(QuoteLine {
            discount_minor: line.amount.minus(*left)?,
            id: line.id,
            sku: line.sku.to_owned(),
            name: line.name.cloned(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            base_quantity: line.base_quantity,
            amount_minor: line.amount,
            net_minor: net,
            tax_minor: tax,
            gross_minor: gross,
        })
    }))
}

/// What the totals are made of.
struct Sums<'a> {
    draft: &'a Draft,
    items: Amount,
    after_discounts: Amount,
    documents: &'a [DocumentAdjustment<'a>],
    shipping: &'a Option<QuoteShipping>,
}

impl Sums<'_> {
    fn totals(&self, taxed: &TaxResult, trace: &mut Vec<TraceStep>) -> Result<Totals, AmountError> {
        let of_kind = |kind| {
            let documents = self.documents.iter().filter(move |document| document.kind == kind);
            Amount::sum(documents.map(|document| document.amount))
        };
        let allowances = of_kind(AdjustmentKind::Allowance)?.negate();
        let charges = of_kind(AdjustmentKind::Charge)?;
        let net = Amount::sum(taxed.splits.iter().map(|split| split.0))?;
        let tax = Amount::sum(taxed.splits.iter().map(|split| split.1))?;
        let gross = Amount::sum(taxed.splits.iter().map(|split| split.2))?;
        let prepaid = self.draft.prepaid_minor.unwrap_or_default();
        let rounding = self.draft.payable_rounding_minor.unwrap_or_default();
        if !prepaid.is_zero() || !rounding.is_zero() {
            trace.push(TraceStep::Payable { prepaid_minor: prepaid, rounding_minor: rounding });
        }
        Ok(Totals {
            items_minor: self.items,
            discount_minor: self.items.minus(self.after_discounts)?,
            allowance_minor: allowances,
            charge_minor: charges,
            shipping_minor: self.shipping.as_ref().map_or(Amount::ZERO, |it| it.amount_minor),
            net_minor: net,
            tax_minor: tax,
            gross_minor: gross,
            payable_minor: gross.minus(prepaid)?.plus(rounding)?,
        })
    }
}
