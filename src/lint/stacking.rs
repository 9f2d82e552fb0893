//! Promotions together: groups that exclude each other, and discounts that take everything.

use super::{
    Linter,
    carts::{Case, fitting},
    shown::{Shown, ShownKind},
};
use crate::{
    decimal::Decimal,
    issue::{Arguments, Code, Issue},
    limits::MAX_COUPON_CODES,
    money::Amount,
    pricing::{Quote, SuppressionKind, TraceStep},
    ruleset::{Effect, Product, Promotion, StackingMode, StackingPair},
};

/// Units of the cart that has to be free: so many that fixed amounts do not count.
const MANY: i64 = 1_000;

impl<'a> Linter<'a> {
    pub(super) fn stacking(&mut self) {
        self.exclusions();
        self.groups();
        self.pairs();
        self.everything();
    }

    /// Groups that exclude each other, in a circle or as a pair: which one is left is told by who runs first.
    fn exclusions(&mut self) {
        let ruleset = self.ruleset;
        let groups = &ruleset.stacking.groups;
        let mut told: Vec<&str> = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            if told.contains(&group.id.as_str()) {
                continue;
            }
            let Some(circle) = self.circle(&group.id) else { continue };
            let path = format!("/stacking/groups/{index}/excludes");
            let mut names = circle.join(" → ");
            names.push_str(" → ");
            names.push_str(&group.id);
            self.warn(Issue::new(Code::ExclusionCycle, path).with("groups", names));
            let example = self.kept_out_of(&circle);
            self.show(example);
            told.extend(circle);
        }
    }

    /// Groups whose promotions are not decided together, and such that name themselves.
    fn groups(&mut self) {
        let ruleset = self.ruleset;
        for (index, group) in ruleset.stacking.groups.iter().enumerate() {
            let members = || {
                let all = ruleset.promotions.iter();
                all.filter(|it| it.group.as_ref() == Some(&group.id))
            };
            let on_shipping = members().filter(|it| it.is_on_shipping()).count();
            let mixed = on_shipping > 0 && on_shipping < members().count();
            if mixed && group.mode != StackingMode::Sequential {
                let path = format!("/stacking/groups/{index}/mode");
                self.warn(Issue::new(Code::GroupMixed, path).with("group", group.id.as_str()));
            }
            // With more members it means that only one of them applies.
            if members().count() < 2 && group.excludes.contains(&group.id) {
                self.no_effect(&group.id, format!("/stacking/groups/{index}/excludes"));
            }
        }
    }

    /// Pairs of a promotion with itself, and such that an earlier pair has ruled already.
    fn pairs(&mut self) {
        let pairs = &self.ruleset.stacking.pairs;
        for (at, pair) in pairs.iter().enumerate() {
            let same = |it: &StackingPair| {
                (&it.first, &it.second) == (&pair.first, &pair.second)
                    || (&it.first, &it.second) == (&pair.second, &pair.first)
            };
            if pair.first == pair.second || pairs.iter().take(at).any(same) {
                let path = format!("/stacking/pairs/{at}");
                self.no_effect(&format!("{} + {}", pair.first, pair.second), path);
            }
        }
    }

    pub(super) fn no_effect(&mut self, name: &str, path: String) {
        self.warn(Issue::new(Code::EntryWithoutEffect, path).with("name", name));
    }

    /// The shortest circle of exclusions from a group back to itself.
    #[inline(never)]
    fn circle(&self, from: &str) -> Option<Vec<&'a str>> {
        let ruleset = self.ruleset;
        let groups = &ruleset.stacking.groups;
        let find = |id: &str| groups.iter().find(|group| group.id == id);
        let mut paths: Vec<Vec<&'a str>> = vec![vec![find(from)?.id.as_str()]];
        let mut seen: Vec<&str> = Vec::new();
        while !paths.is_empty() {
            let mut longer = Vec::new();
            for path in paths {
                let Some(last) = path.last().and_then(|id| find(id)) else { continue };
                for next in &last.excludes {
                    if next == from && path.len() > 1 {
                        return Some(path);
                    }
                    if let Some(group) = find(next)
                        && !seen.contains(&group.id.as_str())
                        && group.id != from
                    {
                        seen.push(&group.id);
                        let mut path = path.clone();
                        path.push(&group.id);
                        longer.push(path);
                    }
                }
            }
            paths = longer;
        }
        None
    }

    /// A cart in which a promotion of one of the groups keeps out one of another.
    #[inline(never)]
    fn kept_out_of(&mut self, groups: &[&str]) -> Option<(Case, Shown)> {
        let ruleset = self.ruleset;
        let is_in = |promotion: &&Promotion| {
            promotion.group.as_deref().is_some_and(|group| groups.contains(&group))
        };
        for promotion in ruleset.promotions.iter().filter(is_in) {
            for case in self.cases_of(promotion) {
                let case = with_coupons(case, ruleset.promotions.iter().filter(is_in));
                let quote = self.quote(&case)?;
                let suppressed = quote.trace.iter().find_map(|step| match step {
                    TraceStep::Suppressed { rule, reason: SuppressionKind::Group, .. } => {
                        Some(rule)
                    }
                    _ => None,
                });
                if let Some(rule) = suppressed {
                    let shown = self.not_applied(&quote, rule);
                    return Some((case, shown));
                }
            }
        }
        None
    }

    /// Several discounts that leave nothing to pay, however much is bought; each set of promotions once.
    fn everything(&mut self) {
        let ruleset = self.ruleset;
        if ruleset.promotions.len() < 2 {
            return;
        }
        let mut seen: Vec<Vec<String>> = Vec::new();
        let mut products: Vec<&Product> = Vec::new();
        for product in &ruleset.products {
            // Products that the same promotions are for need one look.
            let same = |known: &&Product| {
                let lines = (known.target_line(), product.target_line());
                let mut promotions = ruleset.promotions.iter();
                promotions.all(|it| it.target.matches(&lines.0) == it.target.matches(&lines.1))
            };
            if products.len() < MOST_PRODUCTS && !products.iter().any(same) {
                products.push(product);
            }
        }
        for product in products {
            let Some((case, quote)) = self.free_of_charge(product) else { continue };
            let rules: Vec<String> = quote.adjustments.iter().map(|it| it.rule.clone()).collect();
            if seen.contains(&rules) {
                continue;
            }
            let issue = Issue::new(Code::DiscountsReachAll, "/promotions");
            let issue = issue.with("rules", rules.join(", ")).with("sku", product.sku.as_str());
            self.warn(issue);
            let amount = quote.totals.discount_minor;
            self.show_everything(case, amount);
            seen.push(rules);
        }
    }

    /// Adds a cart of which discounts take everything.
    #[inline(never)]
    pub(super) fn show_everything(&mut self, case: Case, amount: Amount) {
        let arguments = Arguments::default().with("amountMinor", amount);
        let sentence = self.sentence("example.everything", arguments);
        let shown = Shown::new(ShownKind::Everything, sentence).amounts(amount, None);
        self.show(Some((case, shown)));
    }

    /// The smallest cart of a product that several discounts take all of, if they do so for a big one, too.
    #[inline(never)]
    fn free_of_charge(&mut self, product: &Product) -> Option<(Case, Quote)> {
        let free = |quote: &Quote| {
            let totals = &quote.totals;
            let many = quote.adjustments.iter().filter(|it| it.amount_minor > Amount::ZERO).count();
            many > 1 && totals.discount_minor == totals.items_minor && !totals.items_minor.is_zero()
        };
        let ruleset = self.ruleset;
        let now_ms = self.now_ms;
        let active = || ruleset.promotions.iter().filter(move |it| it.is_active(now_ms));
        // One that takes everything by itself is meant so.
        let whole = |promotion: &&Promotion| !takes_all(&promotion.effect);
        let mut base = Case::at(now_ms);
        for promotion in active() {
            let groups = &promotion.when.customer_groups;
            base.context.customer.groups.extend(groups.first().cloned());
        }
        let base = with_coupons(base, active().filter(whole));
        let cart = |count: i64| {
            base.clone().with(&product.sku, fitting(product, Decimal::from_integer(count)))
        };
        let many = self.quote(&cart(MANY))?;
        if !free(&many) || many.adjustments.iter().any(|it| self.is_whole(&it.rule)) {
            return None;
        }
        for count in [1, 2, 3, 10, MANY] {
            let case = cart(count);
            let quote = self.quote(&case)?;
            if free(&quote) {
                return Some((case, quote));
            }
        }
        None
    }

    fn is_whole(&self, rule: &str) -> bool {
        let found = self.ruleset.promotions.iter().find(|promotion| promotion.id == rule);
        found.is_some_and(|promotion| takes_all(&promotion.effect))
    }
}

/// Kinds of products that are looked at.
const MOST_PRODUCTS: usize = 24;

/// The same cart with a coupon of each promotion that needs one.
fn with_coupons<'p>(case: Case, promotions: impl Iterator<Item = &'p Promotion>) -> Case {
    let codes = promotions.filter_map(|promotion| promotion.coupon_codes.first());
    let known = case.draft.details.coupon_codes.clone();
    let fresh = codes.filter(|code| !known.contains(code));
    fresh.take(MAX_COUPON_CODES).fold(case, |case, code| case.coupon(code))
}

fn takes_all(effect: &Effect) -> bool {
    match effect {
        Effect::LinePercentage { percent, .. } | Effect::OrderPercentage { percent, .. } => {
            *percent == Decimal::from_integer(100)
        }
        Effect::SpendTiers { tiers, repeat: true } => {
            tiers.iter().any(|tier| tier.save_minor >= tier.spend_minor)
        }
        _ => false,
    }
}
