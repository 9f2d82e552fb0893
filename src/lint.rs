//! What is probably not meant in a ruleset that can be used: checked before it is saved.
//!
//! [`Rules::new`] refuses what cannot work. The linter looks for what works but surprises: numbers
//! that can repeat, discounts that never come or take everything, countries that nobody serves.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    issue::{Code, Issue},
    json::{FromJson, ToJson},
    limits::{MAX_AMOUNT_MINOR, MAX_LINES, MAX_QUANTITY},
    money::Amount,
    ruleset::{Effect, LocalText, PriceSource, Product, Promotion, Rules, Ruleset, TaxClass},
};

/// From this chance of a repeated number a day on the linter warns: once in 270 years.
const MAX_COLLISION_PPM: u32 = 10;

/// How much a [`Finding`] matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// The ruleset cannot be used, or orders of the home country will fail.
    Error,
    /// Hardly meant like this.
    Warning,
    /// Could be better.
    Info,
}

/// Something that the linter found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What and where.
    pub issue: Issue,
}

impl Severity {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// All findings of a ruleset document. One that cannot be used has only the errors that say why.
///
/// # Example
///
/// ```
/// use orderkit::{Code, lint::{Severity, lint_json}};
///
/// let findings = lint_json(br#"{
///     "version": "1", "name": {"en": "Tea shop"}, "currency": "EUR",
///     "homeCountry": "DE", "priceBasis": "taxInclusive",
///     "numbering": {"pattern": "{date:yyMMdd}{digits:6}"}
/// }"#, 0);
/// assert_eq!(findings[0].issue.code, Code::PatternCollides);
/// assert_eq!(findings[0].severity, Severity::Warning);
/// ```
pub fn lint_json(bytes: &[u8], now_ms: i64) -> Vec<Finding> {
    match Rules::from_json(bytes) {
        Ok(rules) => lint(&rules, now_ms),
        Err(refusal) => {
            let error = |issue| Finding { severity: Severity::Error, issue };
            refusal.issues.into_iter().map(error).collect()
        }
    }
}

/// All findings of a ruleset that can be used, errors first. The time decides what has ended.
pub fn lint(rules: &Rules, now_ms: i64) -> Vec<Finding> {
    let mut linter = Linter { ruleset: rules.ruleset(), now_ms, findings: Vec::new() };
    linter.numbering(rules);
    linter.promotions();
    linter.stacking();
    linter.shipping();
    linter.taxes();
    linter.countries();
    linter.translations();
    let (mut findings, others): (Vec<_>, Vec<_>) =
        linter.findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    let (warnings, rest): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|finding| finding.severity == Severity::Warning);
    findings.extend(warnings);
    findings.extend(rest);
    findings
}

struct Linter<'a> {
    ruleset: &'a Ruleset,
    now_ms: i64,
    findings: Vec<Finding>,
}

impl Linter<'_> {
    fn warn(&mut self, issue: Issue) {
        self.findings.push(Finding { severity: Severity::Warning, issue });
    }

    fn numbering(&mut self, rules: &Rules) {
        let volume = self.ruleset.numbering.orders_per_day;
        let ppm = rules.number_pattern().collision_ppm(volume);
        if ppm > MAX_COLLISION_PPM {
            let issue = Issue::new(Code::PatternCollides, "/numbering/pattern");
            let issue = issue.with("chance", percent_of_ppm(ppm)).with("volume", i64::from(volume));
            self.warn(issue.with("remedy", "{device:2}{seq:4}"));
        }
    }

    fn promotions(&mut self) {
        for (index, promotion) in self.ruleset.promotions.iter().enumerate() {
            let path = format!("/promotions/{index}");
            if promotion.ends_ms.is_some_and(|end| end <= self.now_ms) {
                self.warn(Issue::new(Code::PromotionEnded, format!("{path}/endsMs")));
            }
            if takes_nothing(&promotion.effect) {
                self.warn(Issue::new(Code::PromotionWithoutEffect, format!("{path}/effect")));
            }
            self.tiers(promotion, &path);
            self.targets(promotion, &path);
            self.thresholds(promotion, &path);
        }
    }

    fn tiers(&mut self, promotion: &Promotion, path: &str) {
        let Effect::SpendTiers { tiers, repeat: false } = &promotion.effect else { return };
        for (index, pair) in tiers.windows(2).enumerate() {
            if let [lower, higher] = pair
                && higher.save_minor <= lower.save_minor
            {
                let at = index.saturating_add(1);
                let path = format!("{path}/effect/tiers/{at}/saveMinor");
                self.warn(Issue::new(Code::TierNotHigher, path));
            }
        }
    }

    /// Targets that no product has. Where drafts name prices they also name SKUs, so any may come.
    fn targets(&mut self, promotion: &Promotion, path: &str) {
        let products = &self.ruleset.products;
        let unknown = |target: &str, path: String| {
            Issue::new(Code::TargetUnknown, path).with("target", target)
        };
        for (at, category) in promotion.target.categories.iter().enumerate() {
            if !products.iter().any(|product| product.category.as_ref() == Some(category)) {
                self.warn(unknown(category, format!("{path}/target/categories/{at}")));
            }
        }
        if self.ruleset.price_source == PriceSource::Draft {
            return;
        }
        for (at, sku) in promotion.target.skus.iter().enumerate() {
            if !products.iter().any(|product| product.sku == *sku) {
                self.warn(unknown(sku, format!("{path}/target/skus/{at}")));
            }
        }
    }

    fn thresholds(&mut self, promotion: &Promotion, path: &str) {
        let matches = |product: &&Product| promotion.target.matches(&product.target_line());
        let Some(most) = self.largest_order(matches) else { return };
        if let Some(minimum) = promotion.when.minimum_minor {
            self.threshold(minimum, most, format!("{path}/when/minimumMinor"));
        }
        if let Effect::SpendTiers { tiers, repeat: false } = &promotion.effect {
            for (at, tier) in tiers.iter().enumerate() {
                let path = format!("{path}/effect/tiers/{at}/spendMinor");
                self.threshold(tier.spend_minor, most, path);
            }
        }
    }

    fn threshold(&mut self, threshold: Amount, most: Amount, path: String) {
        if threshold > most {
            let issue = Issue::new(Code::ThresholdUnreachable, path);
            let issue = issue.with("thresholdMinor", threshold).with("maximumMinor", most);
            self.warn(issue.with("currency", self.ruleset.currency));
        }
    }

    /// The most that an order of matching products can be worth, or `None` if nothing bounds it.
    fn largest_order(&self, matches: impl Fn(&&Product) -> bool) -> Option<Amount> {
        if self.ruleset.price_source == PriceSource::Draft {
            return None;
        }
        let mut most = Amount::ZERO;
        for product in self.ruleset.products.iter().filter(matches) {
            most = most.max(self.largest_line(product)?);
        }
        let lines = i64::try_from(MAX_LINES).ok()?;
        Amount::new(most.minor().checked_mul(lines)?.min(MAX_AMOUNT_MINOR)).ok()
    }

    fn largest_line(&self, product: &Product) -> Option<Amount> {
        let most = product.maximum_quantity.unwrap_or(Decimal::from_integer(MAX_QUANTITY));
        let price = product.unit_price;
        let minor = i128::from(self.ruleset.currency.minor_per_major());
        let numerator = price.mantissa().checked_mul(most.mantissa())?.checked_mul(minor)?;
        let denominator = price.denominator().checked_mul(most.denominator())?;
        Amount::from_fraction(numerator, denominator, self.ruleset.rounding.mode).ok()
    }

    /// Percentages that add up to 100 or more on one product; each set of promotions once.
    fn stacking(&mut self) {
        let now_ms = self.now_ms;
        let percentages = || {
            let rules = self.ruleset.promotions.iter();
            rules
                .filter(move |rule| rule.ends_ms.is_none_or(|end| end > now_ms))
                .filter_map(|rule| Some((rule, percentage(&rule.effect)?)))
        };
        let reaches_all = |sum: Decimal| sum >= Decimal::from_integer(100);
        if !reaches_all(sum(percentages().map(|(_, percent)| percent))) {
            return;
        }
        let (mut seen, mut issues) = (Vec::new(), Vec::new());
        for product in &self.ruleset.products {
            let hits =
                || percentages().filter(|(rule, _)| rule.target.matches(&product.target_line()));
            let total = sum(hits().map(|(_, percent)| percent));
            let rules: Vec<&str> = hits().map(|(rule, _)| rule.id.as_str()).collect();
            if reaches_all(total) && !seen.contains(&rules) {
                seen.push(rules.clone());
                let issue = Issue::new(Code::DiscountsReachAll, "/promotions");
                let issue = issue.with("rules", rules.join(", ")).with("percent", total);
                issues.push(issue.with("sku", product.sku.as_str()));
            }
        }
        issues.into_iter().for_each(|issue| self.warn(issue));
    }

    fn shipping(&mut self) {
        let Some(most) = self.largest_order(|_| true) else { return };
        for (index, method) in self.ruleset.shipping_methods.iter().enumerate() {
            if let Some(free_over) = method.free_over_minor {
                self.threshold(free_over, most, format!("/shippingMethods/{index}/freeOverMinor"));
            }
        }
    }

    fn taxes(&mut self) {
        let ruleset = self.ruleset;
        for (index, class) in ruleset.tax_classes.iter().enumerate() {
            let path = format!("/taxClasses/{index}/rules");
            let of_goods = ruleset.products.iter().any(|product| product.tax_class == class.id);
            let methods =
                || ruleset.shipping_methods.iter().filter(|method| method.tax_class == class.id);
            let home = ruleset.home_country.as_str();
            if !class.serves(home) {
                let used = of_goods || methods().next().is_some();
                let severity = if used { Severity::Error } else { Severity::Warning };
                self.findings.push(Finding { severity, issue: rate_missing(class, home, &path) });
            }
            let served = |method: &crate::ruleset::ShippingMethod| method.countries.clone();
            let all = ruleset.shipping_methods.iter().filter(|_| of_goods);
            let mut countries = BTreeSet::new();
            countries.extend(methods().chain(all).flat_map(served));
            for country in countries.iter().filter(|country| *country != home) {
                if !class.serves(country) {
                    self.warn(rate_missing(class, country, &path));
                }
            }
            self.shadowed(class, &path);
        }
    }

    /// Rules that an earlier one of the same class leaves nothing to do.
    fn shadowed(&mut self, class: &TaxClass, path: &str) {
        let (mut taken, mut everywhere) = (BTreeSet::new(), false);
        for (index, rule) in class.rules.iter().enumerate() {
            let path = format!("{path}/{index}");
            let shadowed =
                |code: &str, path| Issue::new(Code::RuleShadowed, path).with("country", code);
            // A rule for a part of a country, a time or a price leaves the rest to later ones.
            let narrowed = rule.is_narrowed();
            if rule.countries.is_empty() {
                if everywhere {
                    self.warn(shadowed("*", path));
                }
                everywhere |= !narrowed;
                continue;
            }
            for (at, code) in rule.countries.iter().enumerate() {
                let fresh =
                    if narrowed { !taken.contains(code) } else { taken.insert(code.clone()) };
                if !fresh || everywhere {
                    self.warn(shadowed(code, format!("{path}/countries/{at}")));
                }
            }
        }
    }

    /// Countries that the shop has rates for, or lives in, and that no shipping method serves.
    fn countries(&mut self) {
        let methods = &self.ruleset.shipping_methods;
        let serves =
            |code: &String| methods.iter().any(|method| self.ruleset.may_ship_to(method, code));
        if methods.is_empty() {
            return;
        }
        let not_served =
            |code: &str, path| Issue::new(Code::CountryNotServed, path).with("country", code);
        let home = &self.ruleset.home_country;
        if !serves(home) {
            self.warn(not_served(home, "/homeCountry".to_owned()));
        }
        for (class_at, class) in self.ruleset.tax_classes.iter().enumerate() {
            for (rule_at, rule) in class.rules.iter().enumerate() {
                for (at, code) in rule.countries.iter().enumerate() {
                    if !serves(code) && code != home {
                        let path = format!("/taxClasses/{class_at}/rules/{rule_at}/countries/{at}");
                        self.warn(not_served(code, path));
                    }
                }
            }
        }
    }

    /// Texts without Chinese, one finding for each part of the document.
    fn translations(&mut self) {
        let ruleset = self.ruleset;
        self.translation("/name", core::iter::once(&ruleset.name));
        self.translation("/products", ruleset.products.iter().map(|it| &it.name));
        self.translation("/promotions", ruleset.promotions.iter().map(|it| &it.name));
        self.translation("/shippingMethods", ruleset.shipping_methods.iter().map(|it| &it.name));
        self.translation("/paymentMethods", ruleset.payment_methods.iter().map(|it| &it.name));
    }

    fn translation<'t>(&mut self, path: &str, texts: impl Iterator<Item = &'t LocalText>) {
        let (mut total, mut missing) = (0_usize, 0_usize);
        for text in texts {
            total = total.saturating_add(1);
            if text.zh.as_ref().is_none_or(String::is_empty) {
                missing = missing.saturating_add(1);
            }
        }
        if missing > 0 {
            let issue = Issue::new(Code::TranslationMissing, path);
            let issue = issue.with("missing", missing).with("total", total);
            self.findings.push(Finding { severity: Severity::Info, issue });
        }
    }
}

fn rate_missing(class: &TaxClass, country: &str, path: &str) -> Issue {
    let issue = Issue::new(Code::TaxRateMissing, path);
    issue.with("taxClass", class.id.as_str()).with("country", country)
}

fn takes_nothing(effect: &Effect) -> bool {
    match effect {
        Effect::LinePercentage { percent, .. }
        | Effect::NthUnit { percent, .. }
        | Effect::BuyGet { percent, .. } => percent.is_zero(),
        Effect::OrderPercentage { percent, maximum_minor, .. }
        | Effect::ShippingPercentage { percent, maximum_minor } => {
            percent.is_zero() || maximum_minor.is_some_and(Amount::is_zero)
        }
        Effect::LineFixed { amount_minor, .. }
        | Effect::OrderFixed { amount_minor, .. }
        | Effect::ShippingFixed { amount_minor } => amount_minor.is_zero(),
        Effect::SpendTiers { tiers, .. } => {
            tiers.iter().all(|tier| tier.save_minor.is_zero() && tier.percent.is_none())
        }
        _ => false,
    }
}

/// The percentage that can take everything; one with a maximum cannot.
fn percentage(effect: &Effect) -> Option<Decimal> {
    match effect {
        Effect::LinePercentage { percent, units: None }
        | Effect::OrderPercentage { percent, maximum_minor: None, .. } => Some(*percent),
        _ => None,
    }
}

fn sum(percentages: impl Iterator<Item = Decimal>) -> Decimal {
    // A thousand promotions of at most 100 % each stay far within a decimal's digits.
    percentages.fold(Decimal::ZERO, |sum, percent| sum.checked_add(percent).unwrap_or(sum))
}

fn percent_of_ppm(ppm: u32) -> String {
    match Decimal::from_parts(i128::from(ppm), 4) {
        Some(percent) => format!("{percent} %"),
        None => format!("{ppm} ppm"),
    }
}
