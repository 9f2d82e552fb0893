//! The changes of an edit, put together: what they come to is one state and not a sum of steps.

use crate::{
    amendment::{Amendment, Change, ChangeKind, MANUAL},
    decide::{Facts, guard, quantity::target_issue},
    decimal::Decimal,
    draft::{Adjustment, Draft, DraftLine},
    issue::{Code, Issue, Refusal},
    limits::{MAX_CHANGES, MAX_LINES},
    order::{Order, OrderLine, Role},
    ruleset::CustomerEdits,
    status::change::{CUSTOMER_STATUSES, change_rule},
    validation::quantity_issue,
};

/// An order as an edit wants it.
pub(super) struct Staged<'a> {
    pub order: &'a Order,
    /// How many of each line shall be delivered.
    pub targets: Vec<Decimal>,
    pub added: Vec<Added>,
    /// Lines with another price.
    pub prices: Vec<Priced>,
    /// What the buyer says, after the edit; its lines are as they were.
    pub draft: Draft,
    pub coupons_added: Vec<(usize, String)>,
    /// Discounts that shall not count, by their place in the order.
    pub discounts_removed: Vec<usize>,
    pub adjustments: Vec<(usize, Adjustment)>,
    /// The changes, with the ids of new lines.
    pub changes: Vec<Change>,
    /// Whether the edit asks for something that the rules of today cannot say: a promotion left out.
    pub leaves_promotion_out: bool,
}

/// A line that is new.
pub(super) struct Added {
    /// The change that asks for it.
    pub change: usize,
    pub line: DraftLine,
    /// Its price, where it is not that of today.
    pub unit_price: Option<Decimal>,
}

/// Another price for a line.
pub(super) struct Priced {
    pub change: usize,
    pub line: usize,
    pub unit_price: Decimal,
}

fn path(change: usize) -> String {
    format!("/args/changes/{change}")
}

impl<'a> Staged<'a> {
    /// Puts the changes together. With `as_shop` they need nobody's rights: both sides agree.
    ///
    /// # Errors
    ///
    /// Every change that is not possible, with its path.
    pub(super) fn new(
        order: &'a Order,
        amendment: &Amendment,
        facts: &Facts<'_>,
        as_shop: bool,
    ) -> Result<Self, Refusal> {
        let count = amendment.changes.len();
        if count == 0 {
            return Err(Issue::new(Code::AmendmentEmpty, "/args/changes").into());
        }
        if count > MAX_CHANGES {
            let issue = Issue::new(Code::ChangesTooMany, "/args/changes");
            return Err(issue.with("maximum", MAX_CHANGES).with("count", count).into());
        }
        let mut staged = Self {
            order,
            targets: order.lines.iter().map(OrderLine::to_deliver).collect(),
            added: Vec::new(),
            prices: Vec::new(),
            draft: order.draft.as_ref().clone(),
            coupons_added: Vec::new(),
            discounts_removed: Vec::new(),
            adjustments: Vec::new(),
            changes: Vec::with_capacity(count),
            leaves_promotion_out: false,
        };
        staged.draft.details = order.details.clone();
        let mut issues = Vec::new();
        for (index, change) in amendment.changes.iter().enumerate() {
            let kind = change.kind().unwrap_or_else(|| staged.goods_kind(change));
            let mut found = obstacles(order, kind, facts, as_shop);
            if found.is_empty() {
                let mut change = change.clone();
                found.extend(staged.take(index, &mut change).err());
                change.apply_to(&mut staged.draft);
                staged.changes.push(change);
            }
            issues.extend(found.into_iter().map(|issue| issue.under(&path(index))));
        }
        let lines = order.lines.len().saturating_add(staged.added.len());
        if lines > MAX_LINES {
            let issue = Issue::new(Code::LinesTooMany, "/args/changes");
            issues.push(issue.with("maximum", MAX_LINES).with("count", lines));
        }
        issues.extend(staged.quantity_issues(amendment, facts));
        Refusal::unless_empty(issues)?;
        staged.add_what_is_more(amendment);
        Ok(staged)
    }

    /// Whether the edit leaves everything as it is.
    pub(super) fn is_nothing(&self) -> bool {
        let same = self.order.lines.iter().zip(&self.targets);
        same.into_iter().all(|(line, target)| line.to_deliver() == *target)
            && self.added.is_empty()
            && self.prices.is_empty()
            && self.coupons_added.is_empty()
            && self.discounts_removed.is_empty()
            && self.adjustments.is_empty()
            && self.draft.details == self.order.details
    }

    fn goods_kind(&self, change: &Change) -> ChangeKind {
        let Change::SetQuantity { line, quantity } = change else { return ChangeKind::MoreGoods };
        let known = self.order.lines.iter().find(|known| known.id == *line);
        let known = known.map(OrderLine::to_deliver);
        if known.is_none_or(|known| *quantity > known) {
            ChangeKind::MoreGoods
        } else {
            ChangeKind::LessGoods
        }
    }

    fn take(&mut self, index: usize, change: &mut Change) -> Result<(), Issue> {
        match change {
            Change::AddLine { line } => self.add(index, line),
            Change::RemoveLine { line } => self.set_quantity(line, None),
            Change::SetQuantity { line, quantity } => self.set_quantity(line, Some(*quantity)),
            Change::ReplaceLine { line, by } => {
                self.set_quantity(line, None)?;
                self.add(index, by)
            }
            Change::SetUnitPrice { line, unit_price } => self.set_price(index, line, *unit_price),
            Change::AddCoupon { code } => {
                self.add_coupon(index, code);
                Ok(())
            }
            Change::RemoveCoupon { code } => self.remove_coupon(code),
            Change::AddAdjustment { adjustment } => {
                self.adjustments.push((index, adjustment.as_ref().clone()));
                Ok(())
            }
            Change::RemoveDiscount { rule } => self.remove_discount(rule),
            _ => Ok(()),
        }
    }

    fn add(&mut self, change: usize, line: &mut DraftLine) -> Result<(), Issue> {
        if line.quantity.value().is_none_or(|quantity| quantity <= Decimal::ZERO) {
            return Err(Issue::new(Code::QuantityNotPositive, "/line/quantity"));
        }
        let id = line.id.take().filter(|id| !id.trim().is_empty() && !self.has_line(id));
        line.id = Some(id.unwrap_or_else(|| self.free_id("")));
        self.added.push(Added { change, line: line.clone(), unit_price: None });
        Ok(())
    }

    /// What is wrong with the quantities that the changes come to together.
    fn quantity_issues(&self, amendment: &Amendment, facts: &Facts<'_>) -> Vec<Issue> {
        let lines = self.order.lines.iter().zip(&self.targets).filter_map(|(line, target)| {
            let least = line.to_deliver().checked_sub(line.open_to_ship()).unwrap_or_default();
            let path = format!("{}/quantity", path(quantity_change(amendment, line)));
            target_issue(line, *target, least, facts, path)
        });
        let added = self.added.iter().filter_map(|added| {
            let product = facts.rules.product(&added.line.sku);
            let path = format!("{}/line/quantity", path(added.change));
            quantity_issue(added.line.quantity.value()?, product, path)
        });
        lines.chain(added).collect()
    }

    fn has_line(&self, id: &str) -> bool {
        self.order.lines.iter().any(|line| line.id == id)
            || self.added.iter().any(|added| added.line.id.as_deref() == Some(id))
            || self.order.draft.lines.iter().any(|line| line.id.as_deref() == Some(id))
    }

    /// An id that no line has: the next number, or that behind the id of the line it belongs to.
    pub(super) fn free_id(&self, of: &str) -> String {
        let first = if of.is_empty() { self.order.lines.len().saturating_add(1) } else { 2 };
        let name = |number: usize| {
            if of.is_empty() { number.to_string() } else { format!("{of}.{number}") }
        };
        let mut names = (first..).map(name);
        names.find(|id| !self.has_line(id)).unwrap_or_default()
    }

    /// Sets how many shall be delivered; none means as few as can be.
    fn set_quantity(&mut self, id: &str, quantity: Option<Decimal>) -> Result<(), Issue> {
        if quantity.is_some_and(Decimal::is_negative) {
            return Err(Issue::new(Code::QuantityNotPositive, "/quantity"));
        }
        let own = self.added.iter().position(|added| added.line.id.as_deref() == Some(id));
        if let Some(own) = own {
            match quantity.filter(|quantity| !quantity.is_zero()) {
                Some(quantity) => {
                    if let Some(added) = self.added.get_mut(own) {
                        added.line.quantity = quantity.into();
                    }
                }
                None => drop(self.added.remove(own)),
            }
            return Ok(());
        }
        let (at, line) = self.known(id)?;
        let open = line.open_to_ship();
        let least = line.to_deliver().checked_sub(open).unwrap_or_default();
        let target = quantity.unwrap_or(least);
        let nothing_to_take = quantity.is_none() && open.is_zero();
        if target < least || nothing_to_take {
            let issue = Issue::new(Code::QuantityExceedsOpen, "/quantity");
            return Err(issue.with("line", id).with("open", open));
        }
        if let Some(place) = self.targets.get_mut(at) {
            *place = target;
        }
        Ok(())
    }

    fn known(&self, id: &str) -> Result<(usize, &'a OrderLine), Issue> {
        let order = self.order;
        let mut lines = order.lines.iter().enumerate();
        let found = lines.find(|(_, line)| line.id == id);
        found.ok_or_else(|| Issue::new(Code::LineUnknown, "/line").with("line", id))
    }

    fn set_price(&mut self, change: usize, id: &str, unit_price: Decimal) -> Result<(), Issue> {
        if unit_price.is_negative() {
            return Err(Issue::new(Code::PriceNegative, "/unitPrice"));
        }
        let own = self.added.iter_mut().find(|added| added.line.id.as_deref() == Some(id));
        if let Some(own) = own {
            own.unit_price = Some(unit_price);
            return Ok(());
        }
        let (line, known) = self.known(id)?;
        self.prices.retain(|price| price.line != line);
        if known.unit_price != unit_price {
            self.prices.push(Priced { change, line, unit_price });
        }
        Ok(())
    }

    fn add_coupon(&mut self, change: usize, code: &str) {
        let is_own = |discount: &usize| {
            let known = self.order.discounts.get(*discount);
            known
                .and_then(|it| it.coupon_code.as_deref())
                .is_some_and(|it| it.eq_ignore_ascii_case(code))
        };
        // Taken off and put on again in one edit is no change.
        self.discounts_removed.retain(|discount| !is_own(discount));
        let codes = &self.order.details.coupon_codes;
        let mut known = codes.iter().chain(self.coupons_added.iter().map(|(_, code)| code));
        if !known.any(|known| known.eq_ignore_ascii_case(code)) {
            self.coupons_added.push((change, code.to_owned()));
        }
    }

    fn remove_coupon(&mut self, code: &str) -> Result<(), Issue> {
        let before = self.coupons_added.len();
        self.coupons_added.retain(|(_, known)| !known.eq_ignore_ascii_case(code));
        if self.coupons_added.len() < before {
            return Ok(());
        }
        let codes = &self.order.details.coupon_codes;
        if !codes.iter().any(|known| known.eq_ignore_ascii_case(code)) {
            return Err(Issue::new(Code::DiscountUnknown, "/code").with("discount", code));
        }
        let discounts = self.order.discounts.iter().enumerate();
        let own = discounts.filter(|(_, it)| {
            it.coupon_code.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(code))
        });
        self.discounts_removed.extend(own.map(|(at, _)| at));
        Ok(())
    }

    fn remove_discount(&mut self, rule: &str) -> Result<(), Issue> {
        let staged = self.adjustments.len();
        if rule == MANUAL {
            self.adjustments.clear();
        } else {
            self.leaves_promotion_out = true;
        }
        let discounts = self.order.discounts.iter().enumerate();
        let own: Vec<usize> =
            discounts.filter(|(_, it)| it.rule == rule).map(|(at, _)| at).collect();
        if own.is_empty() && (rule != MANUAL || staged == 0) {
            return Err(Issue::new(Code::DiscountUnknown, "/rule").with("discount", rule));
        }
        self.discounts_removed.extend(own);
        Ok(())
    }

    /// Units beyond what was ordered become lines of their own, so that agreed amounts stay as they are.
    fn add_what_is_more(&mut self, amendment: &Amendment) {
        for (at, line) in self.order.lines.iter().enumerate() {
            let Some(target) = self.targets.get(at).copied() else { continue };
            let more = target.checked_sub(line.to_deliver()).unwrap_or_default();
            if more <= Decimal::ZERO {
                continue;
            }
            let change = quantity_change(amendment, line);
            let mut extra = draft_line(self.order, line);
            extra.id = Some(self.free_id(&line.id));
            extra.quantity = more.into();
            self.added.push(Added { change, line: extra, unit_price: None });
        }
    }

    /// Where a line that is new was asked for.
    pub(super) fn path_of_added(&self, at: usize) -> String {
        path(self.added.get(at).map_or(0, |added| added.change))
    }
}

/// The last change that is about how many of a line there shall be.
fn quantity_change(amendment: &Amendment, line: &OrderLine) -> usize {
    let asks =
        |change: &Change| matches!(change, Change::SetQuantity { line: id, .. } if *id == line.id);
    amendment.changes.iter().rposition(asks).unwrap_or_default()
}

/// What was filled in for a line; a gift was not filled in and has only its SKU.
pub(super) fn draft_line(order: &Order, line: &OrderLine) -> DraftLine {
    let lines = order.draft.lines.iter().enumerate();
    let mut known = lines.filter(|(at, known)| known.id_or_position(*at) == line.id);
    match known.next() {
        Some((_, known)) => known.clone(),
        None => {
            DraftLine { sku: line.sku.clone(), name: line.name.clone(), ..DraftLine::default() }
        }
    }
}

/// Why a change is not possible, whatever it says: rights, status, guards.
pub(super) fn obstacles(
    order: &Order,
    change: ChangeKind,
    facts: &Facts<'_>,
    as_shop: bool,
) -> Vec<Issue> {
    let Some(rule) = change_rule(change) else { return Vec::new() };
    let is_customer = facts.actor.role == Role::Customer && !as_shop;
    let allowed = facts.rules.ruleset().workflow.amendments.customer;
    let may =
        rule.customer.is_some_and(|needs| allowed >= needs && allowed != CustomerEdits::Nothing);
    if is_customer && !may {
        let role = facts.actor.role.as_str();
        return vec![Issue::new(Code::RoleForbids, "").with("role", role)];
    }
    let statuses = if is_customer { CUSTOMER_STATUSES } else { rule.statuses };
    if !statuses.contains(&order.status) {
        return vec![Issue::new(Code::StatusForbids, "").with("status", order.status.as_str())];
    }
    rule.guards.iter().filter_map(|guard| guard::unmet(*guard, order, facts)).collect()
}
