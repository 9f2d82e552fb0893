//! Which taxes goods have: by class, place, time and price, and by what is known of the buyer.

use super::destination::rebased;
use crate::{
    context::{Context, TaxExemption, TaxNumberCheck},
    decimal::Decimal,
    draft::Draft,
    issue::{Code, Issue},
    money::AmountError,
    pricing::trace::{TaxNumberOutcome, Trace, TraceStep},
    ruleset::{
        DestinationPrices, ReverseCharge, Rules, Ruleset, TaxCategory, TaxClass, TaxComponent,
        TaxPlace, TaxRule,
    },
};

/// The taxes of one question.
pub(crate) struct TaxSelection<'a> {
    rules: &'a Rules,
    place: TaxPlace<'a>,
    /// Whether the buyer's tax number was accepted.
    reverses: bool,
    /// The taxes of each rule that an exemption changes.
    exempt: Vec<(&'a TaxRule, Vec<TaxComponent>)>,
}

impl<'a> TaxSelection<'a> {
    pub fn new(
        draft: &'a Draft,
        rules: &'a Rules,
        context: &'a Context,
        trace: &mut Trace,
    ) -> Self {
        let ruleset = rules.ruleset();
        let address = draft.details.tax_address();
        let place = TaxPlace {
            country: address.map_or(ruleset.home_country.as_str(), |it| it.country.as_str()),
            region: address.and_then(|it| it.region.as_deref()),
            postcode: address.and_then(|it| it.postcode.as_deref()),
            now_ms: context.now_ms,
        };
        let taxation = &ruleset.taxation;
        let mut reverses = false;
        if taxation.reverse_charges.iter().any(|rule| rule.serves(place.country)) {
            let number = draft.details.customer.as_ref().and_then(|it| it.tax_number.as_deref());
            if let Some(number) = number.filter(|number| !number.trim().is_empty()) {
                let check = context.customer.tax_number.as_ref();
                let outcome = outcome(number, check, ruleset, place.now_ms);
                reverses = outcome == TaxNumberOutcome::Accepted;
                trace.push(TraceStep::TaxNumber {
                    number: number.to_owned(),
                    outcome,
                    reference: check.filter(|_| reverses).and_then(|it| it.reference.clone()),
                });
            }
        }
        let mut selection = Self { rules, place, reverses, exempt: Vec::new() };
        for exemption in &context.customer.exemptions {
            let active = exemption.starts_ms.is_none_or(|start| start <= place.now_ms)
                && exemption.ends_ms.is_none_or(|end| place.now_ms < end);
            if active {
                selection.exempt_by(exemption);
            }
            trace.push(TraceStep::TaxExemption {
                certificate: exemption.certificate.clone(),
                active,
            });
        }
        selection
    }

    /// The country whose taxes count.
    pub fn country(&self) -> &'a str {
        self.place.country
    }

    /// The taxes of a class, for a unit price where there is one.
    pub fn taxes(
        &self,
        class: &str,
        unit_price: Option<&Decimal>,
    ) -> Result<&[TaxComponent], Issue> {
        if self.reverses {
            let rules = self.rules.ruleset().taxation.reverse_charges.iter();
            let mut rules = rules.filter(|rule| rule.serves(self.place.country));
            if let Some(rule) = rules.find(|rule| is_for(&rule.tax_classes, class)) {
                return Ok(core::slice::from_ref(&rule.tax));
            }
        }
        let found = self.rules.tax_class(class);
        let Some(rule) = found.and_then(|class| class.rule(&self.place, unit_price)) else {
            return Err(Issue::new(Code::TaxRateMissing, "")
                .with("taxClass", class)
                .with("country", self.place.country));
        };
        let exempt = self.exempt.iter().find(|(own, _)| core::ptr::eq(*own, rule));
        Ok(exempt.map_or(rule.components.as_slice(), |(_, taxes)| taxes))
    }

    /// A unit price that holds tax, as a buyer with these taxes pays it.
    pub fn price(
        &self,
        price: Decimal,
        class: &str,
        taxes: &[TaxComponent],
    ) -> Result<Decimal, AmountError> {
        match self.home_taxes(class, &price, taxes) {
            Some(home) => rebased(price, home, taxes, self.rules.ruleset()),
            None => Ok(price),
        }
    }

    /// Whether prices that hold the tax at home can be others here.
    pub fn moves_prices(&self) -> bool {
        self.rules.ruleset().taxation.destination.prices == DestinationPrices::KeepNet
    }

    /// The taxes at home, if the buyer's are others.
    fn home_taxes(
        &self,
        class: &str,
        unit_price: &Decimal,
        taxes: &[TaxComponent],
    ) -> Option<&'a [TaxComponent]> {
        let place = TaxPlace {
            country: &self.rules.ruleset().home_country,
            region: None,
            postcode: None,
            now_ms: self.place.now_ms,
        };
        let home = &self.rules.tax_class(class)?.rule(&place, Some(unit_price))?.components;
        (home.as_slice() != taxes).then_some(home.as_slice())
    }

    /// Changes the taxes of every rule that counts here by an exemption.
    fn exempt_by(&mut self, exemption: &TaxExemption) {
        let rules = self.rules;
        for class in &rules.ruleset().tax_classes {
            if is_for(&exemption.tax_classes, &class.id) {
                self.exempt_class(class, exemption);
            }
        }
    }

    fn exempt_class(&mut self, class: &'a TaxClass, exemption: &TaxExemption) {
        let place = self.place;
        for rule in class.rules.iter().filter(|rule| rule.is_at(&place)) {
            let known = self.exempt.iter().position(|(own, _)| core::ptr::eq(*own, rule));
            let before = known.and_then(|at| self.exempt.get(at));
            let before = before.map_or(&rule.components, |(_, taxes)| taxes);
            let Some(taxes) = exempted(before, exemption) else { continue };
            match known.and_then(|at| self.exempt.get_mut(at)) {
                Some((_, own)) => *own = taxes,
                None => self.exempt.push((rule, taxes)),
            }
        }
    }
}

/// The taxes that are left, each exempt one in category E; `None` if the exemption changes nothing.
fn exempted(taxes: &[TaxComponent], exemption: &TaxExemption) -> Option<Vec<TaxComponent>> {
    let exempt = |jurisdiction: Option<&String>| TaxComponent {
        category: TaxCategory::E,
        jurisdiction: jurisdiction.cloned(),
        exemption_reason: Some(exemption.certificate.clone()),
        ..TaxComponent::default()
    };
    let Some(levies) = &exemption.jurisdiction else {
        // Nothing is left to tell apart.
        return Some(vec![exempt(None)]);
    };
    let is_meant = |tax: &TaxComponent| tax.jurisdiction.as_ref() == Some(levies);
    taxes.iter().any(is_meant).then(|| {
        let left = taxes.iter();
        left.map(|tax| if is_meant(tax) { exempt(Some(levies)) } else { tax.clone() }).collect()
    })
}

fn outcome(
    number: &str,
    check: Option<&TaxNumberCheck>,
    ruleset: &Ruleset,
    now_ms: i64,
) -> TaxNumberOutcome {
    let home_country = ruleset.home_country.as_str();
    let letters = |text| {
        let bytes = str::bytes(text).filter(u8::is_ascii_alphanumeric);
        bytes.map(|byte| byte.to_ascii_uppercase())
    };
    // Tax numbers of Greece begin with EL (Directive 2006/112/EC article 215).
    let home = if home_country == "GR" { "EL" } else { home_country };
    if letters(number).take(2).eq(letters(home)) {
        return TaxNumberOutcome::Domestic;
    }
    let Some(check) = check.filter(|check| letters(&check.number).eq(letters(number))) else {
        return TaxNumberOutcome::NotChecked;
    };
    let age = now_ms.saturating_sub(check.checked_ms);
    // An order that was made offline is checked when it arrives, and priced by the time when it was made.
    if age < ruleset.workflow.price_grace_ms.saturating_neg() {
        TaxNumberOutcome::NotChecked
    } else if !check.valid {
        TaxNumberOutcome::Invalid
    } else if ruleset.taxation.maximum_check_age_ms.is_some_and(|maximum| age > maximum) {
        TaxNumberOutcome::TooOld
    } else {
        TaxNumberOutcome::Accepted
    }
}

fn is_for(classes: &[String], class: &str) -> bool {
    classes.is_empty() || classes.iter().any(|own| own == class)
}

impl ReverseCharge {
    fn serves(&self, country: &str) -> bool {
        self.countries.iter().any(|code| code == country)
    }
}
