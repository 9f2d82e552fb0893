//! Shipping methods: prices and regions.

use super::Findings;

impl Findings<'_> {
    pub(super) fn shipping_methods(&mut self) {
        let methods = &self.ruleset.shipping_methods;
        self.repeated(methods.iter().map(|method| method.id.as_str()), "/shippingMethods", "id");
        for (index, method) in methods.iter().enumerate() {
            let path = format!("/shippingMethods/{index}");
            if method.price_minor.is_negative() {
                self.add(format!("{path}/priceMinor"), "a price cannot be negative");
            }
            self.countries(&method.countries, &path);
            self.tax_class(&method.tax_class, &format!("{path}/taxClass"));
        }
        self.at_most(self.ruleset.shipping_methods.len(), "/shippingMethods");
    }
}
