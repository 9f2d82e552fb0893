//! The sentences about shipping.

use super::{
    ExplanationKind as Kind,
    steps::Telling,
    words::{self, Words},
};
use crate::{
    decimal::Decimal,
    issue::Arguments,
    money::Amount,
    pricing::{ShippingEstimate, ShippingPart, ShippingPartKind, TraceStep},
    ruleset::ShippingMeasure,
};

impl<'a> Telling<'a> {
    pub(super) fn shipping(&mut self, step: &'a TraceStep) {
        match step {
            TraceStep::Shipping { method, amount_minor } => {
                let arguments = self.amount_of(method, *amount_minor);
                let told = self.tell(Kind::Shipping, "trace.shipping", &arguments);
                told.worth(*amount_minor).by(method);
            }
            TraceStep::ShippingPrice { method, amount_minor } => {
                let arguments = self.amount_of(method, *amount_minor);
                self.tell(Kind::ShippingPart, "trace.shippingPrice", &arguments).by(method);
            }
            TraceStep::ShippingCarrier { method, amount_minor, .. } => {
                let arguments = self.amount_of(method, *amount_minor);
                self.tell(Kind::ShippingPart, "trace.shippingCarrier", &arguments).by(method);
            }
            TraceStep::ShippingSurcharge { method, name, amount_minor, .. } => {
                let arguments = self.amount_of(method, *amount_minor);
                let arguments = arguments.with("surcharge", name.text(self.words.language));
                self.tell(Kind::ShippingPart, "trace.shippingSurcharge", &arguments).by(method);
            }
            TraceStep::ShippingEstimate { method, reason } => {
                let arguments = self.words.of(self.words.method(method));
                let key = match reason {
                    ShippingEstimate::CarrierQuote => "trace.shippingEstimate.carrierQuote",
                    ShippingEstimate::Address => "trace.shippingEstimate.address",
                };
                self.tell(Kind::Note, key, &arguments).by(method);
            }
            TraceStep::ShippingDiscount { rule, amount_minor } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("amountMinor", *amount_minor);
                let told = self.tell(Kind::ShippingDiscount, "trace.shippingDiscount", &arguments);
                told.worth(amount_minor.negate()).by(rule);
            }
            TraceStep::ShippingRate { .. } => self.rate(step),
            TraceStep::ShippingFree { .. } | TraceStep::ShippingNotFree { .. } => self.free(step),
            _ => {}
        }
    }

    fn amount_of(&self, method: &str, amount: Amount) -> Arguments {
        self.words.of(self.words.method(method)).with("amountMinor", amount)
    }

    fn free(&mut self, step: &'a TraceStep) {
        match step {
            TraceStep::ShippingFree {
                method,
                template,
                free_over_minor,
                free_over_quantity,
                saved_minor,
            } => {
                let threshold = self.words.threshold(*free_over_minor, *free_over_quantity);
                let arguments = self.words.of(&self.words.table(method, template.as_deref()));
                let arguments = arguments.with("threshold", threshold);
                let arguments = arguments.with("savedMinor", *saved_minor);
                self.tell(Kind::ShippingPart, "trace.shippingFree", &arguments).by(method);
            }
            TraceStep::ShippingNotFree { method, template, missing_minor, missing_quantity } => {
                let missing = self.words.threshold(*missing_minor, *missing_quantity);
                let arguments = self.words.of(&self.words.table(method, template.as_deref()));
                let arguments = arguments.with("missing", missing);
                self.tell(Kind::NotQualified, "trace.shippingNotFree", &arguments).by(method);
            }
            _ => {}
        }
    }

    fn rate(&mut self, step: &'a TraceStep) {
        let TraceStep::ShippingRate {
            method,
            template,
            measure,
            load,
            volumetric,
            parts,
            amount_minor,
            ..
        } = step
        else {
            return;
        };
        let mut load = self.words.measured(*measure, *load);
        if *volumetric {
            let arguments = Arguments::default().with("load", load);
            load = self.words.phrase("trace.measure.volumetric", &arguments);
        }
        let method_rules = self.words.rules.shipping_method(method);
        let mut tables = method_rules.iter().flat_map(|method| &method.tables);
        let table = tables.find(|table| table.template == *template);
        if let Some(step) = table.and_then(|table| table.round_up_to) {
            let size = self.words.measured(*measure, Decimal::from_integer(step.into()));
            let arguments = Arguments::default().with("load", load).with("size", size);
            load = self.words.phrase("trace.measure.roundedUp", &arguments);
        }
        let arguments = self.words.of(&self.words.table(method, template.as_deref()));
        let arguments = arguments.with("load", load).with("amountMinor", *amount_minor);
        if parts.is_empty() {
            self.tell(Kind::ShippingPart, "trace.shippingRateNone", &arguments).by(method);
            return;
        }
        let mut sum = String::new();
        for part in parts {
            if !sum.is_empty() {
                let is_less = part.kind == ShippingPartKind::Maximum;
                sum.push_str(if is_less { " − " } else { " + " });
            }
            sum.push_str(&self.words.part(part, *measure));
        }
        let arguments = arguments.with("parts", sum);
        self.tell(Kind::ShippingPart, "trace.shippingRate", &arguments).by(method);
    }
}

impl Words<'_> {
    /// A method, with the template of one of its tables.
    pub fn table(&self, method: &str, template: Option<&str>) -> String {
        let mut name = self.method(method).to_owned();
        if let Some(template) = template {
            name.push_str(" (");
            name.push_str(template);
            name.push(')');
        }
        name
    }

    /// An amount, a quantity or both.
    pub fn threshold(&self, minor: Option<Amount>, quantity: Option<Decimal>) -> String {
        let amount = minor.map(|minor| self.amount(minor));
        let count = quantity.map(|quantity| self.measured(ShippingMeasure::Quantity, quantity));
        match (amount, count) {
            (Some(amount), Some(count)) => {
                let arguments = Arguments::default().with("first", amount).with("second", count);
                self.phrase("trace.both", &arguments)
            }
            (amount, count) => amount.or(count).unwrap_or_default(),
        }
    }

    fn measured(&self, measure: ShippingMeasure, load: Decimal) -> String {
        let key = match measure {
            ShippingMeasure::Quantity => {
                words::counted(load, "trace.measure.quantity.one", "trace.measure.quantity")
            }
            ShippingMeasure::Weight => "trace.measure.weight",
            ShippingMeasure::Volume => "trace.measure.volume",
            ShippingMeasure::Value => {
                let minor = load.to_integer().and_then(|minor| Amount::new(minor).ok());
                return self.amount(minor.unwrap_or_default());
            }
        };
        self.phrase(key, &Arguments::default().with("load", load))
    }

    fn part(&self, part: &ShippingPart, measure: ShippingMeasure) -> String {
        let price = part.price_minor.unwrap_or(part.amount_minor);
        let is_less = part.kind == ShippingPartKind::Maximum;
        let amount = if is_less { part.amount_minor.negate() } else { part.amount_minor };
        let mut arguments = self.of("").with("amountMinor", amount);
        arguments = arguments.with("priceMinor", price).with("count", part.count.unwrap_or(1));
        if let Some(size) = part.size {
            arguments = arguments.with("size", self.measured(measure, size));
        }
        if let Some(load) = part.load {
            arguments = arguments.with("load", self.measured(measure, load));
        }
        if let Some(percent) = part.percent {
            arguments = arguments.with("percent", percent);
        }
        let key = match part.kind {
            ShippingPartKind::Price => return self.amount(price),
            ShippingPartKind::Percent => "trace.part.percent",
            ShippingPartKind::First if part.count == Some(1) => "trace.part.first",
            ShippingPartKind::First => "trace.part.firsts",
            ShippingPartKind::Further if part.load.is_none() => "trace.part.further",
            ShippingPartKind::Further => "trace.part.share",
            ShippingPartKind::Minimum => "trace.part.minimum",
            ShippingPartKind::Maximum => "trace.part.maximum",
        };
        self.phrase(key, &arguments)
    }
}
