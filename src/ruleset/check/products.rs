//! Products: prices, tax classes and quantities.

use super::Findings;
use crate::{decimal::Decimal, limits::MAX_PRODUCTS, ruleset::Product};

impl Findings<'_> {
    pub(super) fn products(&mut self) {
        let products = &self.ruleset.products;
        if products.len() > MAX_PRODUCTS {
            self.add("/products", format!("more than {MAX_PRODUCTS} products"));
        }
        self.repeated(products.iter().map(|product| product.sku.as_str()), "/products", "sku");
        for (index, product) in products.iter().enumerate() {
            let path = format!("/products/{index}");
            if product.unit_price.is_negative() {
                self.add(format!("{path}/unitPrice"), "a price cannot be negative");
            }
            self.tax_class(&product.tax_class, &format!("{path}/taxClass"));
            self.quantities(product, &path);
        }
    }

    fn quantities(&mut self, product: &Product, path: &str) {
        let positive = |value: &Option<Decimal>| value.is_none_or(|value| value > Decimal::ZERO);
        if !positive(&product.minimum_quantity)
            || !positive(&product.maximum_quantity)
            || !positive(&product.quantity_step)
        {
            self.add(path, "quantities must be above zero");
        }
        if let (Some(minimum), Some(maximum)) = (product.minimum_quantity, product.maximum_quantity)
            && minimum > maximum
        {
            self.add(format!("{path}/maximumQuantity"), "the maximum is below the minimum");
        }
    }
}
