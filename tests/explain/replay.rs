//! Every amount has exactly one cause: the steps alone add up to the totals, whatever the draft and the rules.

use orderkit::{
    Context, Draft, Language, Quote, Rules,
    explain::{causes, explain},
    quote,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    any::{any_promotions, any_stacking},
    shop::{promotion, rules, ruleset},
};

/// How tax is rounded, and which prices hold it.
fn any_taxation() -> impl Strategy<Value = Value> {
    let basis = || prop_oneof![Just("taxInclusive"), Just("taxExclusive")];
    let level = prop_oneof![Just("group"), Just("line"), Just("unit"), Just("document")];
    let target = prop_oneof![Just("tax"), Just("net"), Just("both")];
    let digits = prop_oneof![3 => Just(0_u8), 1 => Just(2), 1 => Just(4)];
    let shipping = prop_oneof![Just("ownClass"), Just("proRata"), Just("averageRate")];
    let own = || prop_oneof![3 => Just(Value::Null), 1 => basis().prop_map(Value::from)];
    (basis(), level, target, digits, shipping, own(), own()).prop_map(
        |(basis, level, target, digits, shipping, product, method)| {
            json!({"basis": basis, "shipping": shipping, "product": product, "method": method,
                "rounding": {"level": level, "target": target, "workingDigits": digits}})
        },
    )
}

/// A flat price, or a table with a surcharge; free from an amount on, or never.
fn any_shipping() -> impl Strategy<Value = Value> {
    let free = prop_oneof![Just(Value::Null), (0_i64..9_000).prop_map(Value::from)];
    (free, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(free, table, surcharge, waived)| {
        let mut method = json!({"id": "post", "name": {"en": "Post"}, "taxClass": "food", "freeOverMinor": free});
        if table {
            let rate = json!({"first": {"size": "2", "priceMinor": 299}, "further": {"size": "1", "priceMinor": 133}});
            method["tables"] = json!([{"rows": [{"rates": [rate], "freeOverQuantity": "12"}]}]);
        } else {
            method["priceMinor"] = json!(501);
        }
        if surcharge {
            method["surcharges"] =
                json!([{"id": "far", "name": {"en": "Far"}, "priceMinor": 99, "waivedIfFree": waived}]);
        }
        method
    })
}

/// A shop with everything that makes amounts.
fn any_shop() -> impl Strategy<Value = Value> {
    let points = prop_oneof![Just("discount"), Just("tender")];
    let switches = (points, any::<bool>(), any::<bool>());
    (any_promotions(), any_stacking(), any_taxation(), any_shipping(), switches).prop_map(
        |(mut promotions, mut stacking, taxation, mut shipping, (points, best, gift))| {
            stacking["bestForCustomer"] = json!(best);
            let list = promotions.as_array_mut().unwrap();
            list[0]["couponCodes"] = json!(["CODE"]);
            if gift {
                let effect = json!({"kind": "gift", "skus": ["D"], "quantity": 2, "perUnits": 3});
                list.push(promotion("gift", effect, json!({})));
            }
            shipping["priceBasis"] = taxation["method"].clone();
            let mut shop = ruleset(promotions);
            shop["stacking"] = stacking;
            shop["priceBasis"] = taxation["basis"].clone();
            shop["rounding"] = taxation["rounding"].clone();
            shop["taxation"] = json!({"shipping": taxation["shipping"]});
            shop["points"] = json!({"unitPoints": 100, "unitMinor": 77, "as": points});
            shop["products"][1]["unitPrice"] = json!("19.995");
            shop["products"][0]["taxClass"] = json!("state");
            shop["products"][1]["taxClass"] = json!("food");
            shop["products"][1]["priceBasis"] = taxation["product"].clone();
            shop["products"][2]["taxClass"] = json!("deposit");
            shop["priceLists"] = json!([{"id": "club", "name": {"en": "Club"},
                "prices": [{"sku": "A", "unitPrice": "9.333", "minimumQuantity": "2"}]}]);
            shop["shippingMethods"] = json!([shipping]);
            shop["paymentMethods"][1]["cashRounding"] = json!({"stepMinor": 5});
            shop["taxClasses"] = json!([
                {"id": "none", "rules": [{"components": [{"category": "Z"}]}]},
                {"id": "food", "rules": [{"components": [{"percent": "7"}]}]},
                {"id": "state", "rules": [{"components": [
                    {"percent": "6.25", "jurisdiction": "TX"}, {"percent": "1.5", "jurisdiction": "Travis"}
                ]}]},
                {"id": "deposit", "rules": [{"components": [
                    {"amountPerUnit": "0.03", "jurisdiction": "Bottles"}, {"percent": "5", "compound": true}
                ]}]},
            ]);
            without_null(shop)
        },
    )
}

/// A field that is missing says more than one that is null.
fn without_null(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            fields.map(|(key, value)| (key, without_null(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_null).collect(),
        other => other,
    }
}

fn any_draft() -> impl Strategy<Value = Value> {
    let line = (0_usize..5, 1_u32..90, prop_oneof![Just(None), (-300_i64..300).prop_map(Some)]);
    let lines = prop::collection::vec(line, 1..6);
    let more = (any::<bool>(), any::<bool>(), 0_u32..2_000, any::<bool>());
    let by_hand = (0_i64..400, prop_oneof![Just(0), Just(1), Just(2), Just(3)]);
    (lines, more, by_hand, 0_i64..500, -2_i64..3).prop_map(
        |(lines, (coupon, post, points, credit), (amount, by_hand), prepaid, rounding)| {
            let lines: Vec<Value> = lines
                .into_iter()
                .map(|(sku, tenths, change)| {
                    let quantity = format!("{}.{}", tenths / 10 + 1, tenths % 10);
                    let sku = ["A", "B", "C", "D", "E"][sku];
                    let mut line = json!({"sku": sku, "quantity": quantity});
                    if let Some(change) = change {
                        let kind = if change < 0 { "allowance" } else { "charge" };
                        line["adjustments"] =
                            json!([{"kind": kind, "amountMinor": change.abs().min(90), "reason": "dent"}]);
                    }
                    line
                })
                .collect();
            let taxes = json!([{"percent": "19"}]);
            let adjustments = match by_hand {
                0 => json!([]),
                1 => json!([{"kind": "charge", "amountMinor": amount, "reason": "wrapping"}]),
                2 => json!([{"kind": "allowance", "percent": "1.5"}]),
                _ => json!([
                    {"kind": "charge", "amountMinor": amount, "taxes": taxes},
                    {"kind": "allowance", "amountMinor": amount / 2, "taxes": taxes, "reason": "bonus"},
                ]),
            };
            json!({
                "lines": lines, "adjustments": adjustments, "prepaidMinor": prepaid, "payableRoundingMinor": rounding,
                "details": {
                    "paymentMethod": if credit { "cash" } else { "card" },
                    "couponCodes": if coupon { vec!["code"] } else { vec![] },
                    "shippingMethod": if post { json!("post") } else { Value::Null },
                    "spendPoints": points, "spendStoreCredit": credit, "giftCards": ["G"],
                },
            })
        },
    )
}

fn context() -> Context {
    let context = json!({
        "nowMs": 0, "mayAdjust": true, "giftCards": [{"code": "G", "balanceMinor": 250}],
        "customer": {"points": 10_000, "storeCreditMinor": 700},
    });
    serde_json::from_value(context).unwrap()
}

fn priced(draft: &Value, rules: &Rules) -> Option<Quote> {
    let mut draft = draft.clone();
    for key in ["prepaidMinor", "payableRoundingMinor"] {
        if draft[key] == json!(0) {
            draft.as_object_mut().unwrap().remove(key);
        }
    }
    let details = draft["details"].as_object_mut().unwrap();
    details.retain(|_, value| !value.is_null());
    let draft: Draft = serde_json::from_value(draft).unwrap();
    // An allowance by hand can be more than promotions have left; that is refused.
    quote(&draft, rules, &context()).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 600 } else { 6_000 }))]

    #[test]
    fn the_trace_adds_up_to_the_totals(shop in any_shop(), draft in any_draft()) {
        let rules = rules(&shop);
        let Some(quote) = priced(&draft, &rules) else { return Ok(()) };
        let (sums, totals) = (causes(&quote).unwrap(), &quote.totals);
        prop_assert_eq!(sums.items_minor, totals.items_minor, "items of {:?}", quote.trace);
        prop_assert_eq!(sums.discount_minor, totals.discount_minor, "discount of {:?}", quote.trace);
        let documents = totals.charge_minor.minus(totals.allowance_minor).unwrap();
        prop_assert_eq!(sums.documents_minor, documents);
        prop_assert_eq!(sums.shipping_minor, totals.shipping_minor);
        prop_assert_eq!(sums.tax_minor, totals.tax_minor);
        prop_assert_eq!(sums.gross_minor, totals.gross_minor);
        prop_assert_eq!(sums.payable_minor, totals.payable_minor);
    }

    #[test]
    fn every_step_has_its_sentence_in_both_languages(shop in any_shop(), draft in any_draft()) {
        let rules = rules(&shop);
        let Some(quote) = priced(&draft, &rules) else { return Ok(()) };
        for language in [Language::English, Language::Chinese] {
            let told = explain(&quote, &rules, language);
            prop_assert!(told.len() >= quote.trace.len());
            for it in told {
                let finished = !it.sentence.contains(['{', '}']) && !it.sentence.starts_with("trace.");
                prop_assert!(finished, "{}", it.sentence);
            }
        }
    }
}
