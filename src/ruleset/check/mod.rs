//! What makes a ruleset unusable: broken references and impossible values.

use super::{Ruleset, ZoneTransition, names::repeated};
use crate::{
    decimal::Decimal,
    issue::{Argument, Code, Issue},
    limits::{MAX_ORDERS_PER_DAY, MAX_RULES},
    money::Amount,
};
use place::Place;

mod effects;
mod inventory;
mod place;
mod products;
mod promotions;
mod returns;
mod shipping;
mod stacking;
mod tax;
mod zones;

/// All findings, in the order of the document.
pub(super) fn all(ruleset: &Ruleset) -> Vec<Issue> {
    let names = Names::of(ruleset);
    let mut findings = Findings { ruleset, names: &names, issues: Vec::new() };
    findings.head();
    findings.products();
    findings.price_lists();
    findings.promotions();
    findings.stacking();
    findings.points();
    findings.shipping();
    findings.payment_methods();
    findings.carriers();
    findings.tax_classes();
    findings.workflow();
    findings.returns();
    findings.inventory();
    findings.issues
}

/// What other parts of the document can name.
struct Names<'a> {
    products: Vec<&'a str>,
    promotions: Vec<&'a str>,
    stacking_groups: Vec<&'a str>,
    shipping_zones: Vec<&'a str>,
    shipping_methods: Vec<&'a str>,
    payment_methods: Vec<&'a str>,
    tax_classes: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn of(ruleset: &'a Ruleset) -> Self {
        Self {
            products: names(&ruleset.products, |it| &it.sku),
            promotions: names(&ruleset.promotions, |it| &it.id),
            stacking_groups: names(&ruleset.stacking.groups, |it| &it.id),
            shipping_zones: names(&ruleset.shipping_zones, |it| &it.id),
            shipping_methods: names(&ruleset.shipping_methods, |it| &it.id),
            payment_methods: names(&ruleset.payment_methods, |it| &it.id),
            tax_classes: names(&ruleset.tax_classes, |it| &it.id),
        }
    }
}

fn names<T>(items: &[T], name: fn(&T) -> &str) -> Vec<&str> {
    let mut names = Vec::with_capacity(items.len());
    for item in items {
        names.push(name(item));
    }
    names
}

struct Findings<'a> {
    ruleset: &'a Ruleset,
    names: &'a Names<'a>,
    issues: Vec<Issue>,
}

// The checks are here once and not at each of the hundred places that ask for them: that keeps the modules of the browser small.
impl Findings<'_> {
    /// Adds a finding at a field of a place, or at the place itself if the field has no name. The reason is a word of the
    /// catalogue, `reason.WORD`.
    fn add(&mut self, place: &Place<'_>, field: &str, reason: &str) {
        self.add_with(place, field, reason, None);
    }

    /// As [`Self::add`], with what the sentence of the reason names.
    #[cold]
    #[inline(never)]
    fn add_with(
        &mut self,
        place: &Place<'_>,
        field: &str,
        reason: &str,
        figure: Option<(&'static str, Argument)>,
    ) {
        let mut issue = Issue::new(Code::RulesetInvalid, place.path(field)).with("reason", reason);
        if let Some((key, value)) = figure {
            issue = issue.with(key, value);
        }
        self.issues.push(issue);
    }

    #[inline(never)]
    fn require(&mut self, met: bool, place: &Place<'_>, field: &str, reason: &str) {
        if !met {
            self.add(place, field, reason);
        }
    }

    #[inline(never)]
    fn known(&mut self, known: &[&str], id: &str, place: &Place<'_>, field: &str) {
        if !known.contains(&id) {
            self.add_with(place, field, "unknown", Some(("name", id.into())));
        }
    }

    /// As [`Self::known`] for each of a list of ids.
    #[inline(never)]
    fn all_known(
        &mut self,
        known: &[&str],
        ids: &[String],
        place: &Place<'_>,
        field: &'static str,
    ) {
        for (at, id) in ids.iter().enumerate() {
            self.known(known, id, &place.item(field, at), "");
        }
    }

    #[inline(never)]
    fn repeated(&mut self, names: &[&str], place: &Place<'_>, list: &'static str, field: &str) {
        for at in repeated(names) {
            let reason = "repeated";
            self.require(false, &place.item(list, at), field, reason);
        }
    }

    #[inline(never)]
    fn at_most(&mut self, count: usize, most: usize, place: &Place<'_>, field: &str) {
        if count > most {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            self.add_with(place, field, "too_many", Some(("most", most.into())));
        }
    }

    /// A list of at most [`MAX_RULES`] entries.
    fn at_most_rules(&mut self, count: usize, place: &Place<'_>, field: &str) {
        self.at_most(count, MAX_RULES, place, field);
    }

    #[inline(never)]
    fn not_negative(&mut self, amount: Option<Amount>, place: &Place<'_>, field: &str) {
        let met = !amount.is_some_and(Amount::is_negative);
        self.require(met, place, field, "negative");
    }

    #[inline(never)]
    fn percentage(&mut self, percent: Option<Decimal>, place: &Place<'_>, field: &str) {
        let within =
            |percent: Decimal| !percent.is_negative() && percent <= Decimal::from_integer(100);
        let reason = "percentage";
        self.require(percent.is_none_or(within), place, field, reason);
    }

    /// The first, if both are there, lies before or at the other.
    fn rising<T: PartialOrd>(
        &mut self,
        (least, most): (Option<T>, Option<T>),
        place: &Place<'_>,
        field: &str,
    ) {
        let falls = least.zip(most).is_some_and(|(least, most)| least > most);
        self.require(!falls, place, field, "maximum_low");
    }

    fn window(&mut self, starts_ms: Option<i64>, ends_ms: Option<i64>, place: &Place<'_>) {
        let falls = starts_ms.zip(ends_ms).is_some_and(|(start, end)| start >= end);
        self.require(!falls, place, "endsMs", "ends_early");
    }

    #[inline(never)]
    fn countries(&mut self, countries: &[String], place: &Place<'_>) {
        for (index, code) in countries.iter().enumerate() {
            self.country(code, &place.item("countries", index), "");
        }
    }

    fn country(&mut self, code: &str, place: &Place<'_>, field: &str) {
        let met = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        self.require(met, place, field, "country_code");
    }
}

impl Findings<'_> {
    fn head(&mut self) {
        let (document, ruleset) = (&Place::DOCUMENT, self.ruleset);
        let named = !ruleset.version.is_empty();
        self.require(named, document, "version", "version_name");
        self.country(&ruleset.home_country, document, "homeCountry");
        let rising = |pair: &[ZoneTransition]| match pair {
            [earlier, later] => earlier.from_ms < later.from_ms,
            _ => true,
        };
        let met = ruleset.time_zone.transitions.windows(2).all(rising);
        let reason = "times_rise";
        self.require(met, document, "timeZone/transitions", reason);
    }

    fn payment_methods(&mut self) {
        let names = &self.names.payment_methods;
        self.repeated(names, &Place::DOCUMENT, "paymentMethods", "id");
        self.at_most_rules(names.len(), &Place::DOCUMENT, "paymentMethods");
    }

    fn carriers(&mut self) {
        let carriers = &self.ruleset.carriers;
        let names = names(carriers, |it| &it.id);
        self.repeated(&names, &Place::DOCUMENT, "carriers", "id");
        self.at_most_rules(names.len(), &Place::DOCUMENT, "carriers");
        for (at, carrier) in carriers.iter().enumerate() {
            let place = Place::DOCUMENT.item("carriers", at);
            if !carrier.is_usable() {
                let figure = ("placeholder", "{number}".into());
                self.add_with(&place, "trackingUrl", "carrier_url", Some(figure));
            }
        }
    }

    fn workflow(&mut self) {
        let workflow = &self.ruleset.workflow;
        let negative = workflow.price_grace_ms < 0 || workflow.overpayment_minor.is_negative();
        let reason = "negative";
        self.require(!negative, &Place::DOCUMENT, "workflow", reason);
        let orders_per_day = self.ruleset.numbering.orders_per_day;
        if orders_per_day == 0 || orders_per_day > MAX_ORDERS_PER_DAY {
            let figure = ("most", i64::from(MAX_ORDERS_PER_DAY).into());
            let field = "numbering/ordersPerDay";
            self.add_with(&Place::DOCUMENT, field, "orders_per_day", Some(figure));
        }
    }
}
