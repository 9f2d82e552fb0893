//! Prices that are no better than the usual ones: fixed prices, sets, price lists, floors; budgets below one use.

use super::{
    Linter,
    carts::{Case, fitting},
    promotions::taken,
    shown::{Shown, ShownKind, is_applied},
};
use crate::{
    context::RuleUse,
    decimal::Decimal,
    explain::ExplanationKind,
    issue::{Arguments, Code, Issue},
    money::Amount,
    pricing::{CapKind, LimitKind, TraceStep, quote},
    ruleset::{BundlePart, Effect, ListedPrice, PriceList, Product, Promotion, Target},
};

impl Linter<'_> {
    /// A promotion that sets a price which is no lower, or that its budget never pays for.
    pub(super) fn price_effects(&mut self, promotion: &Promotion, path: &str) {
        match &promotion.effect {
            Effect::FixedPrice { unit_price, .. } => {
                let path = format!("{path}/effect/unitPrice");
                self.fixed_price(promotion, *unit_price, Decimal::ONE, path);
            }
            Effect::QuantityTiers { tiers, .. } => {
                // Later tiers are compared with the one below.
                if let Some(tier) = tiers.first()
                    && let Some(price) = tier.unit_price
                {
                    let path = format!("{path}/effect/tiers/0/unitPrice");
                    self.fixed_price(promotion, price, tier.quantity, path);
                }
            }
            Effect::AnyFor { quantity, amount_minor, .. } => {
                let count = Decimal::from_integer((*quantity).into());
                let most = self.dearest(&promotion.target, count);
                self.set(promotion, *amount_minor, most, path);
            }
            Effect::Bundle { parts, amount_minor: Some(amount), .. } => {
                let most = self.dearest_parts(parts);
                self.set(promotion, *amount, most, path);
            }
            _ => {}
        }
        self.budget(promotion, path);
    }

    /// A fixed price that at least one of its products has already, or undercuts.
    fn fixed_price(
        &mut self,
        promotion: &Promotion,
        price: Decimal,
        quantity: Decimal,
        path: String,
    ) {
        let meant = |product: &&Product| {
            promotion.target.matches(&product.target_line()) && product.unit_price <= price
        };
        let Some(product) = self.ruleset.products.iter().find(meant) else { return };
        let issue = Issue::new(Code::FixedPriceNotLower, path);
        let issue = issue.with("sku", product.sku.as_str());
        self.warn(issue.with("price", product.unit_price).with("fixed", price));
        let base = self.cases_of(promotion).into_iter().next();
        if let Some(mut case) = base {
            case.draft.lines.clear();
            let case = case.with(&product.sku, fitting(product, quantity));
            let example = self.unapplied_in(case, &promotion.id);
            self.show(example);
        }
    }

    fn unapplied_in(&mut self, case: Case, rule: &str) -> Option<(Case, Shown)> {
        let quote = self.quote(&case)?;
        let shown = self.not_applied(&quote, rule);
        (!is_applied(&quote, rule)).then_some((case, shown))
    }

    /// The most that so many units of a target can cost.
    fn dearest(&self, target: &Target, count: Decimal) -> Option<Amount> {
        let meant = self.ruleset.products.iter();
        let prices = meant.filter(|it| target.matches(&it.target_line())).map(|it| it.unit_price);
        self.worth(prices.max()?, count)
    }

    fn dearest_parts(&self, parts: &[BundlePart]) -> Option<Amount> {
        parts.iter().try_fold(Amount::ZERO, |sum, part| {
            let count = Decimal::from_integer(part.quantity.into());
            sum.plus(self.dearest(&part.target, count)?).ok()
        })
    }

    /// Goods for one price that is no lower than what they cost one by one.
    fn set(&mut self, promotion: &Promotion, price: Amount, parts: Option<Amount>, path: &str) {
        let Some(parts) = parts.filter(|parts| *parts <= price) else { return };
        let issue = Issue::new(Code::SetNotCheaper, format!("{path}/effect/amountMinor"));
        let issue = issue.with("partsMinor", parts).with("amountMinor", price);
        self.warn(issue.with("currency", self.ruleset.currency));
        let example = self.unapplied(promotion);
        self.show(example);
    }

    /// A budget that the first order uses up, or cannot use at all.
    fn budget(&mut self, promotion: &Promotion, path: &str) {
        let limits = &promotion.limits;
        let budgets = [
            ("budgetMinor", limits.budget_minor, LimitKind::Budget),
            (
                "budgetPerCustomerMinor",
                limits.budget_per_customer_minor,
                LimitKind::BudgetPerCustomer,
            ),
        ];
        for (field, budget, kind) in budgets {
            let Some(budget) = budget else { continue };
            let Some((case, wanted, shown)) = self.over_budget(promotion, kind) else { continue };
            let wanted = wanted.or_else(|| self.unlimited(promotion, &case)).unwrap_or(budget);
            let issue = Issue::new(Code::BudgetTooSmall, format!("{path}/limits/{field}"));
            let issue = issue.with("budgetMinor", budget).with("amountMinor", wanted);
            self.warn(issue.with("currency", self.ruleset.currency));
            self.show(Some((case, shown)));
        }
    }

    /// What a promotion would take with a budget that no cart of these uses up: as if so much had come back before.
    #[inline(never)]
    fn unlimited(&self, promotion: &Promotion, case: &Case) -> Option<Amount> {
        let back = Amount::new(-1_000_000_000).ok()?;
        let mut context = case.context.clone();
        context.uses = vec![RuleUse {
            rule: promotion.id.clone(),
            amount_minor: back,
            customer_amount_minor: back,
            ..RuleUse::default()
        }];
        let quote = quote(&case.draft, self.rules, &context).ok()?;
        Some(taken(&quote, &promotion.id))
    }

    /// The smallest cart that the promotion is for, if its budget does not cover it.
    #[inline(never)]
    fn over_budget(
        &mut self,
        promotion: &Promotion,
        kind: LimitKind,
    ) -> Option<(Case, Option<Amount>, Shown)> {
        for case in self.cases_of(promotion) {
            let quote = self.quote(&case)?;
            let rule = promotion.id.as_str();
            let found = quote.trace.iter().find_map(|step| match step {
                TraceStep::DiscountCapped { rule: of, wanted_minor, amount_minor, cap } => {
                    let hit = of == rule && *cap == CapKind::Budget;
                    hit.then_some((Some(*wanted_minor), *amount_minor))
                }
                TraceStep::UsedUp { rule: of, limit } => {
                    (of == rule && *limit == kind).then_some((None, Amount::ZERO))
                }
                _ => None,
            });
            if let Some((wanted, amount)) = found {
                let sentence = self.said(&quote, &|it| {
                    it.rule.as_deref() == Some(rule)
                        && matches!(
                            it.kind,
                            ExplanationKind::Capped | ExplanationKind::NotQualified
                        )
                })?;
                let shown = Shown::new(ShownKind::Capped, sentence).of_rule(rule);
                return Some((case, wanted, shown.amounts(amount, wanted)));
            }
            if is_applied(&quote, rule) {
                return None;
            }
        }
        None
    }

    /// Price lists whose prices are never used.
    pub(super) fn price_lists(&mut self) {
        let ruleset = self.ruleset;
        for (index, list) in ruleset.price_lists.iter().enumerate() {
            if list.ends_ms.is_some_and(|end| end <= self.now_ms) {
                let path = format!("/priceLists/{index}/endsMs");
                self.warn(Issue::new(Code::PromotionEnded, path));
                if let Some(price) = list.prices.first() {
                    let example = self.list_unused(list, price);
                    self.show(example);
                }
                continue;
            }
            let quotas = [("quota", list.quota), ("quotaPerCustomer", list.quota_per_customer)];
            if let Some((field, _)) = quotas.iter().find(|(_, quota)| *quota == Some(0)) {
                let path = format!("/priceLists/{index}/{field}");
                self.warn(Issue::new(Code::LimitOfNothing, path));
                let price = list.prices.first();
                let example = price.and_then(|price| self.list_unused(list, price));
                self.show(example);
            }
            for (at, price) in list.prices.iter().enumerate() {
                let same =
                    |it: &ListedPrice| it.sku == price.sku && least_units(it) == least_units(price);
                if list.prices.iter().take(at).any(same) {
                    let path = format!("/priceLists/{index}/prices/{at}");
                    self.no_effect(&price.sku, path);
                    continue;
                }
                self.listed(list, price, &format!("/priceLists/{index}/prices/{at}"));
            }
        }
    }

    fn listed(&mut self, list: &PriceList, price: &ListedPrice, path: &str) {
        let Some(product) = self.rules.product(&price.sku) else {
            let issue = Issue::new(Code::TargetUnknown, format!("{path}/sku"));
            self.warn(issue.with("target", price.sku.as_str()));
            let case = Case::at(self.now_ms).with(&price.sku, Decimal::ONE);
            let example = self.refusal_of(case, &|code| code == Code::SkuUnknown);
            self.show(example);
            return;
        };
        let cheaper_before = list.prices.iter().find(|other| {
            other.sku == price.sku
                && least_units(other) < least_units(price)
                && other.unit_price <= price.unit_price
        });
        let usual = cheaper_before.map_or(product.unit_price, |other| other.unit_price);
        if price.unit_price >= usual {
            let issue = Issue::new(Code::ListPriceNotLower, format!("{path}/unitPrice"));
            let issue = issue.with("sku", price.sku.as_str()).with("price", usual);
            self.warn(issue.with("listPrice", price.unit_price));
            let example = self.list_unused(list, price);
            self.show(example);
        }
        if let Some(floor) = product
            .floor_unit_price
            .filter(|floor| *floor > price.unit_price && *floor <= product.unit_price)
        {
            let issue = Issue::new(Code::FloorAbovePrice, format!("{path}/unitPrice"));
            let issue = issue.with("sku", price.sku.as_str()).with("floor", floor);
            self.warn(issue.with("price", price.unit_price));
            let example = self.below_floor(&self.case_of_list(list, price, product));
            self.show(example);
        }
    }

    /// A cart with enough units for a price of a list.
    fn case_of_list(&self, list: &PriceList, price: &ListedPrice, product: &Product) -> Case {
        let wanted = price.minimum_quantity.unwrap_or(Decimal::ONE);
        let mut case = Case::at(list.starts_ms.unwrap_or(self.now_ms).max(self.now_ms));
        case.context.customer.groups.clone_from(&list.customer_groups);
        case.with(&price.sku, fitting(product, wanted))
    }

    /// A line that has enough units for a price of a list, and another price.
    fn list_unused(&mut self, list: &PriceList, price: &ListedPrice) -> Option<(Case, Shown)> {
        let product = self.rules.product(&price.sku)?;
        let case = self.case_of_list(list, price, product);
        let quote = self.quote(&case)?;
        let line = quote.lines.first()?;
        if line.price_list.as_ref() == Some(&list.id) && line.unit_price == price.unit_price {
            return None;
        }
        let sentence = self.said(&quote, &|it| it.kind == ExplanationKind::Price)?;
        let shown = Shown::new(ShownKind::ListUnused, sentence).of_rule(&list.id);
        let amount = line.amount_minor;
        Some((case, shown.amounts(amount, None)))
    }

    /// Products whose lowest price is above their price.
    pub(super) fn products(&mut self) {
        let ruleset = self.ruleset;
        for (index, product) in ruleset.products.iter().enumerate() {
            let Some(floor) = product.floor_unit_price.filter(|it| *it > product.unit_price) else {
                continue;
            };
            let issue =
                Issue::new(Code::FloorAbovePrice, format!("/products/{index}/floorUnitPrice"));
            let issue = issue.with("sku", product.sku.as_str()).with("floor", floor);
            self.warn(issue.with("price", product.unit_price));
            let example = self.held_by_floor(&product.sku);
            self.show(example);
        }
    }

    /// A promotion that is for a product and takes nothing off it.
    #[inline(never)]
    fn held_by_floor(&mut self, sku: &str) -> Option<(Case, Shown)> {
        let product = self.rules.product(sku)?;
        let ruleset = self.ruleset;
        let meant = |promotion: &&Promotion| promotion.target.matches(&product.target_line());
        for promotion in ruleset.promotions.iter().filter(meant) {
            let Some(mut case) = self.cases_of(promotion).into_iter().next() else { continue };
            case.draft.lines.clear();
            let reached = promotion.when.minimum_minor.unwrap_or_default();
            let case = case.with(sku, self.reaching(product, reached));
            let quote = self.quote(&case)?;
            let held = |step: &TraceStep| matches!(step, TraceStep::DiscountCapped { rule, cap: CapKind::Floor, .. } if *rule == promotion.id);
            if quote.trace.iter().any(held) && !is_applied(&quote, &promotion.id) {
                let shown = self.not_applied(&quote, &promotion.id);
                return Some((case, shown));
            }
        }
        let case = Case::at(self.now_ms).with(sku, fitting(product, Decimal::ONE));
        self.below_floor(&case)
    }

    /// A line whose price is below the lowest one.
    fn below_floor(&mut self, case: &Case) -> Option<(Case, Shown)> {
        let quote = self.quote(case)?;
        let line = quote.lines.first()?;
        let amount = line.amount_minor;
        let arguments = Arguments::default().with("amountMinor", amount);
        let arguments = arguments.with("name", line.sku.as_str());
        let sentence = self.sentence("example.belowFloor", arguments);
        let shown = Shown::new(ShownKind::BelowFloor, sentence).amounts(amount, None);
        Some((case.clone(), shown))
    }
}

fn least_units(price: &ListedPrice) -> Decimal {
    price.minimum_quantity.unwrap_or(Decimal::ZERO)
}
