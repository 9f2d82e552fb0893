//! Whether two orders are the same one that came twice (woocommerce#62659, #14541; magento2#10767).

use crate::{
    decimal::Decimal,
    draft::{Customer, Details, Draft},
};

/// Whether two drafts have the same buyer and the same goods, in whatever order and split over lines.
///
/// The buyer is the shop's customer of an id, else whoever has an e-mail address or a telephone number, else a name. A draft
/// without any of them looks like no other.
///
/// # Example
///
/// ```
/// use orderkit::{Draft, review::looks_alike};
///
/// let draft = |text: &str| serde_json::from_str::<Draft>(text).unwrap();
/// let first = draft(r#"{"lines": [{"sku": "MUG", "quantity": "2"}], "details": {"customer": {"email": "a@example.org"}}}"#);
/// let again = draft(
///     r#"{"lines": [{"sku": "MUG", "quantity": "1"}, {"sku": "MUG", "quantity": "1"}],
///         "details": {"customer": {"email": "A@example.org"}}}"#,
/// );
/// assert!(looks_alike(&first, &again));
/// ```
pub fn looks_alike(one: &Draft, other: &Draft) -> bool {
    let buyer = buyer(&one.details);
    buyer.is_some() && buyer == self::buyer(&other.details) && goods(one) == goods(other)
}

/// The buyer and the goods as a text: the same for drafts that look alike. Nothing without a buyer.
pub(crate) fn alike(draft: &Draft) -> Option<String> {
    let mut text = buyer(&draft.details)?;
    for (sku, quantity) in goods(draft) {
        // No name of a buyer and no SKU has a line of its own.
        text.push('\n');
        text.push_str(sku);
        text.push('\n');
        text.push_str(&quantity.to_string());
    }
    Some(text)
}

fn buyer(details: &Details) -> Option<String> {
    let Customer { id, name, email, phone, .. } = details.customer.as_ref()?;
    let filled = |text: &str| Some(text.trim().to_lowercase()).filter(|text| !text.is_empty());
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let known = id.as_deref().and_then(filled).or_else(|| email.as_deref().and_then(filled));
    known
        .or_else(|| phone.as_deref().map(digits).as_deref().and_then(filled))
        .or_else(|| filled(name))
}

/// Each product once, with how much of it.
fn goods(draft: &Draft) -> Vec<(&str, Decimal)> {
    let mut goods: Vec<(&str, Decimal)> = Vec::new();
    for line in &draft.lines {
        // What is no number is refused elsewhere.
        let quantity = line.quantity.value().unwrap_or_default();
        match goods.binary_search_by(|(sku, _)| (*sku).cmp(line.sku.as_str())) {
            Ok(at) => {
                if let Some((_, sum)) = goods.get_mut(at) {
                    // A sum that is too large is refused elsewhere.
                    *sum = sum.checked_add(quantity).unwrap_or(*sum);
                }
            }
            Err(at) => goods.insert(at, (line.sku.as_str(), quantity)),
        }
    }
    goods
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(lines: &str, customer: &str) -> Draft {
        let text = format!(r#"{{"lines": [{lines}], "details": {{"customer": {customer}}}}}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn the_buyer_and_the_goods_must_be_the_same() {
        let mugs = r#"{"sku": "MUG", "quantity": "2"}"#;
        let both = r#"{"sku": "MUG", "quantity": "2"}, {"sku": "CUP", "quantity": "1.50"}"#;
        let turned = r#"{"sku": "CUP", "quantity": "1.5"}, {"sku": "MUG", "quantity": "2"}"#;
        let rows = [
            (mugs, r#"{"id": "7"}"#, mugs, r#"{"id": "7", "email": "new@example.org"}"#, true),
            (mugs, r#"{"phone": "+44 20 79"}"#, mugs, r#"{"phone": "442079"}"#, true),
            (mugs, r#"{"name": "Ada"}"#, mugs, r#"{"name": " ada "}"#, true),
            (both, r#"{"name": "Ada"}"#, turned, r#"{"name": "Ada"}"#, true),
            (mugs, r#"{"name": "Ada"}"#, both, r#"{"name": "Ada"}"#, false),
            (mugs, r#"{"id": "7"}"#, mugs, r#"{"id": "8"}"#, false),
            (mugs, r#"{"email": "a@x.org", "name": "Ada"}"#, mugs, r#"{"name": "Ada"}"#, false),
            (mugs, "{}", mugs, "{}", false),
        ];
        for (lines, customer, other_lines, other_customer, expected) in rows {
            let found = looks_alike(&draft(lines, customer), &draft(other_lines, other_customer));
            assert_eq!(found, expected, "{lines} {customer} / {other_lines} {other_customer}");
        }
    }
}
