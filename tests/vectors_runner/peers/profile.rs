//! The switches of a case: those of its profile, and what the case sets otherwise.

use orderkit::profile;
use serde_json::{Value, json};

use super::case::{Case, only};
use crate::vectors_runner::{engine::ruleset, outcome::Gap};

/// Keys of `config` that some part of the translation reads.
const SWITCHES: [&str; 14] = [
    "round_at",
    "scope",
    "sequential",
    "coupon_order",
    "stacking",
    "within_lane",
    "shipping_tax",
    "priorities",
    "price_follows_destination",
    "tax_exempt",
    "discount_total_includes_shipping",
    "applies_to_discounted",
    "clamp_to_subject_total",
    "manual_replaces_voucher",
];

/// A ruleset without promotions.
pub fn rules(case: Case<'_>, inclusive: bool) -> Result<Value, Gap> {
    let name = match case.profile {
        // They differ in what a return does to the totals.
        "medusa-2024-10" => "medusa",
        "sylius-states" => return Err(Gap::not_covered("states alone")),
        name => name,
    };
    let own = ruleset(case.currency(), inclusive).to_string();
    let merged = profile::apply(name, own.as_bytes())
        .map_err(|_| Gap::not_covered(format!("profile {name}")))?;
    let mut rules: Value = serde_json::from_slice(&merged)
        .map_err(|error| Gap::malformed(format!("profile {name}: {error}")))?;
    if case.is_fine() {
        // Amounts are finer than working units could make them.
        rules["rounding"]["workingDigits"] = json!(0);
    }
    configure(case, &mut rules)?;
    Ok(rules)
}

fn configure(case: Case<'_>, rules: &mut Value) -> Result<(), Gap> {
    let config = &case.value["config"];
    only(config, "switch", &SWITCHES)?;
    match (config["round_at"].as_str(), config["scope"].as_str()) {
        (None, None) => {}
        (Some("line"), None) | (None, Some("item")) => rules["rounding"]["level"] = json!("line"),
        (Some("subtotal"), None) | (None, Some("order")) => {
            rules["rounding"]["level"] = json!("group");
        }
        _ => return Err(Gap::not_covered("place of rounding")),
    }
    match config["shipping_tax"].as_str() {
        None | Some("own_rate") => {}
        Some("weighted_by_line_net") => {
            rules["taxation"]["shipping"] = json!("averageRate");
        }
        Some(other) => return Err(Gap::not_covered(format!("shipping tax {other}"))),
    }
    if config["sequential"] == true {
        rules["stacking"]["percentageOf"] = json!("left");
    }
    if config["price_follows_destination"] == true {
        rules["taxation"]["destination"] = json!({"prices": "keepNet"});
    }
    Ok(())
}
