//! The checked and indexed form of a ruleset.

use core::fmt::Write;

use sha2::{Digest, Sha256};

use super::{
    PaymentMethod, Product, Promotion, Ruleset, ShippingMethod, TaxClass, check, names::sorted,
    turns,
};
use crate::{issue::Refusal, json, numbering::Pattern};

/// A ruleset that was checked and indexed, ready to price and decide.
///
/// # Example
///
/// ```
/// use orderkit::Rules;
///
/// let rules = Rules::from_json(br#"{
///     "version": "1", "name": {"en": "Corner shop"}, "currency": "EUR", "homeCountry": "DE",
///     "priceBasis": "taxInclusive"
/// }"#).unwrap();
/// assert_eq!(rules.ruleset().version, "1");
/// assert_eq!(rules.digest().len(), 64);
/// ```
#[derive(Clone, Debug)]
pub struct Rules {
    ruleset: Ruleset,
    digest: String,
    /// Positions in `ruleset.products`, by SKU.
    products_by_sku: Vec<usize>,
    /// Positions in `ruleset.promotions`, in the order in which they run; those that are decided together share a turn.
    promotion_turns: Vec<Vec<usize>>,
    exclusive_promotions: Vec<usize>,
    number_pattern: Pattern,
    has_followers: bool,
    spans_shipping: bool,
}

impl Rules {
    /// Reads, checks and indexes a ruleset document.
    ///
    /// # Errors
    ///
    /// `json_malformed` or `shape_invalid` with the path, or all `ruleset_invalid` findings.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Refusal> {
        let ruleset = json::read(bytes)?;
        Self::compile(ruleset, sha256(&json::canonical(bytes)?))
    }

    /// Checks and indexes a ruleset.
    ///
    /// # Errors
    ///
    /// All `ruleset_invalid` findings.
    pub fn new(ruleset: Ruleset) -> Result<Self, Refusal> {
        let digest = sha256(&json::canonical(&json::write(&ruleset))?);
        Self::compile(ruleset, digest)
    }

    fn compile(ruleset: Ruleset, digest: String) -> Result<Self, Refusal> {
        let mut issues = check::all(&ruleset);
        let pattern = ruleset.numbering.compile();
        if let Err(error) = &pattern {
            issues.push(error.clone().under("/numbering/pattern"));
        }
        Refusal::unless_empty(issues)?;
        let number_pattern = pattern?;
        let skus: Vec<&str> = ruleset.products.iter().map(|product| product.sku.as_str()).collect();
        let products_by_sku = sorted(&skus);
        let promotion_turns = turns::of(&ruleset);
        let is_exclusive = |at: &usize| {
            ruleset.promotions.get(*at).is_some_and(|promotion| promotion.exclusive.is_some())
        };
        let exclusive_promotions =
            promotion_turns.iter().flatten().copied().filter(is_exclusive).collect();
        let mut promotions = ruleset.promotions.iter();
        let has_followers = promotions.clone().any(|promotion| promotion.with.is_some());
        let spans_shipping = promotions.any(|promotion| promotion.effect.spans_shipping());
        Ok(Self {
            ruleset,
            digest,
            products_by_sku,
            promotion_turns,
            exclusive_promotions,
            number_pattern,
            has_followers,
            spans_shipping,
        })
    }

    /// The document.
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// SHA-256 over the canonical form of the document (RFC 8785), in lower-case hexadecimal.
    ///
    /// White space and the order of fields do not matter; every value that is written does.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The compiled pattern of order numbers.
    pub fn number_pattern(&self) -> &Pattern {
        &self.number_pattern
    }

    /// The product of a SKU.
    pub fn product(&self, sku: &str) -> Option<&Product> {
        let at = self
            .products_by_sku
            .binary_search_by(|&at| {
                let found = self.ruleset.products.get(at).map_or("", |product| &product.sku);
                found.cmp(sku)
            })
            .ok()?;
        self.ruleset.products.get(*self.products_by_sku.get(at)?)
    }

    /// Positions of the promotions in the order in which they run: by phase, priority and id. Those of a group that are decided
    /// together share a turn.
    pub(crate) fn promotion_turns(&self) -> impl Iterator<Item = &[usize]> {
        self.promotion_turns.iter().map(Vec::as_slice)
    }

    /// Positions of the promotions that run alone, in the order in which they are tried.
    pub(crate) fn exclusive_promotions(&self) -> &[usize] {
        &self.exclusive_promotions
    }

    /// Whether a promotion names another one whose conditions count for it.
    pub(crate) fn has_followers(&self) -> bool {
        self.has_followers
    }

    /// Whether a promotion takes from the items and from the shipping charge.
    pub(crate) fn spans_shipping(&self) -> bool {
        self.spans_shipping
    }

    /// The shipping method of an id.
    pub fn shipping_method(&self, id: &str) -> Option<&ShippingMethod> {
        self.ruleset.shipping_methods.iter().find(|method| method.id == id)
    }

    /// The payment method of an id.
    pub fn payment_method(&self, id: &str) -> Option<&PaymentMethod> {
        self.ruleset.payment_methods.iter().find(|method| method.id == id)
    }

    /// The tax class of an id.
    pub fn tax_class(&self, id: &str) -> Option<&TaxClass> {
        self.ruleset.tax_classes.iter().find(|class| class.id == id)
    }

    /// The promotions that a coupon code unlocks. Case does not matter.
    pub fn coupon_promotions<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Promotion> {
        let unlocks = move |own: &String| own.eq_ignore_ascii_case(code);
        self.ruleset.promotions.iter().filter(move |rule| rule.coupon_codes.iter().any(unlocks))
    }
}

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
