//! A whole order of a case as a ruleset and a draft of the engine.

use serde_json::{Value, json};

use super::{
    case::{Case, decimal, only, rows, text, time_ms},
    promotions::{Promotion, promotions},
};
use crate::vectors_runner::{
    engine::{Engine, Quote, Switches, ruleset},
    exact::Exact,
    outcome::Gap,
};

/// A case with what the engine makes of it.
pub struct Priced {
    pub quote: Quote,
    /// The same order without any discount.
    pub before: Quote,
    pub promotions: Vec<Promotion>,
    pub inclusive: bool,
}

pub fn price(case: Case<'_>, engine: &Engine) -> Result<Priced, Gap> {
    check_fields(case)?;
    let inclusive = price_basis(case)?;
    let promotions = promotions(case)?;
    let mut rules = ruleset(case.currency()?, inclusive, switches(case, inclusive)?);
    rules["products"] = products(case, &promotions)?;
    rules["taxClasses"] = json!([{"id": "none", "rules": [{"components": [{"category": "O"}]}]}]);
    let mut draft = json!({"lines": lines(case, true)?, "adjustments": fees(case)?});
    if let Some(method) = shipping(case, &mut rules)? {
        draft["details"] = json!({"shippingMethod": method});
    }
    if let Some(credit) = credit(case)? {
        draft["prepaidMinor"] = json!(credit);
    }
    let now_ms = match case.value["input"]["context"]["now"].as_str() {
        Some(now) => time_ms(now)?,
        None => 0,
    };
    let mut bare = draft.clone();
    bare["lines"] = lines(case, false)?;
    let before = engine.quote(&rules, &bare, now_ms)?;
    rules["promotions"] = promotions.iter().map(|it| it.rule.clone()).collect();
    let quote = engine.quote(&rules, &draft, now_ms)?;
    Ok(Priced { quote, before, promotions, inclusive })
}

/// Fields that would change the result and that no part of the translation reads.
fn check_fields(case: Case<'_>) -> Result<(), Gap> {
    let described = [
        "id",
        "source",
        "source_rev",
        "kind",
        "topic",
        "profile",
        "currency",
        "minor_digits",
        "prices_include_tax",
        "rounding",
        "notes",
        "expected",
        "expected_from",
        "tolerance",
    ];
    let read = [
        "config",
        "lines",
        "fees",
        "credit_lines",
        "order_discounts",
        "promotions",
        "shipping",
        "input",
    ];
    let known: Vec<&str> = described.into_iter().chain(read).collect();
    only(case.value, "case", &known)?;
    let config = &case.value["config"];
    let switches = [
        "round_at",
        "scope",
        "sequential",
        "coupon_order",
        "stacking",
        "within_lane",
        "shipping_tax",
        "priorities",
    ];
    only(config, "switch", &switches)?;
    if config["shipping_tax"].as_str().is_some_and(|rate| rate != "own_rate") {
        return Err(Gap::not_covered("shipping tax by the average of the lines"));
    }
    let input = &case.value["input"];
    only(input, "input", &["context"])?;
    // Who buys and where only matters to conditions and exemptions, which are refused by name.
    let context = ["now", "zone", "country", "customer_group", "placed_orders", "cancelled_orders"];
    only(&input["context"], "context", &context)
}

/// The rounding of a profile, with what the case sets otherwise.
pub(super) fn switches(case: Case<'_>, inclusive: bool) -> Result<Switches, Gap> {
    let (level, target) = match case.profile {
        "medusa" | "medusa-2024-10" | "sylius-items-decimal" => ("group", "tax"),
        "vendure" | "saleor" => ("line", "net"),
        "sylius-items"
        | "sylius-units"
        | "sylius-units-decimal"
        | "solidus"
        | "spree"
        | "woocommerce" => ("line", "tax"),
        other => return Err(Gap::not_covered(format!("profile {other}"))),
    };
    let half_down = case.profile == "woocommerce" && inclusive;
    let mode = if half_down { "halfDown" } else { "halfUp" };
    let config = &case.value["config"];
    let level = match (config["round_at"].as_str(), config["scope"].as_str()) {
        (None, None) => level,
        (Some("line"), None) | (None, Some("item")) => "line",
        (Some("subtotal"), None) | (None, Some("order")) => "group",
        _ => return Err(Gap::not_covered("place of rounding")),
    };
    Ok(Switches { level, mode, target })
}

/// Whether all taxed prices hold their tax; prices of both kinds are not covered.
fn price_basis(case: Case<'_>) -> Result<bool, Gap> {
    let default = case.prices_include_tax();
    let mut bases = Vec::new();
    for (list, shipping) in [("lines", false), ("fees", false), ("shipping", true)] {
        for row in rows(case.value, list)? {
            // WooCommerce's shipping prices are always net.
            let default = default && !(shipping && case.profile == "woocommerce");
            if is_taxed(row)? {
                bases.push(row["prices_include_tax"].as_bool().unwrap_or(default));
            }
        }
    }
    match bases.first() {
        Some(first) if bases.iter().any(|basis| basis != first) => {
            Err(Gap::not_covered("prices with and without tax in one order"))
        }
        Some(first) => Ok(*first),
        None => Ok(default),
    }
}

fn is_taxed(row: &Value) -> Result<bool, Gap> {
    for rate in rows(row, "tax_rates_percent")? {
        let rate =
            Exact::from_json(rate).ok_or_else(|| Gap::malformed("a rate is not a decimal"))?;
        if !rate.is_zero() {
            return Ok(row["taxable"] != Value::Bool(false));
        }
    }
    Ok(false)
}

/// The engine's taxes. Several rates on one price are levied by several authorities.
fn taxes(row: &Value) -> Result<Value, Gap> {
    let rates = rows(row, "tax_rates_percent")?;
    if rates.is_empty() || row["taxable"] == Value::Bool(false) {
        return Ok(json!([{"category": "O"}]));
    }
    let mut taxes = Vec::new();
    for (at, rate) in rates.iter().enumerate() {
        let percent =
            Exact::from_json(rate).ok_or_else(|| Gap::malformed("a rate is not a decimal"))?;
        let mut tax = json!({"category": "S", "percent": percent.to_string()});
        if rates.len() > 1 {
            tax["jurisdiction"] = json!(format!("authority {}", at + 1));
        }
        taxes.push(tax);
    }
    Ok(json!(taxes))
}

/// Products only give lines their category, which promotions can aim at.
fn products(case: Case<'_>, promotions: &[Promotion]) -> Result<Value, Gap> {
    let by_tag = |promotion: &Promotion| {
        promotion.rule["target"]["categories"].as_array().is_some_and(|tags| !tags.is_empty())
    };
    if !promotions.iter().any(by_tag) {
        return Ok(json!([]));
    }
    let mut products: Vec<Value> = Vec::new();
    for line in rows(case.value, "lines")? {
        let sku = text(line, "sku")?;
        let tags = rows(line, "tags")?;
        if tags.len() > 1 {
            return Err(Gap::not_covered("goods with several tags"));
        }
        let mut product =
            json!({"sku": sku, "name": {"en": sku}, "unitPrice": "0", "taxClass": "none"});
        if let Some(tag) = tags.first() {
            product["category"] = tag.clone();
        }
        match products.iter().find(|known| known["sku"] == sku) {
            None => products.push(product),
            Some(known) if *known == product => {}
            Some(_) => return Err(Gap::not_covered("one SKU with several tags")),
        }
    }
    Ok(json!(products))
}

pub(super) fn lines(case: Case<'_>, discounted: bool) -> Result<Value, Gap> {
    let has_promotions = !rows(case.value, "promotions")?.is_empty();
    let known = [
        "sku",
        "unit_price",
        "quantity",
        "tax_rates_percent",
        "prices_include_tax",
        "tags",
        "original_unit_price",
        "already_discounted",
        "discounts",
    ];
    let mut translated = Vec::new();
    for line in rows(case.value, "lines")? {
        match line["min_unit_price_minor"].is_null() || has_promotions {
            true => only(line, "line", &known)?,
            // Without a discount a floor has nothing to stop.
            false => only(line, "line", &[&known[..], &["min_unit_price"]].concat())?,
        }
        let mut row = json!({
            "sku": text(line, "sku")?,
            "quantity": decimal(line, "quantity")?.to_string(),
            "unitPrice": case.required(line, "unit_price")?.to_string(),
            "taxes": taxes(line)?,
        });
        if discounted {
            row["adjustments"] = line_discounts(case, line)?;
        }
        translated.push(row);
    }
    Ok(json!(translated))
}

fn line_discounts(case: Case<'_>, line: &Value) -> Result<Value, Gap> {
    let inclusive = line["prices_include_tax"].as_bool().unwrap_or(case.prices_include_tax());
    let mut adjustments = Vec::new();
    for discount in rows(line, "discounts")? {
        only(discount, "line discount", &["amount", "amount_net", "kind", "code"])?;
        let net = case.amount(discount, "amount_net")?.is_some();
        if net && inclusive && is_taxed(line)? {
            return Err(Gap::not_covered("a discount without tax on a price with tax"));
        }
        let amount = case.minor(discount, if net { "amount_net" } else { "amount" })?;
        adjustments.push(json!({"kind": "allowance", "amountMinor": amount}));
    }
    Ok(json!(adjustments))
}

/// Fees are charges on the document with taxes of their own.
fn fees(case: Case<'_>) -> Result<Value, Gap> {
    let mut adjustments = Vec::new();
    for fee in rows(case.value, "fees")? {
        let known = ["sku", "kind", "amount", "tax_rates_percent", "prices_include_tax", "taxable"];
        only(fee, "fee", &known)?;
        let amount = case.minor(fee, "amount")?;
        adjustments.push(json!({"kind": "charge", "amountMinor": amount, "taxes": taxes(fee)?}));
    }
    Ok(json!(adjustments))
}

/// Adds the shipping method to the rules and gives its id.
fn shipping(case: Case<'_>, rules: &mut Value) -> Result<Option<&'static str>, Gap> {
    const ID: &str = "shipping";
    let row = match rows(case.value, "shipping")? {
        [] => return Ok(None),
        [row] => row,
        _ => return Err(Gap::not_covered("several shipments")),
    };
    let known = ["price", "tax_rates_percent", "prices_include_tax", "sku", "tags", "method"];
    only(row, "shipping", &known)?;
    rules["shippingMethods"] = json!([{
        "id": ID, "name": {"en": ID}, "priceMinor": case.minor(row, "price")?, "taxClass": ID,
    }]);
    if let Some(classes) = rules["taxClasses"].as_array_mut() {
        classes.push(json!({"id": ID, "rules": [{"components": taxes(row)?}]}));
    }
    Ok(Some(ID))
}

/// What comes off the total after tax.
fn credit(case: Case<'_>) -> Result<Option<i64>, Gap> {
    let lines = rows(case.value, "credit_lines")?;
    let mut sum = 0_i64;
    for line in lines {
        only(line, "credit line", &["amount"])?;
        sum = sum.saturating_add(case.minor(line, "amount")?);
    }
    Ok((!lines.is_empty()).then_some(sum))
}
