//! Delivery: places that nobody serves, methods that nobody can choose, goods without a rate.

use super::{
    Linter,
    carts::{Case, fitting},
};
use crate::{
    decimal::Decimal,
    issue::{Code, Issue},
    ruleset::{
        Product, ShippingKind, ShippingMethod, ShippingPlace, ShippingRow, ShippingTable,
        ShippingZone,
    },
};

/// A country that hardly any shop names, to stand for everywhere else.
const ELSEWHERE: &str = "AQ";

impl<'a> Linter<'a> {
    pub(super) fn shipping(&mut self) {
        self.free_over();
        let ruleset = self.ruleset;
        for (index, method) in ruleset.shipping_methods.iter().enumerate() {
            let path = format!("/shippingMethods/{index}");
            self.choosable(method, &path);
            self.templates(method, &path);
            for (at, table) in method.tables.iter().enumerate() {
                self.table(method, table, &format!("{path}/tables/{at}"));
            }
        }
    }

    /// A small cart by a method, to a country that it names.
    #[inline(never)]
    fn parcel(&self, method: &ShippingMethod, product: &Product) -> Case {
        let case = Case::at(self.now_ms).by(&method.id);
        let case = case.with(&product.sku, fitting(product, Decimal::ONE));
        match self.country_of(method) {
            Some(country) => case.to(country),
            None => case,
        }
    }

    /// A country that a method may deliver to, if it names any.
    fn country_of(&self, method: &'a ShippingMethod) -> Option<&'a str> {
        let home = self.ruleset.home_country.as_str();
        if self.ruleset.may_ship_to(method, home) {
            return None;
        }
        let zones = self.ruleset.shipping_zones.iter();
        let places = zones.flat_map(|zone| &zone.places).flat_map(|place| &place.countries);
        let mut countries = method.countries.iter().chain(places);
        countries.find(|code| self.ruleset.may_ship_to(method, code)).map(String::as_str)
    }

    /// A cart that a method takes.
    pub(super) fn deliverable(&mut self, method: &ShippingMethod) -> Option<Case> {
        let ruleset = self.ruleset;
        for product in ruleset.products.iter().take(MOST_PRODUCTS) {
            let mut case = self.parcel(method, product);
            if let Some(minimum) = method.minimum_order_minor {
                case.draft.lines.clear();
                case = case.with(&product.sku, self.reaching(product, minimum));
            }
            if self.price(&case)?.is_ok() {
                return Some(case);
            }
        }
        None
    }

    /// A method that takes no cart that was tried.
    fn choosable(&mut self, method: &ShippingMethod, path: &str) {
        let Some(product) = self.ruleset.products.first() else { return };
        // A carrier's price is not known here, and addresses of zones are more than a country.
        let needs_address = !method.zones.is_empty()
            || method.tables.iter().any(|table| table.rows.iter().all(|row| !row.zones.is_empty()));
        let by_carrier = method.carrier && method.price_minor.is_none() && method.tables.is_empty();
        if by_carrier || (needs_address && self.may_be_served(method)) || self.quotes_left == 0 {
            return;
        }
        if self.deliverable(method).is_some() || self.quotes_left == 0 {
            return;
        }
        let issue = Issue::new(Code::MethodUnreachable, path).with("method", method.id.as_str());
        self.warn(issue);
        let case = self.parcel(method, product);
        let example = self.refusal_of(case, &|_| true);
        self.show(example);
    }

    fn may_be_served(&self, method: &ShippingMethod) -> bool {
        let is_closed = |id: &String| {
            let of_zone = self.ruleset.shipping_zone(id);
            method.except_zones.contains(id) || of_zone.is_some_and(is_empty)
        };
        if !method.zones.is_empty() && method.zones.iter().all(is_closed) {
            return false;
        }
        let zones = self.ruleset.shipping_zones.iter();
        let mut countries = zones.flat_map(|zone| &zone.places).flat_map(|place| &place.countries);
        countries.any(|code| self.ruleset.may_ship_to(method, code))
            || self.ruleset.may_ship_to(method, &self.ruleset.home_country)
    }

    /// Goods whose template has no table in a method that goes by tables.
    fn templates(&mut self, method: &ShippingMethod, path: &str) {
        let ruleset = self.ruleset;
        if method.tables.is_empty() || method.tables.iter().any(|table| table.template.is_none()) {
            return;
        }
        let mut told: Vec<Option<&str>> = Vec::new();
        for product in &ruleset.products {
            let template = product.shipping_template.as_deref();
            let covered = method.tables.iter().any(|table| table.template.as_deref() == template);
            if covered || told.contains(&template) {
                continue;
            }
            told.push(template);
            let issue = Issue::new(Code::TemplateUncovered, format!("{path}/tables"));
            let issue = issue.with("method", method.id.as_str()).with("sku", product.sku.as_str());
            self.warn(issue.with("template", template.unwrap_or("–")));
            let case = self.parcel(method, product);
            let example = self.refusal_of(case, &|_| true);
            self.show(example);
        }
    }

    /// A table without a row for everywhere else, in a method that promises every place; bands that end.
    fn table(&mut self, method: &ShippingMethod, table: &ShippingTable, path: &str) {
        let ruleset = self.ruleset;
        let holds = |product: &&Product| match &table.template {
            Some(template) => product.shipping_template.as_ref() == Some(template),
            None => true,
        };
        let Some(product) = ruleset.products.iter().find(holds) else { return };
        let promises_all = method.countries.is_empty() && method.zones.is_empty();
        let everywhere = |row: &ShippingRow| row.zones.is_empty();
        if promises_all
            && method.kind == ShippingKind::Delivery
            && !table.rows.iter().any(everywhere)
        {
            let issue = Issue::new(Code::TableWithoutDefault, format!("{path}/rows"));
            self.warn(issue.with("method", method.id.as_str()));
            let case = self.parcel(method, product).to(ELSEWHERE);
            let example = self.refusal_of(case, &|_| true);
            self.show(example);
        }
        for (at, row) in table.rows.iter().enumerate() {
            if !row.zones.is_empty() && self.is_shadowed(row, table.rows.get(..at)) {
                let issue = Issue::new(Code::RuleShadowed, format!("{path}/rows/{at}"));
                self.warn(issue.with("country", row.zones.join(", ")));
            }
            let Some(end) = row.rates.last().and_then(|rate| rate.to) else { continue };
            let path = format!("{path}/rows/{at}/rates");
            let case = self.beyond(method, product);
            let example = self.refusal_of(case, &|code| code == Code::ShippingNoRate);
            if example.is_some() {
                let issue = Issue::new(Code::BandsEnd, path);
                self.inform(issue.with("method", method.id.as_str()).with("maximum", end));
                self.show(example);
            }
        }
    }

    /// Whether rows before hold all places of a row.
    fn is_shadowed(&self, row: &ShippingRow, before: Option<&[ShippingRow]>) -> bool {
        let zones = || before.unwrap_or_default().iter().flat_map(|it| &it.zones);
        let places = || {
            let whole = zones().filter_map(|id| self.ruleset.shipping_zone(id));
            whole.filter(|zone| zone.except.is_empty()).flat_map(|zone| &zone.places)
        };
        row.zones.iter().all(|id| {
            let held = |place: &ShippingPlace| places().any(|wider| covers(wider, place));
            zones().any(|known| known == id)
                || self.ruleset.shipping_zone(id).is_some_and(|it| it.places.iter().all(held))
        })
    }

    /// As much of a product as one line may hold.
    fn beyond(&self, method: &ShippingMethod, product: &Product) -> Case {
        let mut case = self.parcel(method, product);
        case.draft.lines.clear();
        case.with(&product.sku, fitting(product, Decimal::from_integer(MANY)))
    }

    /// Countries that the shop has rates for, or lives in, and that no shipping method serves.
    pub(super) fn countries(&mut self) {
        let ruleset = self.ruleset;
        let methods = &ruleset.shipping_methods;
        let serves = |code: &str| methods.iter().any(|method| ruleset.may_ship_to(method, code));
        if methods.is_empty() {
            return;
        }
        let home = &ruleset.home_country;
        if !serves(home) {
            self.not_served(home, "/homeCountry".to_owned());
        }
        for (at, promotion) in ruleset.promotions.iter().enumerate() {
            for (nth, code) in promotion.when.countries.iter().enumerate() {
                if !serves(code) && code != home {
                    self.not_served(code, format!("/promotions/{at}/when/countries/{nth}"));
                }
            }
        }
        for (class_at, class) in ruleset.tax_classes.iter().enumerate() {
            for (rule_at, rule) in class.rules.iter().enumerate() {
                for (at, code) in rule.countries.iter().enumerate() {
                    if !serves(code) && code != home {
                        let path = format!("/taxClasses/{class_at}/rules/{rule_at}/countries/{at}");
                        self.not_served(code, path);
                    }
                }
            }
        }
    }

    fn not_served(&mut self, country: &str, path: String) {
        self.warn(Issue::new(Code::CountryNotServed, path).with("country", country));
        let ruleset = self.ruleset;
        let product = ruleset.products.first();
        if let (Some(method), Some(product)) = (ruleset.shipping_methods.first(), product) {
            let case = self.parcel(method, product).to(country);
            let example = self.refusal_of(case, &|code| code != Code::TaxRateMissing);
            self.show(example);
        }
    }
}

/// Whether a zone leaves out all of its places.
fn is_empty(zone: &ShippingZone) -> bool {
    let left_out = |place: &ShippingPlace| zone.except.iter().any(|wider| covers(wider, place));
    zone.places.iter().all(left_out)
}

/// Whether every address of a place surely is in another one: in a whole country, or in the same place.
fn covers(wider: &ShippingPlace, place: &ShippingPlace) -> bool {
    let countries = wider.countries.clone();
    let is_whole = *wider == ShippingPlace { countries, ..ShippingPlace::default() };
    let listed = || place.countries.iter().all(|code| wider.countries.contains(code));
    let holds = wider.countries.is_empty() || !place.countries.is_empty() && listed();
    wider == place || is_whole && holds
}

/// Products that are tried with a method.
const MOST_PRODUCTS: usize = 8;
/// Units that are beyond most bands.
const MANY: i64 = 100_000;
