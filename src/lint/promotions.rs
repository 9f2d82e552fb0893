//! Promotions that are over, empty, or aim at nothing; tiers that do not rise.

use super::{
    Linter,
    carts::{Case, fitting},
    shown::{Shown, ShownKind, is_applied},
};
use crate::{
    decimal::Decimal,
    issue::{Arguments, Code, Issue},
    money::Amount,
    pricing::Quote,
    rounding::Rounding,
    ruleset::{Effect, PriceSource, Product, Promotion, QuantityTier, SpendTier, Target},
};

impl Linter<'_> {
    /// The findings of each promotion by itself. Gives which of them are known not to take effect: nothing more is searched there.
    pub(super) fn promotions(&mut self) -> Vec<bool> {
        let ruleset = self.ruleset;
        let mut settled = Vec::with_capacity(ruleset.promotions.len());
        for (index, promotion) in ruleset.promotions.iter().enumerate() {
            let path = format!("/promotions/{index}");
            let before = self.findings.len();
            if promotion.ends_ms.is_some_and(|end| end <= self.now_ms) {
                self.warn(Issue::new(Code::PromotionEnded, format!("{path}/endsMs")));
                self.show_unapplied(promotion);
            }
            if takes_nothing(&promotion.effect) {
                self.warn(Issue::new(Code::PromotionWithoutEffect, format!("{path}/effect")));
                self.show_unapplied(promotion);
            }
            let never_runs = self.never_runs(promotion, &path);
            self.unknown_targets(promotion, &path);
            self.thresholds(promotion, &path);
            self.price_effects(promotion, &path);
            settled.push(never_runs || self.findings.len() > before);
            self.tiers(promotion, &path);
            self.gift_taxes(promotion, &path);
        }
        settled
    }

    /// A cart in which the promotion takes nothing.
    fn show_unapplied(&mut self, promotion: &Promotion) {
        let example = self.unapplied(promotion);
        self.show(example);
    }

    pub(super) fn unapplied(&mut self, promotion: &Promotion) -> Option<(Case, Shown)> {
        for case in self.cases_of(promotion) {
            let quote = self.quote(&case)?;
            if !is_applied(&quote, &promotion.id) {
                let shown = self.not_applied(&quote, &promotion.id);
                return Some((case, shown));
            }
        }
        None
    }

    /// Targets that no product has.
    fn unknown_targets(&mut self, promotion: &Promotion, path: &str) {
        self.unknown(promotion, &promotion.target, &format!("{path}/target"));
        if let Some(counting) = &promotion.when.counting {
            self.unknown(promotion, counting, &format!("{path}/when/counting"));
        }
        match &promotion.effect {
            Effect::BuyGet { get: Some(target), .. } => {
                self.unknown(promotion, target, &format!("{path}/effect/get"));
            }
            Effect::Bundle { parts, .. } => {
                for (at, part) in parts.iter().enumerate() {
                    let path = format!("{path}/effect/parts/{at}/target");
                    self.unknown(promotion, &part.target, &path);
                }
            }
            _ => {}
        }
        self.unknown_skus(&promotion.when.contains_all, &format!("{path}/when/containsAll"));
        let words = promotion.when.contains_any.iter().enumerate();
        for (at, word) in words.filter(|(_, word)| self.rules.product(word).is_none()) {
            self.unknown_word(promotion, word, format!("{path}/when/containsAny/{at}"));
        }
    }

    fn unknown(&mut self, promotion: &Promotion, target: &Target, path: &str) {
        for (at, category) in target.categories.iter().enumerate() {
            self.unknown_word(promotion, category, format!("{path}/categories/{at}"));
        }
        self.unknown_skus(&target.skus, &format!("{path}/skus"));
    }

    fn unknown_word(&mut self, promotion: &Promotion, word: &str, path: String) {
        let mut products = self.ruleset.products.iter();
        if !products.any(|product| product.target_line().has_word(word)) {
            self.warn(Issue::new(Code::TargetUnknown, path).with("target", word));
            self.show_unapplied(promotion);
        }
    }

    /// Where drafts name prices they also name SKUs, so any may come.
    fn unknown_skus(&mut self, skus: &[String], path: &str) {
        if self.ruleset.price_source == PriceSource::Draft {
            return;
        }
        for (at, sku) in skus.iter().enumerate() {
            if self.rules.product(sku).is_none() {
                let issue = Issue::new(Code::TargetUnknown, format!("{path}/{at}"));
                self.warn(issue.with("target", sku.as_str()));
                let case = Case::at(self.now_ms).with(sku, Decimal::ONE);
                let example = self.refusal_of(case, &|code| code == Code::SkuUnknown);
                self.show(example);
            }
        }
    }

    /// A limit of nothing, or a promotion that goes with one which has not run yet.
    fn never_runs(&mut self, promotion: &Promotion, path: &str) -> bool {
        let limits = &promotion.limits;
        let uses = [("uses", limits.uses), ("usesPerCustomer", limits.uses_per_customer)];
        let groups = &self.ruleset.stacking.groups;
        let group = groups.iter().position(|it| promotion.group.as_ref() == Some(&it.id));
        let of_group = group.and_then(|at| Some((at, groups.get(at)?.maximum_per_order?)));
        let turn = |id: &str| {
            let is = |at: &usize| self.ruleset.promotions.get(*at).is_some_and(|it| it.id == id);
            self.rules.promotion_turns().position(|turn| turn.iter().any(is))
        };
        let issue = if let Some((field, _)) = uses.iter().find(|(_, most)| *most == Some(0)) {
            Issue::new(Code::LimitOfNothing, format!("{path}/limits/{field}"))
        } else if let Some((at, 0)) = of_group {
            Issue::new(Code::LimitOfNothing, format!("/stacking/groups/{at}/maximumPerOrder"))
        } else if let Some(leader) = &promotion.with
            && turn(&promotion.id) < turn(leader)
        {
            let issue = Issue::new(Code::FollowerBeforeLeader, format!("{path}/with"));
            issue.with("promotion", promotion.id.as_str()).with("leader", leader.as_str())
        } else {
            return false;
        };
        // A group is told of once.
        if !self.findings.iter().any(|it| it.issue.path == issue.path) {
            self.warn(issue);
            self.show_unapplied(promotion);
        }
        true
    }

    /// Tiers that take off as much as they ask for.
    fn takes_all(&mut self, promotion: &Promotion, tiers: &[SpendTier], path: &str) {
        let all = |it: &SpendTier| it.save_minor >= it.spend_minor && !it.save_minor.is_zero();
        let Some(at) = tiers.iter().position(all) else { return };
        let Some(tier) = tiers.get(at) else { return };
        let path = format!("{path}/effect/tiers/{at}/saveMinor");
        let issue = Issue::new(Code::TierTakesAll, path).with("saveMinor", tier.save_minor);
        let issue = issue.with("spendMinor", tier.spend_minor);
        self.warn(issue.with("currency", self.ruleset.currency));
        for case in self.cases_of(promotion) {
            let Some(quote) = self.quote(&case) else { continue };
            let amount = quote.totals.discount_minor;
            if amount == quote.totals.items_minor && !taken(&quote, &promotion.id).is_zero() {
                self.show_everything(case, amount);
                return;
            }
        }
    }

    fn tiers(&mut self, promotion: &Promotion, path: &str) {
        match &promotion.effect {
            Effect::SpendTiers { tiers, repeat } => {
                self.takes_all(promotion, tiers, path);
                for (at, pair) in tiers.windows(2).enumerate().filter(|_| !repeat) {
                    let [lower, higher] = pair else { continue };
                    if !saves_more(lower, higher) {
                        let field = if higher.percent.is_some() { "percent" } else { "saveMinor" };
                        self.tier(promotion, path, at, field, &|linter, product, is_higher| {
                            let tier = if is_higher { higher } else { lower };
                            linter.reaching(product, tier.spend_minor)
                        });
                    }
                }
            }
            Effect::QuantityTiers { tiers, .. } => {
                for (at, pair) in tiers.windows(2).enumerate() {
                    let [lower, higher] = pair else { continue };
                    if let Some(field) = no_better(lower, higher) {
                        self.tier(promotion, path, at, field, &|_, product, is_higher| {
                            let tier = if is_higher { higher } else { lower };
                            fitting(product, tier.quantity)
                        });
                    }
                }
            }
            _ => {}
        }
    }

    /// A tier that saves no more than the one below, with a cart that reaches it beside one that does not.
    fn tier(
        &mut self,
        promotion: &Promotion,
        path: &str,
        below: usize,
        field: &str,
        quantity: &dyn Fn(&Self, &Product, bool) -> Decimal,
    ) {
        let at = below.saturating_add(1);
        let path = format!("{path}/effect/tiers/{at}/{field}");
        self.warn(Issue::new(Code::TierNotHigher, path));
        let bases = self.cases_of(promotion);
        let product = self.targets(&promotion.target).first().copied();
        let (Some(base), Some(product)) = (bases.into_iter().next(), product) else { return };
        let priced = |linter: &mut Self, which| {
            let mut case = base.clone();
            case.draft.lines.clear();
            let case = case.with(&product.sku, quantity(linter, product, which));
            Some((linter.quote(&case)?, case))
        };
        let (Some((lower, _)), Some((higher, case))) = (priced(self, false), priced(self, true))
        else {
            return;
        };
        let by_unit = matches!(promotion.effect, Effect::QuantityTiers { .. });
        let off = |quote: &Quote| {
            let taken = taken(quote, &promotion.id);
            if by_unit { of_each(taken, quote) } else { taken }
        };
        let (less, more) = (off(&lower), off(&higher));
        if more <= less {
            let (kind, key) = if by_unit {
                (ShownKind::SavesNoMoreEach, "example.savesNoMoreEach")
            } else {
                (ShownKind::SavesNoMore, "example.savesNoMore")
            };
            let arguments = Arguments::default().with("amountMinor", more).with("otherMinor", less);
            let shown = Shown::new(kind, self.sentence(key, arguments)).of_rule(&promotion.id);
            self.show(Some((case, shown.amounts(more, Some(less)))));
        }
    }
}

/// What a rule takes off the items.
pub(super) fn taken(quote: &Quote, rule: &str) -> Amount {
    let found = quote.adjustments.iter().find(|it| it.rule == rule);
    found.map_or(Amount::ZERO, |it| it.amount_minor)
}

/// The part of an amount that each unit of the first line has, rounded down.
fn of_each(amount: Amount, quote: &Quote) -> Amount {
    let quantity = quote.lines.first().map_or(Decimal::ONE, |line| line.quantity);
    let numerator = i128::from(amount.minor()).checked_mul(quantity.denominator());
    let part = numerator.map(|it| Amount::from_fraction(it, quantity.mantissa(), Rounding::Down));
    part.and_then(Result::ok).unwrap_or_default()
}

fn saves_more(lower: &SpendTier, higher: &SpendTier) -> bool {
    match (lower.percent, higher.percent) {
        (Some(lower), Some(higher)) => higher > lower,
        (None, None) => higher.save_minor > lower.save_minor,
        (Some(percent), None) => {
            // At the higher threshold, and all the more above it.
            let hundredths = percent.mantissa().checked_mul(higher.spend_minor.minor().into());
            let saved = i128::from(higher.save_minor.minor()).checked_mul(100);
            let saved = saved.and_then(|it| it.checked_mul(percent.denominator()));
            saved > hundredths
        }
        // An amount and a percentage depend on what is bought.
        _ => true,
    }
}

/// The field in which a quantity tier is no better than the one below it.
fn no_better(lower: &QuantityTier, higher: &QuantityTier) -> Option<&'static str> {
    let pairs = (
        lower.percent.zip(higher.percent),
        lower.amount_minor.zip(higher.amount_minor),
        lower.unit_price.zip(higher.unit_price),
    );
    match pairs {
        (Some((lower, higher)), ..) if higher <= lower => Some("percent"),
        (_, Some((lower, higher)), _) if higher <= lower => Some("amountMinor"),
        (.., Some((lower, higher))) if higher >= lower => Some("unitPrice"),
        _ => None,
    }
}

fn takes_nothing(effect: &Effect) -> bool {
    match effect {
        Effect::LinePercentage { percent, .. }
        | Effect::NthUnit { percent, .. }
        | Effect::BuyGet { percent, .. }
        | Effect::Bundle { percent: Some(percent), .. } => percent.is_zero(),
        Effect::OrderPercentage { percent, maximum_minor, .. }
        | Effect::ShippingPercentage { percent, maximum_minor } => {
            percent.is_zero() || maximum_minor.is_some_and(Amount::is_zero)
        }
        Effect::LineFixed { amount_minor, .. }
        | Effect::OrderFixed { amount_minor, .. }
        | Effect::ShippingFixed { amount_minor } => amount_minor.is_zero(),
        Effect::SpendTiers { tiers, .. } => {
            let empty = |tier: &SpendTier| {
                tier.save_minor.is_zero() && tier.percent.is_none_or(Decimal::is_zero)
            };
            tiers.iter().all(empty)
        }
        _ => false,
    }
}
