//! Tax: countries, times and prices without a rate, and rules that are never used.

use super::{
    Finding, Linter, Severity,
    carts::{Case, fitting},
    shown::{Shown, ShownKind, is_applied},
};
use crate::{
    decimal::Decimal,
    explain::ExplanationKind,
    issue::{Code, Issue},
    ruleset::{Effect, Product, Promotion, TaxClass, TaxPlace, TaxRule},
};

impl<'a> Linter<'a> {
    pub(super) fn taxes(&mut self) {
        let ruleset = self.ruleset;
        for (index, class) in ruleset.tax_classes.iter().enumerate() {
            let path = format!("/taxClasses/{index}/rules");
            let countries = self.countries_of(class);
            let is_used = !countries.is_empty();
            let home = ruleset.home_country.as_str();
            if !class.serves(home) {
                let severity = if is_used { Severity::Error } else { Severity::Warning };
                self.findings.push(Finding::new(severity, rate_missing(class, home, &path)));
                self.show_untaxed(class, home, self.now_ms);
            }
            for country in countries.iter().filter(|country| **country != home) {
                if !class.serves(country) {
                    self.warn(rate_missing(class, country, &path));
                    self.show_untaxed(class, country, self.now_ms);
                }
            }
            self.shadowed(class, &path);
            if is_used {
                self.times(class, &countries, &path);
                self.prices(class, &path);
            }
        }
    }

    /// Home and the countries that methods name, for a class of goods; for one of charges those of its methods; none if nothing
    /// has it.
    fn countries_of(&self, class: &TaxClass) -> Vec<&'a str> {
        let ruleset = self.ruleset;
        let of_goods = ruleset.products.iter().any(|product| product.tax_class == class.id);
        let methods = ruleset.shipping_methods.iter();
        let methods: Vec<_> =
            methods.filter(|method| of_goods || method.tax_class == class.id).collect();
        if !of_goods && methods.is_empty() {
            return Vec::new();
        }
        let mut countries = vec![ruleset.home_country.as_str()];
        for code in methods.iter().flat_map(|method| &method.countries) {
            if !countries.contains(&code.as_str()) {
                countries.push(code);
            }
        }
        countries
    }

    /// An order that cannot be priced because a rate is missing.
    fn show_untaxed(&mut self, class: &TaxClass, country: &str, at_ms: i64) {
        let ruleset = self.ruleset;
        let case = |product: &Product| {
            Case::at(at_ms).to(country).with(&product.sku, fitting(product, Decimal::ONE))
        };
        let of_class = ruleset.products.iter().find(|product| product.tax_class == class.id);
        let example = match of_class {
            Some(product) => self.refusal_of(case(product), &|code| code == Code::TaxRateMissing),
            None => {
                let method = ruleset.shipping_methods.iter().find(|it| it.tax_class == class.id);
                let taxed = |product: &&Product| {
                    let of_goods = self.rules.tax_class(&product.tax_class);
                    of_goods.is_some_and(|it| it.serves(country))
                };
                let product = ruleset.products.iter().find(taxed);
                let case =
                    method.zip(product).map(|(method, product)| case(product).by(&method.id));
                case.and_then(|case| self.refusal_of(case, &|code| code == Code::TaxRateMissing))
            }
        };
        self.show(example);
    }

    /// Rules that an earlier one of the same class leaves nothing to do.
    #[inline(never)]
    fn shadowed(&mut self, class: &TaxClass, path: &str) {
        let mut taken: Vec<&str> = Vec::new();
        let mut everywhere = false;
        for (index, rule) in class.rules.iter().enumerate() {
            let path = format!("{path}/{index}");
            let shadowed =
                |code: &str, path| Issue::new(Code::RuleShadowed, path).with("country", code);
            // A rule for a part of a country, a time or a price leaves the rest to later ones.
            let narrowed = rule.is_narrowed();
            if rule.countries.is_empty() {
                if everywhere {
                    self.warn(shadowed("*", path));
                    self.show_taxed(class, &self.ruleset.home_country);
                }
                everywhere |= !narrowed;
                continue;
            }
            for (at, code) in rule.countries.iter().enumerate() {
                let known = taken.contains(&code.as_str());
                if known || everywhere {
                    self.warn(shadowed(code, format!("{path}/countries/{at}")));
                    self.show_taxed(class, code);
                } else if !narrowed {
                    taken.push(code);
                }
            }
        }
    }

    /// An order with the tax of an earlier rule.
    fn show_taxed(&mut self, class: &TaxClass, country: &str) {
        let ruleset = self.ruleset;
        let of_class = ruleset.products.iter().find(|product| product.tax_class == class.id);
        let example = of_class.and_then(|product| {
            let case = Case::at(self.now_ms).to(country);
            let case = case.with(&product.sku, fitting(product, Decimal::ONE));
            let quote = self.quote(&case)?;
            let sentence = self.said(&quote, &|it| it.kind == ExplanationKind::Tax)?;
            let shown = Shown::new(ShownKind::Taxed, sentence);
            Some((case, shown.amounts(quote.totals.tax_minor, None)))
        });
        self.show(example);
    }

    /// Times at which the rates of a country have ended and no others have begun.
    #[inline(never)]
    fn times(&mut self, class: &TaxClass, countries: &[&str], path: &str) {
        for country in countries {
            let rules = || class.rules.iter().filter(|rule| serves(rule, country));
            let by_time_alone = |rule: &TaxRule| {
                rule.regions.is_empty()
                    && rule.postcodes.is_empty()
                    && rule.minimum_unit_price.is_none()
                    && rule.maximum_unit_price.is_none()
            };
            if rules().next().is_none() || !rules().all(by_time_alone) {
                continue;
            }
            let is_open = |at_ms: i64| {
                let place = TaxPlace { country, region: None, postcode: None, now_ms: at_ms };
                class.rule(&place, None).is_none()
            };
            let ends = rules().filter_map(|rule| rule.ends_ms).filter(|end| *end > self.now_ms);
            let gap = core::iter::once(self.now_ms).chain(ends).filter(|at| is_open(*at)).min();
            if let Some(from_ms) = gap {
                let starts = rules().filter_map(|rule| rule.starts_ms);
                let until = starts.filter(|start| *start > from_ms).min();
                let code = if until.is_some() { Code::TaxTimeHole } else { Code::TaxTimeGap };
                let issue = Issue::new(code, path).with("taxClass", class.id.as_str());
                let mut issue = issue.with("country", *country);
                if let Some(until) = until {
                    issue = issue.with("until", self.moment(until));
                    issue = issue.with("from", self.moment(from_ms));
                } else {
                    issue = issue.with("from", self.day(from_ms));
                }
                self.warn(issue);
                self.show_untaxed(class, country, from_ms);
            }
        }
    }

    /// The calendar day of the shop.
    fn day(&self, at_ms: i64) -> String {
        let local = self.ruleset.time_zone.local(at_ms);
        format!("{:04}-{:02}-{:02}", local.year, local.month, local.day)
    }

    /// The day and the time of the shop, to the millisecond.
    fn moment(&self, at_ms: i64) -> String {
        let local = self.ruleset.time_zone.local(at_ms);
        let (hour, minute, second) = (local.hour, local.minute, local.second);
        let millisecond = at_ms.rem_euclid(1_000);
        format!("{} {hour:02}:{minute:02}:{second:02}.{millisecond:03}", self.day(at_ms))
    }

    /// Goods whose price lies between the rules for some prices.
    fn prices(&mut self, class: &TaxClass, path: &str) {
        let by_price =
            |rule: &TaxRule| rule.minimum_unit_price.is_some() || rule.maximum_unit_price.is_some();
        if !class.rules.iter().any(by_price) {
            return;
        }
        let ruleset = self.ruleset;
        let home = ruleset.home_country.as_str();
        for product in ruleset.products.iter().filter(|product| product.tax_class == class.id) {
            let case = Case::at(self.now_ms).to(home);
            let case = case.with(&product.sku, fitting(product, Decimal::ONE));
            let example = self.refusal_of(case, &|code| code == Code::TaxRateMissing);
            if example.is_some() && class.serves(home) {
                self.warn(rate_missing(class, home, path));
                self.show(example);
                return;
            }
        }
    }

    /// Gifts that no order can hold because a rate is missing.
    pub(super) fn gift_taxes(&mut self, promotion: &Promotion, path: &str) {
        let Effect::Gift { skus, .. } = &promotion.effect else { return };
        for (at, sku) in skus.iter().enumerate() {
            let class = self.rules.product(sku).and_then(|it| self.rules.tax_class(&it.tax_class));
            let Some(class) = class else { continue };
            let countries = self.countries_of(class);
            let missing = countries.into_iter().find(|country| !class.serves(country));
            let Some(country) = missing else { continue };
            let path = format!("{path}/effect/skus/{at}");
            self.warn(rate_missing(class, country, &path));
            for case in self.cases_of(promotion) {
                let case = case.to(country);
                let mut home = case.clone();
                home.draft.details.shipping_address = None;
                let earned = self.quote(&home).is_some_and(|it| is_applied(&it, &promotion.id));
                if earned || self.quotes_left == 0 {
                    let example = self.refusal_of(case, &|code| code == Code::TaxRateMissing);
                    self.show(example);
                    break;
                }
            }
        }
    }
}

fn serves(rule: &TaxRule, country: &str) -> bool {
    rule.countries.is_empty() || rule.countries.iter().any(|code| code == country)
}

fn rate_missing(class: &TaxClass, country: &str, path: &str) -> Issue {
    let issue = Issue::new(Code::TaxRateMissing, path);
    issue.with("taxClass", class.id.as_str()).with("country", country)
}
