//! The sentences about taxes.

use super::{ExplanationKind as Kind, steps::Telling, words::Words};
use crate::{
    issue::Arguments,
    money::Amount,
    pricing::{RoundedLine, TaxNumberOutcome, TraceStep},
    ruleset::{PriceBasis, TaxCategory, TaxComponent},
};

/// What stands where an exact value has too many digits.
const UNKNOWN: &str = "–";

impl<'a> Telling<'a> {
    pub(super) fn taxes(&mut self, step: &'a TraceStep) {
        match step {
            TraceStep::Tax { tax, taxable_minor, amount_minor, exact } => {
                self.tax(tax, *taxable_minor, *amount_minor, exact.as_deref());
            }
            TraceStep::LineTaxes { tax, lines, amounts_minor, rounded } => {
                self.line_taxes(tax, lines, amounts_minor, rounded);
            }
            TraceStep::TaxNumber { number, outcome, .. } => {
                let key = match outcome {
                    TaxNumberOutcome::Accepted => "trace.taxNumber.accepted",
                    TaxNumberOutcome::NotChecked => "trace.taxNumber.notChecked",
                    TaxNumberOutcome::Invalid => "trace.taxNumber.invalid",
                    TaxNumberOutcome::TooOld => "trace.taxNumber.tooOld",
                    TaxNumberOutcome::Domestic => "trace.taxNumber.domestic",
                };
                let arguments = Arguments::default().with("number", number.as_str());
                self.tell(Kind::TaxNote, key, &arguments);
            }
            TraceStep::TaxExemption { certificate, active } => {
                let key =
                    if *active { "trace.exemption.active" } else { "trace.exemption.notActive" };
                let arguments = Arguments::default().with("certificate", certificate.as_str());
                self.tell(Kind::TaxNote, key, &arguments);
            }
            TraceStep::LineAmountsRounded { rounded, amount_minor } => {
                for rounded in rounded {
                    let name = self.words.line(rounded.line);
                    let exact = self.words.exact(&rounded.exact);
                    let arguments = self.words.of(name).with("exact", exact);
                    let key = "trace.roundingBeforeTax";
                    self.tell(Kind::TaxNote, key, &arguments).on(rounded.line);
                }
                if !amount_minor.is_zero() {
                    let arguments = self.words.of("").with("amountMinor", *amount_minor);
                    let told = self.tell(Kind::Adjustment, "trace.amountsRounded", &arguments);
                    told.worth(*amount_minor);
                }
            }
            TraceStep::TaxOnTop { amount_minor } => {
                let arguments = self.words.of("").with("amountMinor", *amount_minor);
                self.tell(Kind::TaxNote, "trace.taxOnTop", &arguments);
            }
            TraceStep::ExactTotals { exact_net, exact_tax, exact_gross } => {
                let text = |exact: &'a Option<String>| match exact {
                    Some(exact) => self.words.exact(exact),
                    None => UNKNOWN.to_owned(),
                };
                let arguments = Arguments::default().with("net", text(exact_net));
                let arguments = arguments.with("tax", text(exact_tax));
                let arguments = arguments.with("gross", text(exact_gross));
                self.tell(Kind::TaxNote, "trace.exactTotals", &arguments);
            }
            _ => {}
        }
    }

    fn tax(&mut self, tax: &TaxComponent, taxable: Amount, amount: Amount, exact: Option<&str>) {
        let quote = self.words.quote;
        let name = self.words.tax(tax);
        // Where prices are mixed, a sum can hold both kinds.
        let is_mixed = quote.trace.iter().any(|step| matches!(step, TraceStep::TaxOnTop { .. }));
        let key = match quote.price_basis {
            PriceBasis::TaxInclusive if !is_mixed => "trace.tax.included",
            _ => "trace.tax.added",
        };
        let arguments = self.words.of("").with("tax", name.as_str());
        let arguments = arguments.with("taxableMinor", taxable).with("amountMinor", amount);
        self.tell(Kind::Tax, key, &arguments).worth(amount);
        if let Some(exact) = exact {
            self.rounding(None, &name, exact, amount);
        }
    }

    fn line_taxes(
        &mut self,
        tax: &TaxComponent,
        lines: &[usize],
        amounts: &[Amount],
        rounded: &'a [RoundedLine],
    ) {
        let quote = self.words.quote;
        let tax = self.words.tax(tax);
        let mut rounded = rounded.iter().peekable();
        for (line, amount) in lines.iter().zip(amounts) {
            let own = quote.lines.get(*line).and_then(|line| line.price_basis);
            let key = match own.unwrap_or(quote.price_basis) {
                PriceBasis::TaxInclusive => "trace.lineTax.included",
                PriceBasis::TaxExclusive => "trace.lineTax.added",
            };
            let arguments = self.words.of(self.words.line(*line)).with("tax", tax.as_str());
            let arguments = arguments.with("amountMinor", *amount);
            self.tell(Kind::Tax, key, &arguments).worth(*amount).on(*line);
            if let Some(rounded) = rounded.next_if(|rounded| rounded.line == *line) {
                self.rounding(Some(*line), &tax, &rounded.exact, *amount);
            }
        }
    }
}

impl Words<'_> {
    /// What a tax is called, such as "20 % tax (NY)".
    pub fn tax(&self, tax: &TaxComponent) -> String {
        let key = match tax.category {
            _ if tax.amount_per_unit.is_some() => "trace.taxName.perUnit",
            TaxCategory::Z => "trace.taxName.zero",
            TaxCategory::E => "trace.taxName.exempt",
            TaxCategory::Ae => "trace.taxName.reverse",
            TaxCategory::K | TaxCategory::G | TaxCategory::O => "trace.taxName.none",
            _ => "trace.taxName.rate",
        };
        let mut arguments = Arguments::default().with("percent", tax.percent);
        if let Some(amount) = tax.amount_per_unit {
            arguments = arguments.with("amount", self.price(amount));
        }
        let mut name = self.phrase(key, &arguments);
        for more in [&tax.jurisdiction, &tax.exemption_reason].into_iter().flatten() {
            name.push_str(" (");
            name.push_str(more);
            name.push(')');
        }
        name
    }
}
