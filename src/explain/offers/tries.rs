//! The cart with more in it, priced: whether an offer comes true, and what it saves.

use crate::{
    context::Context,
    decimal::Decimal,
    draft::{Draft, DraftLine},
    money::Amount,
    pricing::{Quote, TraceStep, quote},
    ruleset::{Rules, Target},
};

/// Goods that could be added.
#[derive(Clone, Copy)]
pub(super) struct Goods<'a> {
    pub sku: &'a str,
    /// The line that has them already.
    pub line: Option<usize>,
    /// The price of `base_quantity` units, in major units.
    unit_price: Decimal,
    base_quantity: Decimal,
}

/// A draft that is priced again with more in it, so often at most.
pub(super) struct Tries<'a> {
    pub draft: &'a Draft,
    pub rules: &'a Rules,
    pub context: &'a Context,
    pub left: u32,
}

impl<'a> Tries<'a> {
    /// The quote with more of some goods; none if there is no price, or nothing more is tried.
    pub fn with(&mut self, more: &[(Goods<'a>, Decimal)]) -> Option<Quote> {
        self.left = self.left.checked_sub(1)?;
        let mut draft = self.draft.clone();
        for (goods, quantity) in more {
            match goods.line.and_then(|line| draft.lines.get_mut(line)) {
                Some(line) => line.quantity = line.quantity.value()?.checked_add(*quantity)?.into(),
                None => draft.lines.push(DraftLine {
                    sku: goods.sku.to_owned(),
                    quantity: (*quantity).into(),
                    ..DraftLine::default()
                }),
            }
        }
        quote(&draft, self.rules, self.context).ok()
    }

    /// The cheapest goods of a target: of the order, or of the shop if none of them is in it.
    pub fn cheapest(&self, target: &Target, base: &'a Quote) -> Option<Goods<'a>> {
        let in_order = self.in_order(target, base).min_by_key(|goods| goods.minor(base));
        let products = self.rules.ruleset().products.iter();
        in_order.or_else(|| {
            let fitting = products.filter(|product| target.matches(&product.target_line()));
            let cheapest = fitting.min_by(|one, other| one.unit_price.cmp(&other.unit_price))?;
            Some(Goods {
                sku: &cheapest.sku,
                line: None,
                unit_price: cheapest.unit_price,
                base_quantity: Decimal::ONE,
            })
        })
    }

    /// The goods of the order that are of a target.
    pub fn in_order(&self, target: &Target, base: &'a Quote) -> impl Iterator<Item = Goods<'a>> {
        let fits = move |sku: &str, quantity: Decimal| {
            let product = self.rules.product(sku);
            product.map_or(target.is_everything(), |product| {
                target.matches(&crate::ruleset::TargetLine { quantity, ..product.target_line() })
            })
        };
        let lines = base.lines.iter().enumerate();
        let bought = lines.filter(|(_, line)| {
            line.gift_of.is_none()
                && line.quantity > Decimal::ZERO
                && line.unit_price > Decimal::ZERO
        });
        bought.filter(move |(_, line)| fits(&line.sku, line.quantity)).map(|(at, line)| Goods {
            sku: &line.sku,
            line: Some(at),
            unit_price: line.unit_price,
            base_quantity: line.base_quantity.unwrap_or(Decimal::ONE),
        })
    }
}

impl Goods<'_> {
    /// How many of them cost an amount, rounded up at the last digit of a decimal.
    pub fn costing(&self, amount: Amount, base: &Quote) -> Option<Decimal> {
        const DIGITS: u8 = 9;
        let minor = i128::from(base.currency.minor_per_major());
        let numerator = i128::from(amount.minor()).checked_mul(self.base_quantity.mantissa())?;
        let numerator = numerator.checked_mul(self.unit_price.denominator())?;
        let numerator = numerator.checked_mul(1_000_000_000)?;
        let denominator = minor.checked_mul(self.unit_price.mantissa())?;
        let denominator = denominator.checked_mul(self.base_quantity.denominator())?;
        let up = denominator.checked_sub(1)?;
        Decimal::from_parts(numerator.checked_add(up)?.checked_div(denominator)?, DIGITS)
    }

    /// What one of them costs, as far as it decides which goods are cheaper.
    fn minor(&self, base: &Quote) -> i128 {
        // The reverse of how many an amount buys.
        let many = Amount::new(1_000_000).ok().and_then(|amount| self.costing(amount, base));
        many.map_or(i128::MAX, |many| many.mantissa().saturating_neg())
    }
}

/// What a promotion saves more in one quote than in another that has less in it; none if it does nothing more there, or if all
/// that is saved is no more than before.
pub(super) fn gain(rule: &str, before: &Quote, after: &Quote) -> Option<Amount> {
    let own = taken(rule, after)?.minus(taken(rule, before)?).ok()?;
    let all = saved(after)?.minus(saved(before)?).ok()?;
    let gain = own.min(all);
    let is_given = given(rule, after) > given(rule, before) && !gain.is_negative();
    (is_given || gain > Amount::ZERO).then_some(gain)
}

/// What is paid for shipping.
pub(super) fn charge(quote: &Quote) -> Amount {
    quote.shipping.as_ref().map_or(Amount::ZERO, |shipping| shipping.amount_minor)
}

/// What a promotion takes off.
pub(super) fn taken(rule: &str, quote: &Quote) -> Option<Amount> {
    let items = quote.adjustments.iter().filter(|it| it.rule == rule).map(|it| it.amount_minor);
    let shipping = quote.shipping.iter().flat_map(|shipping| &shipping.discounts);
    let shipping = shipping.filter(|it| it.rule == rule).map(|it| it.amount_minor);
    Amount::sum(items.chain(shipping)).ok()
}

fn saved(quote: &Quote) -> Option<Amount> {
    quote.totals.discount_minor.minus(charge(quote)).ok()
}

/// How much a promotion gives for nothing.
fn given(rule: &str, quote: &Quote) -> Decimal {
    let given = quote.trace.iter().filter_map(|step| match step {
        TraceStep::Gift { rule: own, quantity, .. } if own == rule => Some(*quantity),
        _ => None,
    });
    given.fold(Decimal::ZERO, |sum, quantity| sum.checked_add(quantity).unwrap_or(sum))
}
