//! What holds for any cart and any promotions.

use orderkit::{Context, Draft, Quote, Rules, quote};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    any::{any_effect, any_promotions, any_stacking},
    shop::{cart, promotion, rules, ruleset},
};

fn any_lines() -> impl Strategy<Value = Vec<(usize, u32)>> {
    prop::collection::vec((0_usize..5, 1_u32..9), 1..7)
}

fn draft_of(lines: &[(usize, u32)]) -> Draft {
    let words: Vec<String> = lines
        .iter()
        .map(|(sku, count)| format!("{count}{}", ["A", "B", "C", "D", "E"][*sku]))
        .collect();
    let mut draft = cart(&words.join(" "));
    draft.details.shipping_method = Some("post".to_owned());
    draft
}

fn shop(promotions: &Value, stacking: &Value) -> Value {
    let mut shop = ruleset(promotions.clone());
    shop["stacking"] = stacking.clone();
    shop
}

fn check(quote: &Quote) -> Result<(), TestCaseError> {
    for (at, line) in quote.lines.iter().enumerate() {
        let shares: i64 = quote.adjustments.iter().map(|it| it.shares_minor[at].minor()).sum();
        prop_assert_eq!(shares, line.discount_minor.minor());
        prop_assert!((0..=line.amount_minor.minor()).contains(&shares));
        prop_assert_eq!(line.net_minor.minor() + line.tax_minor.minor(), line.gross_minor.minor());
    }
    for adjustment in &quote.adjustments {
        let shares = adjustment.shares_minor.iter().map(|share| share.minor());
        prop_assert_eq!(shares.clone().sum::<i64>(), adjustment.amount_minor.minor());
        prop_assert!(shares.clone().all(|share| share >= 0));
    }
    let totals = &quote.totals;
    prop_assert!(totals.shipping_minor.minor() >= 0 && totals.payable_minor.minor() >= 0);
    let due =
        totals.items_minor.minor() - totals.discount_minor.minor() + totals.shipping_minor.minor();
    prop_assert_eq!(due, totals.gross_minor.minor());
    Ok(())
}

/// What the buyer pays if only these promotions are valid. The others stay in the ruleset: they have a part in the order.
fn cost(draft: &Draft, shop: &Value, mask: u32) -> i64 {
    let mut some = shop.clone();
    for (at, promotion) in some["promotions"].as_array_mut().unwrap().iter_mut().enumerate() {
        if mask & 1 << at == 0 {
            promotion["endsMs"] = json!(0);
        }
    }
    priced(draft, &rules(&some)).totals.gross_minor.minor()
}

fn priced(draft: &Draft, rules: &Rules) -> Quote {
    quote(draft, rules, &Context::at(0)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 400 } else { 4_000 }))]

    #[test]
    fn shares_add_up_and_nothing_goes_below_zero(lines in any_lines(), promotions in any_promotions(), stacking in any_stacking()) {
        check(&priced(&draft_of(&lines), &rules(&shop(&promotions, &stacking))))?;
    }

    #[test]
    fn the_order_of_the_promotions_in_the_file_does_not_matter(lines in any_lines(), promotions in any_promotions(), stacking in any_stacking()) {
        let draft = draft_of(&lines);
        let mut turned = promotions.clone();
        turned.as_array_mut().unwrap().reverse();
        let (one, other) = (priced(&draft, &rules(&shop(&promotions, &stacking))), priced(&draft, &rules(&shop(&turned, &stacking))));
        prop_assert_eq!((one.lines, one.adjustments, one.totals), (other.lines, other.adjustments, other.totals));
    }

    #[test]
    fn the_order_of_the_lines_does_not_change_the_total_of_one_promotion(mut lines in any_lines(), effect in any_effect()) {
        // Two lines of the same goods are rounded apart, and which of them a unit is taken from is told by their order.
        lines.sort_by_key(|(sku, _)| *sku);
        lines.dedup_by_key(|(sku, _)| *sku);
        let rules = rules(&ruleset(json!([promotion("p", effect, json!({}))])));
        let turned: Vec<(usize, u32)> = lines.iter().rev().copied().collect();
        prop_assert_eq!(priced(&draft_of(&lines), &rules).totals, priced(&draft_of(&turned), &rules).totals);
    }

    #[test]
    fn no_combination_is_better_than_the_best(
        lines in any_lines(), promotions in any_promotions(), stacking in any_stacking(), free_over in prop::option::of(500_i64..9_000), on_top in any::<bool>(),
    ) {
        let draft = draft_of(&lines);
        let mut shop = shop(&promotions, &stacking);
        if let Some(free_over) = free_over {
            shop["shippingMethods"][0]["freeOverMinor"] = json!(free_over);
        }
        if on_top {
            shop["priceBasis"] = json!("taxExclusive");
            let taxed = json!({"id": "high", "rules": [{"components": [{"percent": "25"}]}]});
            shop["taxClasses"].as_array_mut().unwrap().push(taxed);
            shop["products"][1]["taxClass"] = json!("high");
        }
        let mut best = shop.clone();
        best["stacking"]["bestForCustomer"] = json!(true);
        let found = priced(&draft, &rules(&best));
        for mask in 0_u32..1 << promotions.as_array().unwrap().len() {
            let other = cost(&draft, &shop, mask);
            prop_assert!(found.totals.gross_minor.minor() <= other, "{:b} costs {}", mask, other);
        }
    }
}
