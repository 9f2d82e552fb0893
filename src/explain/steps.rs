//! The sentences of the steps.

use super::{
    Explanation, ExplanationKind as Kind,
    words::{self, Words},
};
use crate::{
    decimal::Decimal,
    issue::{Arguments, Language},
    money::Amount,
    pricing::{ConditionKind, Quote, RoundedLine, TraceStep},
    ruleset::Rules,
};

/// The explanations so far.
pub(super) struct Telling<'a> {
    pub words: Words<'a>,
    pub told: Vec<Explanation>,
    /// Discounts by hand that were told, each of which has a reason of its own.
    by_hand: usize,
}

impl<'a> Telling<'a> {
    pub fn new(quote: &'a Quote, rules: &'a Rules, language: Language) -> Self {
        let room = quote.trace.len().saturating_add(quote.lines.len());
        Self {
            words: Words::new(quote, rules, language),
            told: Vec::with_capacity(room),
            by_hand: 0,
        }
    }

    #[inline(never)]
    pub fn tell(&mut self, kind: Kind, key: &'static str, arguments: &Arguments) -> &mut Self {
        let sentence = self.words.sentence(key, arguments);
        self.told.push(Explanation { kind, sentence, amount_minor: None, rule: None, line: None });
        self
    }

    /// The amount of what was told last.
    #[inline(never)]
    pub fn worth(&mut self, amount: Amount) -> &mut Self {
        if let Some(last) = self.told.last_mut() {
            last.amount_minor = Some(amount);
        }
        self
    }

    /// The rule of what was told last.
    #[inline(never)]
    pub fn by(&mut self, rule: &str) -> &mut Self {
        if let Some(last) = self.told.last_mut() {
            last.rule = Some(rule.to_owned());
        }
        self
    }

    /// The line of what was told last.
    #[inline(never)]
    pub fn on(&mut self, line: usize) -> &mut Self {
        if let Some(last) = self.told.last_mut() {
            last.line = Some(line);
        }
        self
    }

    /// A sentence that says nothing but the name of a promotion.
    fn plain(&mut self, kind: Kind, key: &'static str, rule: &'a str) {
        let arguments = self.words.of(self.words.rule(rule));
        self.tell(kind, key, &arguments).by(rule);
    }

    pub fn step(&mut self, step: &'a TraceStep) {
        match step {
            TraceStep::LinePrices { amounts_minor, rounded } => {
                self.line_prices(amounts_minor, rounded);
            }
            TraceStep::DestinationPrice { .. }
            | TraceStep::ListPrice { .. }
            | TraceStep::ListQuotaExceeded { .. }
            | TraceStep::LineAdjustment { .. } => self.of_line(step),
            TraceStep::Discount { rule, amount_minor } => self.discount(rule, *amount_minor),
            TraceStep::NotReached { .. }
            | TraceStep::NotEnough { .. }
            | TraceStep::NextTier { .. }
            | TraceStep::NextUnit { .. } => self.missing(step),
            TraceStep::DiscountCapped { .. }
            | TraceStep::Suppressed { .. }
            | TraceStep::BeatenBy { .. }
            | TraceStep::NotInBest { .. }
            | TraceStep::BestCombination { .. } => self.rivals(step),
            TraceStep::ConditionNotMet { .. }
            | TraceStep::CouponNotUsed { .. }
            | TraceStep::UsedUp { .. }
            | TraceStep::NoLineMatches { .. }
            | TraceStep::NotActive { .. }
            | TraceStep::GiftOutOfStock { .. } => self.not_qualified(step),
            TraceStep::ToConfirm { rule } => self.plain(Kind::Note, "trace.toConfirm", rule),
            TraceStep::Gift { .. } | TraceStep::Points { .. } => self.given(step),
            TraceStep::ShippingRate { .. }
            | TraceStep::ShippingPrice { .. }
            | TraceStep::ShippingCarrier { .. }
            | TraceStep::ShippingSurcharge { .. }
            | TraceStep::ShippingEstimate { .. }
            | TraceStep::Shipping { .. }
            | TraceStep::ShippingFree { .. }
            | TraceStep::ShippingNotFree { .. }
            | TraceStep::ShippingDiscount { .. } => self.shipping(step),
            TraceStep::Tax { .. }
            | TraceStep::LineTaxes { .. }
            | TraceStep::TaxNumber { .. }
            | TraceStep::TaxExemption { .. }
            | TraceStep::LineAmountsRounded { .. }
            | TraceStep::TaxOnTop { .. }
            | TraceStep::ExactTotals { .. } => self.taxes(step),
            TraceStep::DocumentAdjustment { amount_minor, reason } => {
                let kind = Kind::DocumentAdjustment;
                self.manual(kind, *amount_minor, reason.as_deref()).worth(*amount_minor);
            }
            TraceStep::CashRounding { step_minor, amount_minor } => {
                let arguments = self.words.of("").with("stepMinor", *step_minor);
                let arguments = arguments.with("amountMinor", *amount_minor);
                let told = self.tell(Kind::Payable, "trace.cashRounding", &arguments);
                told.worth(*amount_minor);
            }
            TraceStep::Payable { prepaid_minor, rounding_minor } => {
                self.payable("trace.prepaid", *prepaid_minor, prepaid_minor.negate());
                self.payable("trace.payableRounding", *rounding_minor, *rounding_minor);
            }
            TraceStep::Tender { tender, amount_minor } => {
                let arguments = self.words.of("").with("amountMinor", *amount_minor);
                let told = self.tell(Kind::Tender, words::tender(*tender), &arguments);
                told.worth(amount_minor.negate());
            }
        }
    }

    fn not_qualified(&mut self, step: &'a TraceStep) {
        let (key, rule) = match step {
            TraceStep::ConditionNotMet { rule, condition } => {
                let methods = self.words.methods(rule, *condition);
                let arguments = self.words.of(self.words.rule(rule)).with("methods", methods);
                let key = match condition {
                    ConditionKind::Contains => self.words.contains(rule),
                    _ => words::unmet(*condition),
                };
                self.tell(Kind::NotQualified, key, &arguments).by(rule);
                return;
            }
            TraceStep::CouponNotUsed { coupon, obstacle } => {
                let arguments = Arguments::default().with("coupon", coupon.as_str());
                self.tell(Kind::NotQualified, words::coupon(*obstacle), &arguments);
                return;
            }
            TraceStep::UsedUp { rule, limit } => (words::used_up(*limit), rule),
            TraceStep::NoLineMatches { rule } => ("trace.noLineMatches", rule),
            TraceStep::NotActive { rule } => ("trace.notActive", rule),
            TraceStep::GiftOutOfStock { rule } => ("trace.giftOutOfStock", rule),
            _ => return,
        };
        self.plain(Kind::NotQualified, key, rule);
    }

    fn payable(&mut self, key: &'static str, shown: Amount, amount: Amount) {
        if !shown.is_zero() {
            let arguments = self.words.of("").with("amountMinor", shown);
            self.tell(Kind::Payable, key, &arguments).worth(amount);
        }
    }

    fn line_prices(&mut self, amounts: &[Amount], rounded: &'a [RoundedLine]) {
        let mut rounded = rounded.iter().peekable();
        for (at, amount) in amounts.iter().enumerate() {
            let Some(line) = self.words.quote.lines.get(at) else { continue };
            let price = self.words.price(line.unit_price);
            let arguments = self.words.of(self.words.line(at)).with("unitPrice", price);
            let arguments = arguments.with("quantity", line.quantity).with("amountMinor", *amount);
            match line.base_quantity.filter(|base| *base != Decimal::ONE) {
                Some(base) => {
                    let arguments = arguments.with("baseQuantity", base);
                    self.tell(Kind::Price, "trace.pricePer", &arguments)
                }
                None => self.tell(Kind::Price, "trace.price", &arguments),
            }
            .worth(*amount)
            .on(at);
            if let Some(rounded) = rounded.next_if(|rounded| rounded.line == at) {
                self.rounding(Some(at), self.words.line(at), &rounded.exact, *amount);
            }
        }
    }

    pub fn rounding(&mut self, line: Option<usize>, name: &str, exact: &str, amount: Amount) {
        let exact = self.words.exact(exact);
        let arguments = self.words.of(name).with("exact", exact).with("amountMinor", amount);
        self.tell(Kind::Rounding, "trace.rounding", &arguments);
        if let Some(line) = line {
            self.on(line);
        }
    }

    fn of_line(&mut self, step: &'a TraceStep) {
        match step {
            TraceStep::ListPrice { line, list, usual_unit_price, unit_price } => {
                let usual = self.words.price(*usual_unit_price);
                let price = self.words.price(*unit_price);
                let arguments = self.words.of(self.words.line(*line)).with("unitPrice", price);
                let arguments = arguments.with("list", self.words.price_list(list));
                let arguments = arguments.with("usualUnitPrice", usual);
                self.tell(Kind::ListPrice, "trace.listPrice", &arguments).by(list).on(*line);
            }
            TraceStep::DestinationPrice { line, home_unit_price } => {
                let price = self.words.quote.lines.get(*line).map(|line| line.unit_price);
                let price = self.words.price(price.unwrap_or(*home_unit_price));
                let home = self.words.price(*home_unit_price);
                let arguments = self.words.of(self.words.line(*line)).with("unitPrice", price);
                let arguments = arguments.with("homeUnitPrice", home);
                self.tell(Kind::ListPrice, "trace.destinationPrice", &arguments).on(*line);
            }
            TraceStep::ListQuotaExceeded { line, list, left } => {
                let arguments =
                    self.words.of(self.words.line(*line)).with("left", i64::from(*left));
                let arguments = arguments.with("list", self.words.price_list(list));
                let left = Decimal::from_integer(i64::from(*left));
                let one = "trace.listQuotaExceeded.one";
                let key = words::counted(left, one, "trace.listQuotaExceeded");
                self.tell(Kind::ListPrice, key, &arguments).by(list).on(*line);
            }
            TraceStep::LineAdjustment { line, amount_minor, reason } => {
                let arguments = self.words.of(self.words.line(*line));
                let arguments = arguments.with("amountMinor", *amount_minor);
                let told = match reason.as_deref().filter(|reason| !reason.is_empty()) {
                    Some(reason) => {
                        let arguments = arguments.with("reason", reason);
                        self.tell(Kind::Adjustment, "trace.adjustment", &arguments)
                    }
                    None => self.tell(Kind::Adjustment, "trace.adjustmentPlain", &arguments),
                };
                told.worth(*amount_minor).on(*line);
            }
            _ => {}
        }
    }

    fn discount(&mut self, rule: &'a str, amount: Amount) {
        let mut own = self.words.quote.adjustments.iter().filter(|it| it.rule == rule);
        let Some(promotion) = self.words.promotion(rule) else {
            // Set by staff; what it adds is negative, as it takes off.
            let name = own.nth(self.by_hand).and_then(|it| it.name.as_ref());
            self.by_hand = self.by_hand.saturating_add(1);
            let reason = name.map(|name| name.text(self.words.language));
            let told = self.manual(Kind::Applied, amount.negate(), reason);
            told.worth(amount.negate()).by(rule);
            return;
        };
        let applied = own.next();
        let name = promotion.name.text(self.words.language);
        let arguments = self.words.of(name).with("amountMinor", amount);
        match applied.and_then(|it| it.coupon_code.as_deref()) {
            Some(coupon) => {
                let arguments = arguments.with("coupon", coupon);
                self.tell(Kind::Applied, "trace.discountCoupon", &arguments)
            }
            None => self.tell(Kind::Applied, "trace.discount", &arguments),
        }
        .worth(amount.negate())
        .by(rule);
    }

    /// What staff changed on the whole order.
    fn manual(&mut self, kind: Kind, amount: Amount, reason: Option<&str>) -> &mut Self {
        let arguments = self.words.of("").with("amountMinor", amount);
        match reason.filter(|reason| !reason.is_empty()) {
            Some(reason) => self.tell(kind, "trace.manual", &arguments.with("reason", reason)),
            None => self.tell(kind, "trace.manualPlain", &arguments),
        }
    }

    fn missing(&mut self, step: &'a TraceStep) {
        let (kind, key, rule, arguments) = match step {
            TraceStep::NotReached { rule, missing_minor } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("missingMinor", *missing_minor);
                (Kind::NotQualified, "trace.notReached", rule, arguments)
            }
            // Enough are there, and it takes nothing off them.
            TraceStep::NotEnough { rule, missing_quantity }
                if *missing_quantity <= Decimal::ZERO =>
            {
                let arguments = self.words.of(self.words.rule(rule));
                (Kind::NotQualified, "example.nothing", rule, arguments)
            }
            TraceStep::NotEnough { rule, missing_quantity } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("missingQuantity", *missing_quantity);
                let key =
                    words::counted(*missing_quantity, "trace.notEnough.one", "trace.notEnough");
                (Kind::NotQualified, key, rule, arguments)
            }
            TraceStep::NextUnit { rule, missing_quantity } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("missingQuantity", *missing_quantity);
                let key = words::counted(*missing_quantity, "trace.nextUnit.one", "trace.nextUnit");
                (Kind::NextStep, key, rule, arguments)
            }
            TraceStep::NextTier { rule, missing_minor, save_minor, percent } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("missingMinor", *missing_minor);
                match percent {
                    Some(percent) => {
                        let arguments = arguments.with("percent", *percent);
                        (Kind::NextStep, "trace.nextTierPercent", rule, arguments)
                    }
                    None => {
                        let arguments = arguments.with("saveMinor", *save_minor);
                        (Kind::NextStep, "trace.nextTier", rule, arguments)
                    }
                }
            }
            _ => return,
        };
        self.tell(kind, key, &arguments).by(rule);
    }

    fn rivals(&mut self, step: &'a TraceStep) {
        match step {
            TraceStep::DiscountCapped { rule, wanted_minor, amount_minor, cap } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("wantedMinor", *wanted_minor);
                let arguments = arguments.with("amountMinor", *amount_minor);
                self.tell(Kind::Capped, words::cap(*cap), &arguments).by(rule);
            }
            TraceStep::Suppressed { rule, by, reason } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("by", self.words.rule(by));
                self.tell(Kind::Suppressed, words::suppressed(*reason), &arguments).by(rule);
            }
            TraceStep::BeatenBy { rule, by, amount_minor, by_amount_minor } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("by", self.words.rule(by));
                let arguments = arguments.with("amountMinor", *amount_minor);
                let arguments = arguments.with("byAmountMinor", *by_amount_minor);
                self.tell(Kind::Beaten, "trace.beatenBy", &arguments).by(rule);
            }
            TraceStep::NotInBest { rule, amount_minor } => {
                let arguments = self.words.of(self.words.rule(rule));
                let arguments = arguments.with("amountMinor", *amount_minor);
                self.tell(Kind::Beaten, "trace.notInBest", &arguments).by(rule);
            }
            TraceStep::BestCombination { saved_minor, bound_minor, is_exact } => {
                let arguments = self.words.of("").with("savedMinor", *saved_minor);
                let arguments = arguments.with("boundMinor", *bound_minor);
                let key = if *is_exact { "trace.best" } else { "trace.bestBound" };
                self.tell(Kind::Note, key, &arguments);
            }
            _ => {}
        }
    }

    fn given(&mut self, step: &'a TraceStep) {
        match step {
            TraceStep::Gift { rule, sku, quantity, value_minor } => {
                let arguments = self.words.of(self.words.rule(rule)).with("quantity", *quantity);
                let arguments = arguments.with("goods", self.words.product(sku));
                let arguments = arguments.with("valueMinor", *value_minor);
                let line = |line: &crate::pricing::QuoteLine| line.gift_of.as_ref() == Some(rule);
                let line = self.words.quote.lines.iter().position(line);
                self.tell(Kind::Gift, "trace.gift", &arguments).by(rule);
                if let Some(line) = line {
                    self.on(line);
                }
            }
            TraceStep::Points { points, amount_minor } => {
                let arguments = self.words.of("").with("points", i64::from(*points));
                let arguments = arguments.with("amountMinor", *amount_minor);
                let count = Decimal::from_integer(i64::from(*points));
                let key = words::counted(count, "trace.points.one", "trace.points");
                self.tell(Kind::Points, key, &arguments).worth(amount_minor.negate());
            }
            _ => {}
        }
    }
}
