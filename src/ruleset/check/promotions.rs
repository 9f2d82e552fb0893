//! Promotions: times, conditions and effects.

use super::Findings;
use crate::{
    decimal::Decimal,
    limits::MAX_PROMOTIONS,
    money::Amount,
    ruleset::{Effect, Promotion, SpendTier},
};

impl Findings<'_> {
    pub(super) fn promotions(&mut self) {
        let promotions = &self.ruleset.promotions;
        if promotions.len() > MAX_PROMOTIONS {
            self.add("/promotions", format!("more than {MAX_PROMOTIONS} promotions"));
        }
        self.repeated(promotions.iter().map(|rule| rule.id.as_str()), "/promotions", "id");
        for (index, promotion) in promotions.iter().enumerate() {
            let path = format!("/promotions/{index}");
            self.window(promotion, &path);
            self.effect(&promotion.effect, &format!("{path}/effect"));
        }
    }

    fn window(&mut self, promotion: &Promotion, path: &str) {
        if let (Some(start), Some(end)) = (promotion.starts_ms, promotion.ends_ms)
            && start >= end
        {
            self.add(format!("{path}/endsMs"), "it ends before it starts");
        }
        if promotion.minimum_minor.is_some_and(Amount::is_negative) {
            self.add(format!("{path}/minimumMinor"), "a minimum cannot be negative");
        }
    }

    fn effect(&mut self, effect: &Effect, path: &str) {
        let hundred = Decimal::from_integer(100);
        match effect {
            Effect::LinePercentage { percent } | Effect::OrderPercentage { percent, .. } => {
                if percent.is_negative() || *percent > hundred {
                    self.add(format!("{path}/percent"), "a percentage lies between 0 and 100");
                }
            }
            Effect::LineFixed { amount_minor, .. } | Effect::OrderFixed { amount_minor } => {
                if amount_minor.is_negative() {
                    self.add(format!("{path}/amountMinor"), "a discount cannot be negative");
                }
            }
            Effect::SpendTiers { tiers } => self.tiers(tiers, &format!("{path}/tiers")),
        }
        if let Effect::OrderPercentage { maximum_minor: Some(maximum), .. } = effect
            && maximum.is_negative()
        {
            self.add(format!("{path}/maximumMinor"), "a maximum cannot be negative");
        }
    }

    fn tiers(&mut self, tiers: &[SpendTier], path: &str) {
        let rising = |pair: &[SpendTier]| match pair {
            [lower, higher] => lower.spend_minor < higher.spend_minor,
            _ => true,
        };
        if tiers.is_empty() || !tiers.windows(2).all(rising) {
            self.add(path, "tiers are needed, by rising spend");
        }
        let negative =
            |tier: &SpendTier| tier.spend_minor.is_negative() || tier.save_minor.is_negative();
        if tiers.iter().any(negative) {
            self.add(path, "a tier cannot be negative");
        }
    }
}
