//! Line prices: unit price × quantity, then the line's own charges and allowances.

use super::trace::{RoundedLine, TraceStep, inexact};
use crate::{
    decimal::{Decimal, Entry},
    draft::{Adjustment, AdjustmentKind, Draft, DraftLine},
    issue::{Code, Issue},
    money::{Amount, AmountError},
    rounding::Rounding,
    ruleset::{LocalText, PriceSource, Product, Rules, TaxComponent},
};

/// A line with its price; borrows what it can from the draft and the rules.
pub(super) struct PricedLine<'a> {
    pub id: String,
    pub sku: &'a str,
    pub name: Option<&'a LocalText>,
    pub category: Option<&'a str>,
    pub quantity: Decimal,
    pub unit_price: Decimal,
    pub base_quantity: Option<Decimal>,
    pub taxes: &'a [TaxComponent],
    pub amount: Amount,
}

/// Prices every line; what cannot be priced becomes an issue with its path.
pub(super) fn price_all<'a>(
    draft: &'a Draft,
    rules: &'a Rules,
    country: &str,
    trace: &mut Vec<TraceStep>,
    issues: &mut Vec<Issue>,
) -> Vec<PricedLine<'a>> {
    let mut lines = Vec::with_capacity(draft.lines.len());
    let mut prices = Prices { amounts: Vec::with_capacity(draft.lines.len()), ..Prices::default() };
    for (index, line) in draft.lines.iter().enumerate() {
        match price(index, line, rules, country, &mut prices) {
            Ok(priced) => lines.push(priced),
            Err(issue) => issues.push(issue.under(&format!("/lines/{index}"))),
        }
    }
    trace.push(TraceStep::LinePrices { amounts_minor: prices.amounts, rounded: prices.rounded });
    trace.append(&mut prices.adjustments);
    lines
}

/// What the trace says of line prices.
#[derive(Default)]
struct Prices {
    amounts: Vec<Amount>,
    rounded: Vec<RoundedLine>,
    adjustments: Vec<TraceStep>,
}

fn price<'a>(
    index: usize,
    line: &'a DraftLine,
    rules: &'a Rules,
    country: &str,
    prices: &mut Prices,
) -> Result<PricedLine<'a>, Issue> {
    let product = rules.product(&line.sku);
    let quantity = number(Some(&line.quantity), "/quantity")?;
    let unit_price = unit_price(line, product, rules)?;
    let taxes = taxes(line, product, rules, country)?;
    let amount =
        amount(index, line, quantity, unit_price, rules, prices).map_err(|_| too_large())??;
    Ok(PricedLine {
        id: line.id_or_position(index),
        sku: &line.sku,
        name: line.name.as_ref().or(product.map(|product| &product.name)),
        category: product.and_then(|product| product.category.as_deref()),
        quantity,
        unit_price,
        base_quantity: line.base_quantity,
        taxes,
        amount,
    })
}

fn number(entry: Option<&Entry>, path: &str) -> Result<Decimal, Issue> {
    match entry {
        Some(Entry::Value(value)) => Ok(*value),
        Some(Entry::Text(text)) if !text.is_empty() => Err(Issue::new(Code::NumberMalformed, path)),
        _ => Err(Issue::new(Code::Required, path)),
    }
}

fn unit_price(
    line: &DraftLine,
    product: Option<&Product>,
    rules: &Rules,
) -> Result<Decimal, Issue> {
    match rules.ruleset().price_source {
        PriceSource::PriceList => {
            let Some(product) = product else {
                let code = if line.sku.is_empty() { Code::Required } else { Code::SkuUnknown };
                return Err(Issue::new(code, "/sku").with("sku", line.sku.as_str()));
            };
            if line.unit_price.is_some() || line.base_quantity.is_some() {
                let issue = Issue::new(Code::PriceNotAllowed, "/unitPrice");
                return Err(issue.with("sku", line.sku.as_str()));
            }
            if line.quantity.value().is_some_and(|quantity| quantity <= Decimal::ZERO) {
                return Err(Issue::new(Code::QuantityNotPositive, "/quantity"));
            }
            Ok(product.unit_price)
        }
        PriceSource::Draft => match (&line.unit_price, product) {
            (None, Some(product)) => Ok(product.unit_price),
            (price, _) => number(price.as_ref(), "/unitPrice"),
        },
    }
}

fn taxes<'a>(
    line: &'a DraftLine,
    product: Option<&'a Product>,
    rules: &'a Rules,
    country: &str,
) -> Result<&'a [TaxComponent], Issue> {
    let own = rules.ruleset().price_source == PriceSource::Draft;
    if let (true, Some(taxes)) = (own, &line.taxes) {
        return Ok(taxes);
    }
    let named = line.tax_class.as_deref().filter(|_| own);
    let Some(id) = named.or(product.map(|product| product.tax_class.as_str())) else {
        return Err(Issue::new(Code::Required, "/taxClass"));
    };
    rules.tax_class(id).and_then(|class| class.components(country)).ok_or_else(|| {
        Issue::new(Code::TaxRateMissing, "").with("taxClass", id).with("country", country)
    })
}

/// The outer error is an amount out of range, the inner one an adjustment that is not possible.
fn amount(
    index: usize,
    line: &DraftLine,
    quantity: Decimal,
    unit_price: Decimal,
    rules: &Rules,
    prices: &mut Prices,
) -> Result<Result<Amount, Issue>, AmountError> {
    let rounding = rules.ruleset().rounding.mode;
    let base = line.base_quantity.unwrap_or(Decimal::ONE);
    let minor_per_major = i128::from(rules.ruleset().currency.minor_per_major());
    let numerator = product(&[
        unit_price.mantissa(),
        quantity.mantissa(),
        minor_per_major,
        base.denominator(),
    ])?;
    let denominator =
        product(&[unit_price.denominator(), quantity.denominator(), base.mantissa()])?;
    if denominator <= 0 {
        return Ok(Err(Issue::new(Code::QuantityNotPositive, "/baseQuantity")));
    }
    let price = Amount::from_fraction(numerator, denominator, rounding)?;
    prices.amounts.push(price);
    let exact = inexact(numerator, denominator);
    prices.rounded.extend(exact.map(|exact| RoundedLine { line: index, exact }));

    let mut amount = price;
    for (at, adjustment) in line.adjustments.iter().enumerate() {
        let change = match adjustment_amount(adjustment, price, rounding)? {
            Ok(change) => change,
            Err(issue) => return Ok(Err(issue.under(&format!("/adjustments/{at}")))),
        };
        amount = amount.plus(change)?;
        let reason = adjustment.reason.clone();
        prices.adjustments.push(TraceStep::LineAdjustment {
            line: index,
            amount_minor: change,
            reason,
        });
    }
    if amount.is_negative() && !price.is_negative() {
        let issue = Issue::new(Code::DiscountTooLarge, "/adjustments")
            .with("discountMinor", price.minus(amount)?)
            .with("availableMinor", price)
            .with("currency", rules.ruleset().currency);
        return Ok(Err(issue));
    }
    Ok(Ok(amount))
}

/// The signed amount of a manual adjustment: negative for an allowance.
pub(super) fn adjustment_amount(
    adjustment: &Adjustment,
    base: Amount,
    rounding: Rounding,
) -> Result<Result<Amount, Issue>, AmountError> {
    let invalid = |reason: &str| Issue::new(Code::AdjustmentInvalid, "").with("reason", reason);
    let amount = match (adjustment.amount_minor, adjustment.percent) {
        (Some(amount), None) => amount,
        (None, Some(percent)) => {
            percent_of(adjustment.base_minor.unwrap_or(base), percent, rounding)?
        }
        (None, None) => return Ok(Err(invalid("give amountMinor or percent"))),
        (Some(_), Some(_)) => {
            return Ok(Err(invalid("give either amountMinor or percent, not both")));
        }
    };
    Ok(Ok(match adjustment.kind {
        AdjustmentKind::Allowance => amount.negate(),
        AdjustmentKind::Charge => amount,
    }))
}

/// A percentage of an amount, rounded once.
pub(super) fn percent_of(
    base: Amount,
    percent: Decimal,
    rounding: Rounding,
) -> Result<Amount, AmountError> {
    let numerator = product(&[i128::from(base.minor()), percent.mantissa()])?;
    Amount::from_fraction(numerator, product(&[100, percent.denominator()])?, rounding)
}

/// The exact product of all factors.
pub(super) fn product(factors: &[i128]) -> Result<i128, AmountError> {
    // 128-bit multiplication is a library call on wasm32; the first try stays in registers.
    let narrow = factors
        .iter()
        .try_fold(1_i64, |product, &factor| product.checked_mul(i64::try_from(factor).ok()?));
    if let Some(product) = narrow {
        return Ok(i128::from(product));
    }
    factors
        .iter()
        .try_fold(1_i128, |product, &factor| product.checked_mul(factor))
        .ok_or(AmountError)
}

fn too_large() -> Issue {
    Issue::new(Code::AmountTooLarge, "").with("maximumMinor", Amount::MAX)
}
