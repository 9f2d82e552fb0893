//! Line prices: unit price × quantity, then the line's own charges and allowances.

use super::{
    price_list,
    promotion::Setting,
    trace::{RoundedLine, Trace, TraceStep, inexact},
    working::Working,
};
use crate::{
    currency::Currency,
    decimal::{Decimal, Entry},
    draft::{Adjustment, AdjustmentKind, DraftLine},
    issue::{Code, Issue},
    money::{Amount, AmountError},
    rounding::Rounding,
    ruleset::{
        LocalText, PriceBasis, PriceSource, Product, Promotion, Rules, TargetLine, TaxComponent,
    },
};

/// A line with its price; borrows what it can from the draft and the rules.
#[derive(Clone)]
pub(super) struct PricedLine<'a> {
    /// The line of the draft; a gift has none.
    pub line: Option<&'a DraftLine>,
    pub sku: &'a str,
    pub name: Option<&'a LocalText>,
    pub category: Option<&'a str>,
    pub tags: &'a [String],
    pub quantity: Decimal,
    /// Whole units, which promotions can count.
    pub units: u32,
    pub unit_price: Decimal,
    /// What a unit cost before it was reduced, if it was.
    pub original_unit_price: Option<Decimal>,
    /// The price list that the price is from.
    pub price_list: Option<&'a str>,
    pub floor_unit_price: Option<Decimal>,
    pub takes_promotions: bool,
    /// The promotion that gives it for nothing.
    pub gift_of: Option<&'a str>,
    pub base_quantity: Option<Decimal>,
    pub taxes: &'a [TaxComponent],
    pub basis: PriceBasis,
    /// In working units.
    pub amount: Amount,
    /// What staff took off the line by hand, in working units; the amount is without it.
    pub allowance: Amount,
}

impl PricedLine<'_> {
    /// The id of the draft line, or one that no draft line has.
    pub fn id(&self, index: usize) -> String {
        match (self.line, self.gift_of) {
            (Some(line), _) => line.id_or_position(index),
            (None, gift_of) => format!("gift:{}", gift_of.unwrap_or_default()),
        }
    }

    pub fn target_line(&self) -> TargetLine<'_> {
        TargetLine {
            sku: self.sku,
            category: self.category,
            tags: self.tags,
            unit_price: self.unit_price,
            quantity: self.quantity,
            is_reduced: self.original_unit_price.is_some_and(|usual| usual > self.unit_price),
        }
    }

    /// Whether a word is its SKU, its category or a tag of it.
    pub fn is_called(&self, word: &str) -> bool {
        self.sku == word || self.target_line().has_word(word)
    }
}

/// Prices every line; what cannot be priced becomes an issue with its path.
pub(super) fn price_all<'a>(
    setting: &Setting<'a>,
    trace: &mut Trace,
    issues: &mut Vec<Issue>,
) -> Vec<PricedLine<'a>> {
    let draft = setting.draft;
    let mut lines = Vec::with_capacity(draft.lines.len());
    let is_kept = trace.is_kept();
    let room = if is_kept { draft.lines.len() } else { 0 };
    let mut prices = Prices { is_kept, amounts: Vec::with_capacity(room), ..Prices::default() };
    for (index, line) in draft.lines.iter().enumerate() {
        match price(line, &lines, setting, &mut prices) {
            Ok(priced) => lines.push(priced),
            Err(issue) => issues.push(issue.under(&format!("/lines/{index}"))),
        }
    }
    trace.push(TraceStep::LinePrices { amounts_minor: prices.amounts, rounded: prices.rounded });
    trace.append(&mut prices.notes);
    lines
}

/// What the trace says of line prices.
#[derive(Default)]
struct Prices {
    /// Whether anybody wants to know.
    is_kept: bool,
    amounts: Vec<Amount>,
    rounded: Vec<RoundedLine>,
    notes: Vec<TraceStep>,
}

fn price<'a>(
    line: &'a DraftLine,
    before: &[PricedLine<'a>],
    setting: &Setting<'a>,
    prices: &mut Prices,
) -> Result<PricedLine<'a>, Issue> {
    // A line that has no price before this one stops everything: the count is the position.
    let index = before.len();
    let rules = setting.rules;
    let product = rules.product(&line.sku);
    let quantity = number(Some(&line.quantity), "/quantity")?;
    let usual = unit_price(line, product, rules)?;
    let listed = price_list::find(line, quantity, usual, setting, before, &mut prices.notes);
    let home_price = listed.map_or(usual, |listed| listed.unit_price);
    let (class, taxes) = taxes(line, product, setting, &home_price)?;
    let basis = basis(line, product, rules);
    let mut unit_price = home_price;
    if setting.taxes.moves_prices()
        && let Some(class) = class.filter(|_| basis.is_inclusive())
    {
        unit_price = setting.taxes.price(home_price, class, taxes).map_err(|_| too_large())?;
        if unit_price != home_price {
            let home_unit_price = home_price;
            prices.notes.push(TraceStep::DestinationPrice { line: index, home_unit_price });
        }
    }
    let priced =
        amount(index, line, quantity, unit_price, setting, prices).map_err(|_| too_large())??;
    let own = rules.ruleset().price_source == PriceSource::Draft;
    let of_draft = |price: Option<Decimal>| price.filter(|_| own);
    Ok(PricedLine {
        tags: if own && !line.tags.is_empty() {
            &line.tags
        } else {
            product.map_or(&[], |product| &product.tags)
        },
        units: whole_units(quantity),
        original_unit_price: listed.map(|_| usual).or_else(|| {
            of_draft(line.original_unit_price)
                .or(product.and_then(|product| product.original_unit_price))
        }),
        price_list: listed.map(|listed| listed.list.id.as_str()),
        floor_unit_price: of_draft(line.floor_unit_price)
            .or(product.and_then(|product| product.floor_unit_price)),
        takes_promotions: listed.is_none_or(|listed| listed.list.combines),
        gift_of: None,
        line: Some(line),
        sku: &line.sku,
        name: line.name.as_ref().or(product.map(|product| &product.name)),
        category: product.and_then(|product| product.category.as_deref()),
        quantity,
        unit_price,
        base_quantity: line.base_quantity,
        taxes,
        basis,
        amount: priced.amount,
        allowance: priced.allowance,
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

/// The taxes of a line, and their class unless the draft names the taxes themselves.
fn taxes<'a>(
    line: &'a DraftLine,
    product: Option<&'a Product>,
    setting: &Setting<'a>,
    unit_price: &Decimal,
) -> Result<(Option<&'a str>, &'a [TaxComponent]), Issue> {
    let own = setting.rules.ruleset().price_source == PriceSource::Draft;
    if let (true, Some(taxes)) = (own, &line.taxes) {
        return Ok((None, taxes));
    }
    let named = line.tax_class.as_deref().filter(|_| own);
    let Some(id) = named.or(product.map(|product| product.tax_class.as_str())) else {
        return Err(Issue::new(Code::Required, "/taxClass"));
    };
    Ok((Some(id), setting.taxes.taxes(id, Some(unit_price))?))
}

fn basis(line: &DraftLine, product: Option<&Product>, rules: &Rules) -> PriceBasis {
    let ruleset = rules.ruleset();
    let named = line.price_basis.filter(|_| ruleset.price_source == PriceSource::Draft);
    named.or(product.and_then(|it| it.price_basis)).unwrap_or(ruleset.price_basis)
}

/// What a line costs, and what staff took off it.
struct LineAmount {
    amount: Amount,
    allowance: Amount,
}

/// The outer error is an amount out of range, the inner one an adjustment that is not possible.
fn amount(
    index: usize,
    line: &DraftLine,
    quantity: Decimal,
    unit_price: Decimal,
    setting: &Setting<'_>,
    prices: &mut Prices,
) -> Result<Result<LineAmount, Issue>, AmountError> {
    let ruleset = setting.rules.ruleset();
    let rounding = ruleset.rounding.mode;
    let base = line.base_quantity.unwrap_or(Decimal::ONE);
    let (numerator, denominator) = minor_price(unit_price, quantity, base, ruleset.currency)?;
    if denominator <= 0 {
        return Ok(Err(Issue::new(Code::QuantityNotPositive, "/baseQuantity")));
    }
    let numerator = product(&[numerator, i128::from(setting.working.factor())])?;
    let price = Amount::from_fraction(numerator, denominator, rounding)?;
    if prices.is_kept {
        prices.amounts.push(setting.working.shown(price)?);
        let exact = inexact(numerator, denominator);
        prices.rounded.extend(exact.map(|exact| RoundedLine { line: index, exact }));
    }

    let (mut amount, mut allowance) = (price, Amount::ZERO);
    for (at, adjustment) in line.adjustments.iter().enumerate() {
        let change = match adjustment_amount(adjustment, price, setting.working, rounding)? {
            Ok(change) => change,
            Err(issue) => return Ok(Err(issue.under(&format!("/adjustments/{at}")))),
        };
        amount = amount.plus(change)?;
        allowance = allowance.minus(change.min(Amount::ZERO))?;
        let reason = adjustment.reason.clone();
        prices.notes.push(TraceStep::LineAdjustment {
            line: index,
            amount_minor: setting.working.shown(change)?,
            reason,
        });
    }
    if amount.is_negative() && !price.is_negative() {
        let issue = Issue::new(Code::DiscountTooLarge, "/adjustments")
            .with("discountMinor", setting.working.shown(price.minus(amount)?)?)
            .with("availableMinor", setting.working.shown(price)?)
            .with("currency", ruleset.currency);
        return Ok(Err(issue));
    }
    Ok(Ok(LineAmount { amount, allowance }))
}

/// Unit price × quantity in minor units: numerator and denominator; the latter is not above zero for an impossible base quantity.
pub(super) fn minor_price(
    unit_price: Decimal,
    quantity: Decimal,
    base: Decimal,
    currency: Currency,
) -> Result<(i128, i128), AmountError> {
    let minor_per_major = i128::from(currency.minor_per_major());
    let numerator = product(&[
        unit_price.mantissa(),
        quantity.mantissa(),
        minor_per_major,
        base.denominator(),
    ])?;
    let denominator =
        product(&[unit_price.denominator(), quantity.denominator(), base.mantissa()])?;
    Ok((numerator, denominator))
}

pub(super) fn whole_units(quantity: Decimal) -> u32 {
    let whole = quantity.mantissa().checked_div(quantity.denominator()).unwrap_or(0);
    u32::try_from(whole).unwrap_or(0)
}

/// A line that a promotion gives for nothing, at the usual price.
pub(super) fn gift_line<'a>(
    promotion: &'a Promotion,
    sku: &'a str,
    count: u32,
    setting: &Setting<'a>,
) -> Result<PricedLine<'a>, Issue> {
    let path = || format!("/promotions/{}", promotion.id);
    let product = setting.rules.product(sku);
    let product = product.ok_or_else(|| Issue::new(Code::SkuUnknown, path()).with("sku", sku))?;
    let quantity = Decimal::from_integer(count.into());
    let taxes = setting.taxes.taxes(&product.tax_class, Some(&product.unit_price))?;
    let amount = setting.price_of(product.unit_price, quantity).map_err(|_| too_large())?;
    Ok(PricedLine {
        line: None,
        sku,
        name: Some(&product.name),
        category: product.category.as_deref(),
        tags: &product.tags,
        quantity,
        units: count,
        unit_price: product.unit_price,
        original_unit_price: None,
        price_list: None,
        floor_unit_price: None,
        takes_promotions: false,
        gift_of: Some(&promotion.id),
        base_quantity: None,
        taxes,
        basis: product.price_basis.unwrap_or(setting.rules.ruleset().price_basis),
        amount,
        allowance: Amount::ZERO,
    })
}

/// The signed amount of a manual adjustment: negative for an allowance.
pub(super) fn adjustment_amount(
    adjustment: &Adjustment,
    base: Amount,
    working: Working,
    rounding: Rounding,
) -> Result<Result<Amount, Issue>, AmountError> {
    let invalid = |reason: &str| Issue::new(Code::AdjustmentInvalid, "").with("reason", reason);
    let amount = match (adjustment.amount_minor, adjustment.percent) {
        (Some(amount), None) => working.up(amount)?,
        (None, Some(percent)) => {
            let base = adjustment.base_minor.map_or(Ok(base), |base| working.up(base))?;
            working.up(working.shown(percent_of(base, percent, rounding)?)?)?
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
pub(crate) fn percent_of(
    base: Amount,
    percent: Decimal,
    rounding: Rounding,
) -> Result<Amount, AmountError> {
    let numerator = product(&[i128::from(base.minor()), percent.mantissa()])?;
    Amount::from_fraction(numerator, product(&[100, percent.denominator()])?, rounding)
}

/// The exact product of all factors.
pub(crate) fn product(factors: &[i128]) -> Result<i128, AmountError> {
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
