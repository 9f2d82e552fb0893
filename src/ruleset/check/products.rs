//! Products: prices, tax classes and quantities.

use super::{Findings, Place};
use crate::{decimal::Decimal, limits::MAX_PRODUCTS, ruleset::Product};

impl Findings<'_> {
    pub(super) fn products(&mut self) {
        let (document, names) = (&Place::DOCUMENT, &self.names.products);
        self.at_most(names.len(), MAX_PRODUCTS, document, "products");
        self.repeated(names, document, "products", "sku");
        for (index, product) in self.ruleset.products.iter().enumerate() {
            let place = document.item("products", index);
            self.price(Some(product.unit_price), &place, "unitPrice");
            self.tax_class(&product.tax_class, &place, "taxClass");
            self.quantities(product, &place);
        }
    }

    fn quantities(&mut self, product: &Product, place: &Place<'_>) {
        let Product { minimum_quantity, maximum_quantity, quantity_step, .. } = product;
        let mut positive = true;
        for quantity in [minimum_quantity, maximum_quantity, quantity_step].into_iter().flatten() {
            positive &= *quantity > Decimal::ZERO;
        }
        self.require(positive, place, "", "positive");
        self.rising((*minimum_quantity, *maximum_quantity), place, "maximumQuantity");
    }
}
