//! What is sent: its value, weight and size.

use crate::{
    context::Context,
    decimal::Decimal,
    draft::{Draft, DraftLine},
    money::{Amount, AmountError},
    ruleset::{PriceSource, Product, Rules, ThresholdBasis},
};

/// One line as shipping sees it. Amounts are in minor units.
pub(in crate::pricing) struct Goods<'a> {
    /// The line of the draft; none for goods that a promotion added.
    pub line: Option<&'a DraftLine>,
    pub sku: &'a str,
    pub tags: &'a [String],
    pub quantity: Decimal,
    pub before_discounts: Amount,
    pub after_discounts: Amount,
}

/// Everything that the price of a method depends on.
#[derive(Clone, Copy)]
pub(in crate::pricing) struct Shipment<'a> {
    pub draft: &'a Draft,
    pub rules: &'a Rules,
    pub context: &'a Context,
    pub country: &'a str,
    pub goods: &'a [Goods<'a>],
}

impl Goods<'_> {
    fn product<'r>(&self, rules: &'r Rules) -> Option<&'r Product> {
        rules.product(self.sku)
    }

    /// The line, where the draft may say what goods are like.
    fn own(&self, rules: &Rules) -> Option<&DraftLine> {
        self.line.filter(|_| rules.ruleset().price_source == PriceSource::Draft)
    }

    /// Grams of one unit.
    pub(super) fn weight(&self, rules: &Rules) -> Option<u32> {
        let own = self.own(rules).and_then(|line| line.weight_grams);
        own.or_else(|| self.product(rules)?.weight_grams)
    }

    /// Cubic millimetres of one unit.
    pub(super) fn volume(&self, rules: &Rules) -> Option<i128> {
        let (own, product) = (self.own(rules), self.product(rules));
        let length = own.and_then(|it| it.length_mm).or_else(|| product?.length_mm)?;
        let width = own.and_then(|it| it.width_mm).or_else(|| product?.width_mm)?;
        let height = own.and_then(|it| it.height_mm).or_else(|| product?.height_mm)?;
        // Three 32-bit factors always fit.
        i128::from(length).checked_mul(width.into())?.checked_mul(height.into())
    }

    /// Whether these goods count in the table of a template.
    pub(super) fn has_template(&self, template: &str, rules: &Rules) -> bool {
        match self.own(rules).and_then(|line| line.shipping_template.as_deref()) {
            Some(own) => own == template,
            None => {
                let product = self.product(rules);
                product.and_then(|it| it.shipping_template.as_deref()) == Some(template)
            }
        }
    }

    /// The name of the template, for a refusal.
    pub(super) fn template(&self, rules: &Rules) -> String {
        let own = self.own(rules).and_then(|line| line.shipping_template.clone());
        own.or_else(|| self.product(rules)?.shipping_template.clone()).unwrap_or_default()
    }

    fn value(&self, basis: ThresholdBasis) -> Amount {
        match basis {
            ThresholdBasis::AfterDiscounts => self.after_discounts,
            ThresholdBasis::BeforeDiscounts => self.before_discounts,
        }
    }
}

/// The value of goods; nothing where returns are worth more than the rest.
pub(super) fn value<'g>(
    goods: impl IntoIterator<Item = &'g Goods<'g>>,
    basis: ThresholdBasis,
) -> Result<Amount, AmountError> {
    let sum = Amount::sum(goods.into_iter().map(|it| it.value(basis)))?;
    Ok(sum.max(Amount::ZERO))
}

/// The sum of quantity × something, at least 0.
pub(super) fn sum(
    parts: impl IntoIterator<Item = (Decimal, i128)>,
) -> Result<Decimal, AmountError> {
    let mut sum = Decimal::ZERO;
    for (quantity, each) in parts {
        let mantissa = quantity.mantissa().checked_mul(each).ok_or(AmountError)?;
        let part = Decimal::from_parts(mantissa, quantity.scale()).ok_or(AmountError)?;
        sum = sum.checked_add(part).ok_or(AmountError)?;
    }
    Ok(sum.max(Decimal::ZERO))
}

/// How many units goods are.
pub(super) fn quantity<'g>(
    goods: impl IntoIterator<Item = &'g Goods<'g>>,
) -> Result<Decimal, AmountError> {
    sum(goods.into_iter().map(|it| (it.quantity, 1)))
}
