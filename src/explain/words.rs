//! Names and keys: how the parts of a step are called in the sentences.

use crate::{
    decimal::{Decimal, power_of_ten},
    issue::{Arguments, Language, fill, template},
    money::Amount,
    pricing::{
        CapKind, ConditionKind, CouponObstacle, LimitKind, Quote, SuppressionKind, TenderKind,
    },
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

    /// A unit price with at least the digits of the currency.
    pub fn price(&self, unit_price: Decimal) -> String {
        let digits = usize::from(self.quote.currency.exponent());
        let mut text = unit_price.to_string();
        let has = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        if has < digits {
            text.push_str(if has == 0 { "." } else { "" });
            text.extend(core::iter::repeat_n('0', digits.saturating_sub(has)));
        }
        text.push(' ');
        text.push_str(self.quote.currency.code());
        text
    }

    /// An exact amount in minor units, as the trace has it, in major units with a few digits more than the currency.
    pub fn exact(&self, minor: &str) -> String {
        let mut text = self.major(minor).unwrap_or_else(|| minor.to_owned());
        text.push(' ');
        text.push_str(self.quote.currency.code());
        text
    }

    fn major(&self, minor: &str) -> Option<String> {
        /// Digits behind those of the currency.
        const MORE: u8 = 4;
        let (numerator, denominator) = match minor.split_once('/') {
            Some((numerator, denominator)) => (numerator.parse().ok()?, denominator.parse().ok()?),
            None => {
                let value = minor.parse::<Decimal>().ok()?;
                (value.mantissa(), value.denominator())
            }
        };
        let scaled = i128::checked_mul(numerator, power_of_ten(MORE))?;
        let rest = scaled.checked_rem(denominator)?;
        let scale = self.quote.currency.exponent().saturating_add(MORE);
        let digits = scaled.checked_div(denominator)?;
        if rest == 0 {
            let mut text = self.price(Decimal::from_parts(digits, scale)?);
            text.truncate(text.find(' ')?);
            return Some(text);
        }
        let sign = if scaled.is_negative() { "-" } else { "" };
        let digits = digits.unsigned_abs();
        let whole = digits.checked_div(power_of_ten(scale).unsigned_abs())?;
        let part = digits.checked_rem(power_of_ten(scale).unsigned_abs())?;
        Some(format!("{sign}{whole}.{part:0width$}…", width = usize::from(scale)))
    }

    /// Why a promotion does not go with what is in the order.
    pub fn contains(&self, rule: &str) -> &'static str {
        let Some(when) = self.promotion(rule).map(|promotion| &promotion.when) else {
            return "trace.unmet.contains";
        };
        let has = |word: &String| {
            let mut lines = self.quote.lines.iter();
            lines.any(|line| {
                let product = self.rules.product(&line.sku).map(|product| product.target_line());
                line.sku == *word || product.is_some_and(|product| product.has_word(word))
            })
        };
        let all = when.contains_all.iter().all(has);
        let any = when.contains_any.is_empty() || when.contains_any.iter().any(has);
        if !when.contains_none.is_empty() && all && any {
            "trace.unmet.containsNone"
        } else {
            "trace.unmet.contains"
        }
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

/// The key that tells of one thing, or of another number of them.
pub(super) fn counted(count: Decimal, one: &'static str, other: &'static str) -> &'static str {
    if count == Decimal::ONE { one } else { other }
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

pub(super) fn coupon(obstacle: CouponObstacle) -> &'static str {
    match obstacle {
        CouponObstacle::Unknown => "coupon_unknown",
        CouponObstacle::NotActive => "coupon_not_active",
        CouponObstacle::UsedUp => "coupon_used_up",
        CouponObstacle::NotUsed => "trace.couponNotUsed",
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
