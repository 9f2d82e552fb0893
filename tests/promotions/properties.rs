//! What holds for any cart and any promotions.

use orderkit::{Context, Draft, Quote, Rules, quote};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::shop::{cart, promotion, rules, ruleset};

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

fn any_effect() -> impl Strategy<Value = Value> {
    let percent = || (0_u32..=1000).prop_map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
    let amount = || 0_i64..3_000;
    let pick = || prop_oneof![Just("cheapest"), Just("dearest")];
    prop_oneof![
        percent().prop_map(|percent| json!({"kind": "linePercentage", "percent": percent})),
        (percent(), 1_u32..5, pick()).prop_map(|(percent, most, pick)| {
            json!({"kind": "linePercentage", "percent": percent, "units": {"maximum": most, "pick": pick}})
        }),
        (amount(), any::<bool>()).prop_map(|(amount, unit)| {
            json!({"kind": "lineFixed", "amountMinor": amount, "per": if unit { "unit" } else { "line" }})
        }),
        (0_u32..40).prop_map(|price| json!({"kind": "fixedPrice", "unitPrice": price.to_string()})),
        percent().prop_map(|percent| json!({"kind": "orderPercentage", "percent": percent})),
        amount().prop_map(|amount| json!({"kind": "orderFixed", "amountMinor": amount})),
        amount().prop_map(|amount| json!({"kind": "orderFixedPrice", "amountMinor": amount})),
        (1_i64..3_000, 0_i64..900, any::<bool>()).prop_map(|(spend, save, repeat)| {
            json!({"kind": "spendTiers", "repeat": repeat, "tiers": [{"spendMinor": spend, "saveMinor": save}]})
        }),
        (2_u32..6, percent(), any::<bool>()).prop_map(|(from, percent, together)| {
            json!({"kind": "quantityTiers", "together": together, "tiers": [{"quantity": from.to_string(), "percent": percent}]})
        }),
        (2_u32..5, percent(), pick())
            .prop_map(|(n, percent, pick)| json!({"kind": "nthUnit", "n": n, "percent": percent, "pick": pick})),
        (1_u32..3, 1_u32..3, percent(), any::<bool>(), pick()).prop_map(|(buy, get, percent, toys, pick)| {
            let get_target = if toys { json!({"categories": ["toys"]}) } else { Value::Null };
            json!({"kind": "buyGet", "buyQuantity": buy, "get": get_target, "getQuantity": get, "percent": percent, "pick": pick})
        }),
        (2_u32..5, amount()).prop_map(|(size, price)| json!({"kind": "anyFor", "quantity": size, "amountMinor": price})),
        (1_u32..3, amount()).prop_map(|(count, price)| {
            let parts = json!([{"target": {"categories": ["books"]}}, {"target": {"skus": ["C"]}, "quantity": count}]);
            json!({"kind": "bundle", "parts": parts, "amountMinor": price})
        }),
        percent().prop_map(|percent| json!({"kind": "shippingPercentage", "percent": percent})),
    ]
}

fn any_promotions() -> impl Strategy<Value = Value> {
    let more =
        (0_i32..3, prop_oneof![Just(Value::Null), Just(json!("g")), Just(json!("h"))], 0_u8..8);
    let one = (any_effect(), more).prop_map(|(effect, (priority, group, exclusive))| {
        let mut more = json!({"priority": priority, "group": group});
        if exclusive == 0 {
            more["exclusive"] = json!("items");
        }
        (effect, more)
    });
    prop::collection::vec(one, 1..6).prop_map(|promotions| {
        let named = promotions.into_iter().enumerate();
        named.map(|(at, (effect, more))| promotion(&format!("p{at}"), effect, more)).collect()
    })
}

fn any_stacking() -> impl Strategy<Value = Value> {
    let mode =
        prop_oneof![Just("sequential"), Just("parallel"), Just("bestOf"), Just("bestPerLine")];
    (mode, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(mode, original, excludes, first)| {
            let excluded: &[&str] = if excludes { &["h"] } else { &[] };
            json!({
                "groups": [{"id": "g", "mode": mode, "excludes": excluded}, {"id": "h"}],
                "percentageOf": if original { "original" } else { "left" },
                "exclusiveFirst": first,
            })
        },
    )
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
fn cost(draft: &Draft, promotions: &Value, mask: u32, stacking: &Value) -> i64 {
    let mut some = promotions.clone();
    for (at, promotion) in some.as_array_mut().unwrap().iter_mut().enumerate() {
        if mask & 1 << at == 0 {
            promotion["endsMs"] = json!(0);
        }
    }
    priced(draft, &rules(&shop(&some, stacking))).totals.gross_minor.minor()
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
    fn no_combination_is_better_than_the_best(lines in any_lines(), promotions in any_promotions(), stacking in any_stacking()) {
        let draft = draft_of(&lines);
        let mut best = stacking.clone();
        best["bestForCustomer"] = json!(true);
        let found = priced(&draft, &rules(&shop(&promotions, &best)));
        check(&found)?;
        for mask in 0_u32..1 << promotions.as_array().unwrap().len() {
            let other = cost(&draft, &promotions, mask, &stacking);
            prop_assert!(found.totals.gross_minor.minor() <= other, "{:b} costs {}", mask, other);
        }
    }
}
