//! Coupons that cost the buyer free delivery.

use super::{
    Linter,
    carts::{Case, fitting},
    shown::{Shown, ShownKind},
};
use crate::{
    decimal::Decimal,
    issue::{Arguments, Code, Issue},
    money::Amount,
    pricing::Totals,
    ruleset::{Product, Promotion, ShippingMethod, ThresholdBasis},
};

impl Linter<'_> {
    /// Methods that are free from an amount on which a coupon can bring an order below.
    pub(super) fn coupons(&mut self) {
        self.shared();
        let ruleset = self.ruleset;
        let coupons = || ruleset.promotions.iter().filter(|it| !it.coupon_codes.is_empty());
        for (index, method) in ruleset.shipping_methods.iter().enumerate() {
            let Some(free_over) = method.free_over_minor else { continue };
            if method.free_over_basis == ThresholdBasis::BeforeDiscounts {
                continue;
            }
            let lost = coupons().find_map(|coupon| self.lost(coupon, method, free_over));
            let Some((coupon, case, without, with)) = lost else { continue };
            let is_dearer = with.gross_minor > without.gross_minor;
            let code = if is_dearer { Code::CouponCostsMore } else { Code::CouponLosesShipping };
            let issue = Issue::new(code, format!("/shippingMethods/{index}/freeOverBasis"));
            let issue = issue.with("coupon", coupon).with("method", method.id.as_str());
            if is_dearer {
                self.warn(issue);
            } else {
                self.inform(issue);
            }
            let (kind, key, amount, other) = if is_dearer {
                let amounts = (with.gross_minor, without.gross_minor);
                (ShownKind::Dearer, "example.dearer", amounts.0, amounts.1)
            } else {
                let amounts = (with.shipping_minor, without.shipping_minor);
                (ShownKind::ShippingLost, "example.shippingLost", amounts.0, amounts.1)
            };
            let arguments = Arguments::default().with("amountMinor", amount);
            let sentence = self.sentence(key, arguments.with("otherMinor", other));
            let shown = Shown::new(kind, sentence).of_rule(&method.id);
            self.show(Some((case, shown.amounts(amount, Some(other)))));
        }
    }

    /// Codes that unlock several promotions.
    fn shared(&mut self) {
        let promotions = &self.ruleset.promotions;
        for (index, promotion) in promotions.iter().enumerate() {
            for (at, code) in promotion.coupon_codes.iter().enumerate() {
                let entered = core::slice::from_ref(code);
                let same = |it: &&Promotion| it.unlocking_coupon(entered).is_some();
                if let Some(other) = promotions.iter().take(index).find(same) {
                    let path = format!("/promotions/{index}/couponCodes/{at}");
                    let issue = Issue::new(Code::CouponShared, path).with("coupon", code.as_str());
                    self.inform(issue.with("other", other.id.as_str()));
                }
            }
        }
    }

    /// The coupon, the cart with it, and the totals without and with it, if it makes the method cost something.
    fn lost(
        &mut self,
        promotion: &Promotion,
        method: &ShippingMethod,
        free_over: Amount,
    ) -> Option<(String, Case, Totals, Totals)> {
        let coupon = promotion.coupon_codes.first()?;
        let mut base = self.cases_of(promotion).into_iter().next()?.by(&method.id);
        base.draft.lines.clear();
        let minimum = promotion.when.minimum_minor.unwrap_or_default();
        for case in self.just_free(base, promotion, free_over.max(minimum)) {
            let mut without = case.clone();
            without.draft.details.coupon_codes.clear();
            let before = self.quote(&without)?.totals;
            let after = self.quote(&case)?.totals;
            if before.shipping_minor < after.shipping_minor {
                return Some((coupon.clone(), case, before, after));
            }
        }
        None
    }

    /// Carts a little above an amount: of each product alone, and of one less of it filled up with another.
    fn just_free(&mut self, base: Case, promotion: &Promotion, amount: Amount) -> Vec<Case> {
        let products = self.targets(&promotion.target);
        let mut cases = Vec::new();
        for product in &products {
            let Some(count) = self.free_from(&base, product, amount) else { continue };
            cases.push(base.clone().with(&product.sku, count));
            let Some(less) = count.checked_sub(Decimal::ONE).filter(|less| !less.is_zero()) else {
                continue;
            };
            for other in products.iter().filter(|other| other.sku != product.sku) {
                for more in 1..=MOST_FILLED {
                    let filled = base.clone().with(&product.sku, fitting(product, less));
                    let more = fitting(other, Decimal::from_integer(more));
                    cases.push(filled.with(&other.sku, more));
                }
            }
        }
        cases
    }

    /// The fewest units with which the method of a cart is free without coupons. Other discounts can ask for more than the amount.
    fn free_from(&mut self, base: &Case, product: &Product, amount: Amount) -> Option<Decimal> {
        let mut base = base.clone();
        base.draft.details.coupon_codes.clear();
        let mut count = self.reaching(product, amount);
        for _ in 0..MOST_MORE {
            let quote = self.quote(&base.clone().with(&product.sku, count))?;
            if quote.totals.shipping_minor.is_zero() {
                return Some(count);
            }
            let next = fitting(product, count.checked_add(Decimal::ONE)?);
            if next <= count {
                return None;
            }
            count = next;
        }
        None
    }
}

/// Units that are added until the method is free.
const MOST_MORE: u32 = 24;
/// Units of another product that fill up a cart.
const MOST_FILLED: i64 = 8;
