//! Names and keys: how the parts of a step are called in the sentences.

use crate::{
    decimal::Decimal,
    issue::{Arguments, Language, fill, template},
    money::Amount,
    pricing::{CapKind, ConditionKind, LimitKind, Quote, SuppressionKind, TenderKind},
    ruleset::{Promotion, Rules},
};

/// What stands where there is no word.
const NOTHING: &str = "–";

/// Names in one language, and the sentences of the catalogue.
pub(super) struct Words<'a> {
    pub quote: &'a Quote,
    pub rules: &'a Rules,
    pub language: Language,
    /// The last template: many lines have the same.
    last: (&'static str, String),
}

impl<'a> Words<'a> {
    pub fn new(quote: &'a Quote, rules: &'a Rules, language: Language) -> Self {
        Self { quote, rules, language, last: ("", String::new()) }
    }

    /// The arguments of a sentence, to which more are added.
    #[inline(never)]
    pub fn of(&self, name: &str) -> Arguments {
        Arguments::default().with("currency", self.quote.currency).with("name", name)
    }

    pub fn sentence(&mut self, key: &'static str, arguments: &Arguments) -> String {
        if self.last.0 != key {
            self.last = (key, template(key, self.language));
        }
        fill(&self.last.1, arguments, self.language)
    }

    /// A part of a sentence.
    #[inline(never)]
    pub fn phrase(&self, key: &str, arguments: &Arguments) -> String {
        fill(&template(key, self.language), arguments, self.language)
    }

    pub fn amount(&self, amount: Amount) -> String {
        let currency = self.quote.currency;
        let mut text = amount.display(currency).to_string();
        text.push(' ');
        text.push_str(currency.code());
        text
    }

    pub fn price(&self, unit_price: Decimal) -> String {
        let mut text = unit_price.to_string();
        text.push(' ');
        text.push_str(self.quote.currency.code());
        text
    }

    pub fn promotion(&self, id: &str) -> Option<&'a Promotion> {
        self.rules.ruleset().promotions.iter().find(|promotion| promotion.id == id)
    }

    #[inline(never)]
    pub fn rule(&self, id: &'a str) -> &'a str {
        self.promotion(id).map_or(id, |promotion| promotion.name.text(self.language))
    }

    #[inline(never)]
    pub fn method(&self, id: &'a str) -> &'a str {
        self.rules.shipping_method(id).map_or(id, |method| method.name.text(self.language))
    }

    pub fn price_list(&self, id: &'a str) -> &'a str {
        let lists = &self.rules.ruleset().price_lists;
        let found = lists.iter().find(|list| list.id == id);
        found.map_or(id, |list| list.name.text(self.language))
    }

    pub fn product(&self, sku: &'a str) -> &'a str {
        self.rules.product(sku).map_or(sku, |product| product.name.text(self.language))
    }

    #[inline(never)]
    pub fn line(&self, line: usize) -> &'a str {
        let Some(line) = self.quote.lines.get(line) else { return NOTHING };
        line.name.as_ref().map_or(line.sku.as_str(), |name| name.text(self.language))
    }

    /// The shipping or payment methods that a promotion asks for.
    pub fn methods(&self, id: &str, condition: ConditionKind) -> String {
        let Some(promotion) = self.promotion(id) else { return NOTHING.to_owned() };
        let mut names = Vec::new();
        if condition == ConditionKind::ShippingMethod {
            names.extend(promotion.when.shipping_methods.iter().map(|id| self.method(id)));
        } else {
            let found = |id| self.rules.payment_method(id);
            let methods = promotion.when.payment_methods.iter().filter_map(|id| found(id));
            names.extend(methods.map(|method| method.name.text(self.language)));
        }
        names.join(", ")
    }
}

/// A reason that staff entered.
pub(super) fn reason(reason: Option<&str>) -> &str {
    reason.filter(|reason| !reason.is_empty()).unwrap_or(NOTHING)
}

pub(super) fn cap(cap: CapKind) -> &'static str {
    match cap {
        CapKind::Left => "trace.capped.left",
        CapKind::Line => "trace.capped.line",
        CapKind::Order => "trace.capped.order",
        CapKind::Floor => "trace.capped.floor",
        CapKind::Budget => "trace.capped.budget",
        CapKind::Shop => "trace.capped.shop",
    }
}

pub(super) fn unmet(condition: ConditionKind) -> &'static str {
    match condition {
        ConditionKind::CustomerGroup => "trace.unmet.customerGroup",
        ConditionKind::NthOrder => "trace.unmet.nthOrder",
        ConditionKind::DaysSinceLastOrder => "trace.unmet.daysSinceLastOrder",
        ConditionKind::ShippingMethod => "trace.unmet.shippingMethod",
        ConditionKind::PaymentMethod => "trace.unmet.paymentMethod",
        ConditionKind::Country => "trace.unmet.country",
        ConditionKind::Contains => "trace.unmet.contains",
        ConditionKind::OtherPromotion => "trace.unmet.otherPromotion",
    }
}

pub(super) fn used_up(limit: LimitKind) -> &'static str {
    match limit {
        LimitKind::Uses => "trace.usedUp.uses",
        LimitKind::UsesPerCustomer => "trace.usedUp.usesPerCustomer",
        LimitKind::Budget => "trace.usedUp.budget",
        LimitKind::BudgetPerCustomer => "trace.usedUp.budgetPerCustomer",
    }
}

pub(super) fn suppressed(reason: SuppressionKind) -> &'static str {
    match reason {
        SuppressionKind::Exclusive => "trace.suppressed.exclusive",
        SuppressionKind::Group => "trace.suppressed.group",
        SuppressionKind::GroupMaximum => "trace.suppressed.groupMaximum",
        SuppressionKind::Pair => "trace.suppressed.pair",
    }
}

pub(super) fn tender(tender: TenderKind) -> &'static str {
    match tender {
        TenderKind::GiftCard => "trace.tender.giftCard",
        TenderKind::StoreCredit => "trace.tender.storeCredit",
        TenderKind::Points => "trace.tender.points",
    }
}
