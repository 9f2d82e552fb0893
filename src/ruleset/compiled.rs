//! The checked and indexed form of a ruleset.

use core::fmt::Write;

use sha2::{Digest, Sha256};

use super::{PaymentMethod, Product, Promotion, Ruleset, ShippingMethod, TaxClass, check};
use crate::{
    issue::{Code, Issue, Refusal},
    json,
    numbering::Pattern,
};

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
#[derive(Debug)]
pub struct Rules {
    ruleset: Ruleset,
    digest: String,
    /// Positions in `ruleset.products`, by SKU.
    products_by_sku: Vec<usize>,
    /// Positions in `ruleset.promotions`, in the order in which they run.
    promotion_order: Vec<usize>,
    number_pattern: Pattern,
}

impl Rules {
    /// Reads, checks and indexes a ruleset document.
    ///
    /// # Errors
    ///
    /// `json_malformed` or `shape_invalid` with the path, or all `ruleset_invalid` findings.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Refusal> {
        Self::new(json::read(bytes)?)
    }

    /// Checks and indexes a ruleset.
    ///
    /// # Errors
    ///
    /// All `ruleset_invalid` findings.
    pub fn new(ruleset: Ruleset) -> Result<Self, Refusal> {
        let mut issues = check::all(&ruleset);
        let pattern = Pattern::compile(&ruleset.numbering.pattern);
        if let Err(error) = &pattern {
            issues.push(error.clone().under("/numbering/pattern"));
        }
        Refusal::unless_empty(issues)?;
        let number_pattern = pattern?;
        let digest = digest(&ruleset)?;
        let mut products_by_sku: Vec<usize> = (0..ruleset.products.len()).collect();
        products_by_sku.sort_by_key(|&at| ruleset.products.get(at).map(|product| &product.sku));
        let mut promotion_order: Vec<usize> = (0..ruleset.promotions.len()).collect();
        promotion_order.sort_by_key(|&at| {
            let promotion = ruleset.promotions.get(at);
            promotion.map(|rule| (!rule.is_line_level(), rule.priority, &rule.id))
        });
        Ok(Self { ruleset, digest, products_by_sku, promotion_order, number_pattern })
    }

    /// The document.
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// SHA-256 over the canonical form, in lower-case hexadecimal.
    ///
    /// The canonical form is the document written by this library: fields in declared order,
    /// defaults filled in, no white space. Two texts of the same rules have the same digest.
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

    /// The promotions in the order in which they run: line phase first, then priority, then id.
    pub fn promotions(&self) -> impl Iterator<Item = &Promotion> {
        self.promotion_order.iter().filter_map(|&at| self.ruleset.promotions.get(at))
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

fn digest(ruleset: &Ruleset) -> Result<String, Refusal> {
    let canonical = serde_json::to_vec(ruleset)
        .map_err(|error| Issue::new(Code::RulesetInvalid, "").with("reason", error.to_string()))?;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(&canonical) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
