//! Small carts that could show something.

use super::Linter;
use crate::{
    context::Context,
    decimal::Decimal,
    draft::{Address, Draft, DraftLine},
    issue::Refusal,
    money::Amount,
    pricing::{Quote, quote},
    ruleset::{BundlePart, Effect, Product, Promotion, Target},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Products that are tried for one promotion.
const MOST_PRODUCTS: usize = 4;
/// Carts that are tried for one promotion.
const MOST_CASES: usize = 32;

/// A cart, and what is known besides.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub draft: Draft,
    pub context: Context,
}

impl Case {
    pub fn at(now_ms: i64) -> Self {
        Self { draft: Draft::default(), context: Context::at(now_ms) }
    }

    /// The same with so many more of a product.
    #[must_use]
    #[inline(never)]
    pub fn with(mut self, sku: &str, quantity: Decimal) -> Self {
        let same = |line: &&mut DraftLine| line.sku == sku;
        if let Some(line) = self.draft.lines.iter_mut().find(same) {
            let sum = line.quantity.value().and_then(|known| known.checked_add(quantity));
            line.quantity = sum.unwrap_or(quantity).into();
        } else {
            let (sku, quantity) = (sku.to_owned(), quantity.into());
            self.draft.lines.push(DraftLine { sku, quantity, ..DraftLine::default() });
        }
        self
    }

    /// The same for a country.
    #[must_use]
    #[inline(never)]
    pub fn to(mut self, country: &str) -> Self {
        let country = country.to_owned();
        self.draft.details.shipping_address = Some(Address { country, ..Address::default() });
        self
    }

    /// The same by a shipping method.
    #[must_use]
    #[inline(never)]
    pub fn by(mut self, method: &str) -> Self {
        self.draft.details.shipping_method = Some(method.to_owned());
        self
    }

    /// The same with a coupon.
    #[must_use]
    #[inline(never)]
    pub fn coupon(mut self, code: &str) -> Self {
        self.draft.details.coupon_codes.push(code.to_owned());
        self
    }
}

impl<'a> Linter<'a> {
    /// The quote of a case, or why there is none; nothing once enough was priced.
    #[inline(never)]
    pub(super) fn price(&mut self, case: &Case) -> Option<Result<Quote, Refusal>> {
        self.quotes_left = self.quotes_left.checked_sub(1)?;
        Some(quote(&case.draft, self.rules, &case.context))
    }

    #[inline(never)]
    pub(super) fn quote(&mut self, case: &Case) -> Option<Quote> {
        self.price(case)?.ok()
    }

    /// Carts that a promotion could apply to: they hold what it asks for, in rising size.
    pub(super) fn cases_of(&self, promotion: &Promotion) -> Vec<Case> {
        let when = &promotion.when;
        let bases = self.bases_of(promotion);
        let products = self.targets(&promotion.target);
        let mut cases = Vec::new();
        for base in &bases {
            if let Effect::Bundle { parts, .. } = &promotion.effect {
                cases.extend(self.bundle(base, parts));
            }
            for product in &products {
                for quantity in self.quantities(promotion, product) {
                    let mut case = base.clone().with(&product.sku, quantity);
                    if let Effect::BuyGet { get: Some(target), get_quantity, .. } =
                        &promotion.effect
                        && let Some(given) = self.targets(target).first()
                    {
                        let count = Decimal::from_integer((*get_quantity).into());
                        case = case.with(&given.sku, fitting(given, count));
                    }
                    if let Some(counting) = &when.counting
                        && let Some(counted) = self.targets(counting).first()
                    {
                        let most = self.reaching(counted, when.minimum_minor.unwrap_or_default());
                        case = case.with(&counted.sku, most);
                    }
                    cases.push(case);
                }
            }
        }
        cases.truncate(MOST_CASES);
        cases
    }

    /// Empty carts with all that a promotion asks for besides goods of its target.
    fn bases_of(&self, promotion: &Promotion) -> Vec<Case> {
        let when = &promotion.when;
        let starts = promotion.starts_ms.unwrap_or(self.now_ms);
        let now_ms = if promotion.ends_ms.is_none_or(|end| starts.max(self.now_ms) < end) {
            starts.max(self.now_ms)
        } else {
            self.now_ms
        };
        let mut base = Case::at(now_ms);
        let customer = &mut base.context.customer;
        customer.groups.clone_from(&when.customer_groups);
        customer.placed_orders = when.nth_order.map(|nth| nth.saturating_sub(1));
        customer.last_order_ms = when.days_since_last_order.map(|days| {
            let days = i64::from(days).saturating_mul(DAY_MS);
            now_ms.saturating_sub(days)
        });
        let details = &mut base.draft.details;
        details.coupon_codes.extend(promotion.coupon_codes.first().cloned());
        details.payment_method = when.payment_methods.first().cloned();
        if let Some(country) = when.countries.first() {
            base = base.to(country);
        }
        for sku in &when.contains_all {
            base = base.with(sku, self.least(sku));
        }
        if let Some(word) = when.contains_any.first() {
            let called =
                |product: &&Product| product.sku == *word || product.target_line().has_word(word);
            let product = self.ruleset.products.iter().find(called);
            let sku = product.map_or(word, |product| &product.sku);
            base = base.with(sku, self.least(sku));
        }
        let spans = promotion.is_on_shipping() || promotion.effect.spans_shipping();
        let methods = &self.ruleset.shipping_methods;
        if !when.shipping_methods.is_empty() {
            when.shipping_methods.iter().map(|id| base.clone().by(id)).collect()
        } else if spans && !methods.is_empty() {
            methods.iter().take(MOST_PRODUCTS).map(|it| base.clone().by(&it.id)).collect()
        } else {
            vec![base]
        }
    }

    #[inline(never)]
    fn least(&self, sku: &str) -> Decimal {
        self.rules.product(sku).map_or(Decimal::ONE, |product| fitting(product, Decimal::ONE))
    }

    /// Some products that a target means: the first, the cheapest and the dearest; any one if it means none.
    pub(super) fn targets(&self, target: &Target) -> Vec<&'a Product> {
        let meant = || {
            let priced = self.ruleset.products.iter().filter(|it| !it.unit_price.is_zero());
            priced.filter(|product| {
                let mut line = product.target_line();
                line.quantity = target.minimum_line_quantity.unwrap_or(Decimal::ONE);
                target.matches(&line)
            })
        };
        let mut found: Vec<&Product> = Vec::new();
        let dearest = meant().max_by_key(|product| product.unit_price);
        let cheapest = meant().min_by_key(|product| product.unit_price);
        for product in dearest.into_iter().chain(cheapest).chain(meant().take(MOST_PRODUCTS)) {
            if !found.iter().any(|known| known.sku == product.sku) {
                found.push(product);
            }
        }
        found.truncate(MOST_PRODUCTS);
        if found.is_empty() {
            found.extend(self.ruleset.products.iter().find(|it| !it.unit_price.is_zero()));
        }
        found
    }

    /// How many of a product could make a promotion apply, rising.
    fn quantities(&self, promotion: &Promotion, product: &Product) -> Vec<Decimal> {
        let count = |count: u32| Decimal::from_integer(count.into());
        let mut wanted = vec![Decimal::ONE, count(2), count(3)];
        match &promotion.effect {
            Effect::NthUnit { n, .. } => wanted.push(count(*n)),
            Effect::AnyFor { quantity, .. } => wanted.push(count(*quantity)),
            Effect::BuyGet { buy_quantity, get_quantity, .. } => {
                wanted.push(count(buy_quantity.saturating_add(*get_quantity)));
            }
            Effect::Gift { per_units, .. } => wanted.extend(per_units.map(count)),
            Effect::QuantityTiers { tiers, .. } => {
                wanted.extend(tiers.iter().map(|tier| tier.quantity));
            }
            Effect::SpendTiers { tiers, .. } => {
                wanted.extend(tiers.iter().map(|tier| self.reaching(product, tier.spend_minor)));
            }
            Effect::OrderFixedPrice { amount_minor } => {
                wanted.push(self.reaching(product, *amount_minor));
            }
            _ => {}
        }
        let when = &promotion.when;
        wanted.extend(when.minimum_quantity);
        wanted.extend(promotion.target.minimum_line_quantity);
        if let Some(minimum) = when.minimum_minor {
            wanted.push(self.reaching(product, minimum));
            // Discounts that ran before lower what counts.
            let twice = minimum.plus(minimum).unwrap_or(minimum);
            wanted.push(self.reaching(product, twice));
        }
        wanted.push(count(10));
        if promotion.group.is_some() || self.ruleset.stacking.best_for_customer {
            // Percentages win where much is bought.
            wanted.push(count(1_000));
        }
        let mut quantities: Vec<Decimal> = Vec::with_capacity(wanted.len());
        for quantity in wanted.into_iter().map(|wanted| fitting(product, wanted)) {
            let place = quantities.partition_point(|known| *known < quantity);
            if quantities.get(place) != Some(&quantity) {
                quantities.insert(place, quantity);
            }
        }
        quantities
    }

    /// How many of a product are worth an amount.
    pub(super) fn reaching(&self, product: &Product, amount: Amount) -> Decimal {
        let minor = i128::from(self.ruleset.currency.minor_per_major());
        let price = product.unit_price.mantissa().checked_mul(minor);
        let worth = i128::from(amount.minor()).checked_mul(product.unit_price.denominator());
        let count = match (price, worth) {
            (Some(price), Some(worth)) if price > 0 => {
                worth.checked_add(price.saturating_sub(1)).and_then(|sum| sum.checked_div(price))
            }
            _ => None,
        };
        let count = count.and_then(|count| i64::try_from(count).ok()).unwrap_or(1);
        fitting(product, Decimal::from_integer(count.clamp(1, MOST_UNITS)))
    }

    fn bundle(&self, base: &Case, parts: &[BundlePart]) -> Option<Case> {
        let mut case = base.clone();
        for part in parts {
            let product = self.targets(&part.target).first().copied()?;
            let count = Decimal::from_integer(part.quantity.into());
            case = case.with(&product.sku, fitting(product, count));
        }
        Some(case)
    }
}

/// A cart with more units shows nothing that a smaller one does not.
const MOST_UNITS: i64 = 1_000_000;

/// A quantity that can be ordered of a product, as near to what is wanted as it can be.
#[inline(never)]
pub(super) fn fitting(product: &Product, wanted: Decimal) -> Decimal {
    let least = product.minimum_quantity.map_or(wanted, |minimum| wanted.max(minimum));
    let step = product.step();
    let whole = round_up(least, step).unwrap_or(least);
    match product.maximum_quantity {
        Some(most) if whole > most => most,
        _ => whole,
    }
}

/// The next multiple of a step.
fn round_up(value: Decimal, step: Decimal) -> Option<Decimal> {
    let scale = value.scale().max(step.scale());
    let unit = crate::decimal::power_of_ten(scale);
    let widened = |it: Decimal| it.mantissa().checked_mul(unit.checked_div(it.denominator())?);
    let (value, step) = (widened(value)?, widened(step)?);
    let steps = value.checked_add(step.checked_sub(1)?)?.checked_div(step)?;
    Decimal::from_parts(steps.checked_mul(step)?, scale)
}
