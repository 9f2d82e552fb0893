//! What makes a ruleset unusable: broken references and impossible values.

use super::{
    Effect, Product, Promotion, Ruleset, SpendTier, TaxClass, ZoneTransition, names::repeated,
};
use crate::{
    decimal::Decimal,
    issue::{Code, Issue},
    limits::{MAX_ORDERS_PER_DAY, MAX_PRODUCTS, MAX_PROMOTIONS, MAX_RULES},
    money::Amount,
};

/// All findings, in the order of the document.
pub(super) fn all(ruleset: &Ruleset) -> Vec<Issue> {
    let mut findings = Findings { ruleset, issues: Vec::new() };
    findings.head();
    findings.products();
    findings.promotions();
    findings.shipping_methods();
    findings.payment_methods();
    findings.tax_classes();
    findings.workflow();
    findings.issues
}

struct Findings<'a> {
    ruleset: &'a Ruleset,
    issues: Vec<Issue>,
}

impl Findings<'_> {
    fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.issues.push(Issue::new(Code::RulesetInvalid, path).with("reason", reason.into()));
    }

    fn repeated<'n>(&mut self, names: impl Iterator<Item = &'n str>, list: &str, field: &str) {
        for at in repeated(names) {
            self.add(format!("{list}/{at}/{field}"), "empty, or the same as an earlier one");
        }
    }

    fn head(&mut self) {
        if self.ruleset.version.is_empty() {
            self.add("/version", "the version needs a name");
        }
        if !is_country(&self.ruleset.home_country) {
            self.add("/homeCountry", "not a two-letter ISO 3166 code");
        }
        let rising = |pair: &[ZoneTransition]| match pair {
            [earlier, later] => earlier.from_ms < later.from_ms,
            _ => true,
        };
        if !self.ruleset.time_zone.transitions.windows(2).all(rising) {
            self.add("/timeZone/transitions", "the transitions must rise in time");
        }
    }

    fn products(&mut self) {
        let products = &self.ruleset.products;
        if products.len() > MAX_PRODUCTS {
            self.add("/products", format!("more than {MAX_PRODUCTS} products"));
        }
        self.repeated(products.iter().map(|product| product.sku.as_str()), "/products", "sku");
        for (index, product) in products.iter().enumerate() {
            let path = format!("/products/{index}");
            if product.unit_price.is_negative() {
                self.add(format!("{path}/unitPrice"), "a price cannot be negative");
            }
            self.tax_class(&product.tax_class, &format!("{path}/taxClass"));
            self.quantities(product, &path);
        }
    }

    fn quantities(&mut self, product: &Product, path: &str) {
        let positive = |value: &Option<Decimal>| value.is_none_or(|value| value > Decimal::ZERO);
        if !positive(&product.minimum_quantity)
            || !positive(&product.maximum_quantity)
            || !positive(&product.quantity_step)
        {
            self.add(path, "quantities must be above zero");
        }
        if let (Some(minimum), Some(maximum)) = (product.minimum_quantity, product.maximum_quantity)
            && minimum > maximum
        {
            self.add(format!("{path}/maximumQuantity"), "the maximum is below the minimum");
        }
    }

    fn promotions(&mut self) {
        let promotions = &self.ruleset.promotions;
        if promotions.len() > MAX_PROMOTIONS {
            self.add("/promotions", format!("more than {MAX_PROMOTIONS} promotions"));
        }
        self.repeated(promotions.iter().map(|rule| rule.id.as_str()), "/promotions", "id");
        for (index, promotion) in promotions.iter().enumerate() {
            let path = format!("/promotions/{index}");
            self.window(promotion, &path);
            self.effect(&promotion.effect, &format!("{path}/effect"));
        }
    }

    fn window(&mut self, promotion: &Promotion, path: &str) {
        if let (Some(start), Some(end)) = (promotion.starts_ms, promotion.ends_ms)
            && start >= end
        {
            self.add(format!("{path}/endsMs"), "it ends before it starts");
        }
        if promotion.minimum_minor.is_some_and(Amount::is_negative) {
            self.add(format!("{path}/minimumMinor"), "a minimum cannot be negative");
        }
    }

    fn effect(&mut self, effect: &Effect, path: &str) {
        let hundred = Decimal::from_integer(100);
        match effect {
            Effect::LinePercentage { percent } | Effect::OrderPercentage { percent, .. } => {
                if percent.is_negative() || *percent > hundred {
                    self.add(format!("{path}/percent"), "a percentage lies between 0 and 100");
                }
            }
            Effect::LineFixed { amount_minor, .. } | Effect::OrderFixed { amount_minor } => {
                if amount_minor.is_negative() {
                    self.add(format!("{path}/amountMinor"), "a discount cannot be negative");
                }
            }
            Effect::SpendTiers { tiers } => self.tiers(tiers, &format!("{path}/tiers")),
        }
        if let Effect::OrderPercentage { maximum_minor: Some(maximum), .. } = effect
            && maximum.is_negative()
        {
            self.add(format!("{path}/maximumMinor"), "a maximum cannot be negative");
        }
    }

    fn tiers(&mut self, tiers: &[SpendTier], path: &str) {
        let rising = |pair: &[SpendTier]| match pair {
            [lower, higher] => lower.spend_minor < higher.spend_minor,
            _ => true,
        };
        if tiers.is_empty() || !tiers.windows(2).all(rising) {
            self.add(path, "tiers are needed, by rising spend");
        }
        let negative =
            |tier: &SpendTier| tier.spend_minor.is_negative() || tier.save_minor.is_negative();
        if tiers.iter().any(negative) {
            self.add(path, "a tier cannot be negative");
        }
    }

    fn shipping_methods(&mut self) {
        let methods = &self.ruleset.shipping_methods;
        self.repeated(methods.iter().map(|method| method.id.as_str()), "/shippingMethods", "id");
        for (index, method) in methods.iter().enumerate() {
            let path = format!("/shippingMethods/{index}");
            if method.price_minor.is_negative() {
                self.add(format!("{path}/priceMinor"), "a price cannot be negative");
            }
            self.countries(&method.countries, &path);
            self.tax_class(&method.tax_class, &format!("{path}/taxClass"));
        }
        self.at_most(self.ruleset.shipping_methods.len(), "/shippingMethods");
    }

    fn payment_methods(&mut self) {
        let methods = &self.ruleset.payment_methods;
        self.repeated(methods.iter().map(|method| method.id.as_str()), "/paymentMethods", "id");
        self.at_most(self.ruleset.payment_methods.len(), "/paymentMethods");
    }

    fn tax_classes(&mut self) {
        let classes = &self.ruleset.tax_classes;
        self.repeated(classes.iter().map(|class| class.id.as_str()), "/taxClasses", "id");
        for (index, class) in classes.iter().enumerate() {
            let path = format!("/taxClasses/{index}");
            self.tax_rules(class, &path);
        }
        self.at_most(self.ruleset.tax_classes.len(), "/taxClasses");
    }

    fn tax_rules(&mut self, class: &TaxClass, path: &str) {
        for (index, rule) in class.rules.iter().enumerate() {
            let path = format!("{path}/rules/{index}");
            self.countries(&rule.countries, &path);
            if rule.components.is_empty() {
                self.add(
                    format!("{path}/components"),
                    "a rule needs a tax; use category O or Z for none",
                );
            }
            for component in &rule.components {
                let zero_only = !component.category.has_rate() && !component.percent.is_zero();
                if component.percent.is_negative() || zero_only {
                    self.add(format!("{path}/components"), "this category has no such rate");
                }
            }
        }
    }

    fn tax_class(&mut self, id: &str, path: &str) {
        if !self.ruleset.tax_classes.iter().any(|class| class.id == id) {
            self.add(path, format!("there is no tax class \"{id}\""));
        }
    }

    fn countries(&mut self, countries: &[String], path: &str) {
        for (index, code) in countries.iter().enumerate() {
            if !is_country(code) {
                self.add(format!("{path}/countries/{index}"), "not a two-letter ISO 3166 code");
            }
        }
    }

    fn at_most(&mut self, count: usize, path: &str) {
        if count > MAX_RULES {
            self.add(path, format!("more than {MAX_RULES} entries"));
        }
    }

    fn workflow(&mut self) {
        let workflow = &self.ruleset.workflow;
        if workflow.price_grace_ms < 0 || workflow.overpayment_minor.is_negative() {
            self.add("/workflow", "times and amounts cannot be negative");
        }
        let orders_per_day = self.ruleset.numbering.orders_per_day;
        if orders_per_day == 0 || orders_per_day > MAX_ORDERS_PER_DAY {
            let reason = format!("a shop expects 1 to {MAX_ORDERS_PER_DAY} orders a day");
            self.add("/numbering/ordersPerDay", reason);
        }
    }
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
