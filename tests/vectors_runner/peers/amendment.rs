//! `amendment`: what an edit of a placed order makes of it. Placed by the engine, edited by its commands.

use orderkit::{AmendmentPreview, Order};
use serde_json::{Value, json};

use super::{
    case::{Case, only, rows, text},
    life::{Life, payment},
    order, taxes,
};
use crate::vectors_runner::{
    engine::Engine,
    exact::Exact,
    outcome::{Comparison, Gap, Outcome},
};

/// An order with what it was before its edits.
struct Edited {
    life: Life,
    before: Order,
    /// What the last edit came to.
    last: Option<AmendmentPreview>,
    edits: usize,
}

pub fn amendment(case: Case<'_>, engine: &Engine) -> Outcome {
    let steps = rows(case.value, "steps")?;
    let mut edited = place(case, engine, steps)?;
    let mut comparison = Comparison::default();
    for (at, step) in steps.iter().enumerate() {
        take(case, engine, &mut edited, step)?;
        let expected = &step["expected"];
        if !expected.is_null() {
            let known = [
                "total_change",
                "amount_due",
                "can_settle",
                "payment_amount",
                "items_gross",
                "shipping_gross",
                "refunds",
            ];
            only(expected, "figure", &known)?;
            compare(case, &edited, expected, &format!("step {at} "), &mut comparison)?;
        }
    }
    let known = [
        "lines",
        "items_net_before",
        "items_net",
        "discount_net",
        "discount_gross",
        "grand_total",
        "tax_added",
        "tax_included",
        "total_net",
    ];
    let expected = &case.value["expected"];
    only(expected, "figure", &known)?;
    compare(case, &edited, expected, "", &mut comparison)?;
    comparison.finish()
}

/// The order as it was placed: without what its steps add.
fn place(case: Case<'_>, engine: &Engine, steps: &[Value]) -> Result<Edited, Gap> {
    let mut value = case.value.clone();
    let is_entered_later = steps.iter().any(|step| step["op"] == "apply_coupon");
    if let Some(fields) = value.as_object_mut() {
        fields.remove("steps");
        if is_entered_later {
            fields.remove("promotions");
        }
    }
    let placed = Case { value: &value, ..case };
    let priced = order::price(placed, engine)?;
    let mut rules = priced.rules.clone();
    rules["promotions"] = priced.promotions.iter().map(|it| it.rule.clone()).collect();
    // The peers have no prices of their own that an edit falls back to.
    rules["workflow"] = json!({"writeOffMinor": 0});
    let mut life = Life::place(&rules, &priced.draft)?;
    let before = life.order()?;
    let is_paid = steps.iter().any(|step| {
        let expected = &step["expected"];
        !expected["refunds"].is_null() || !expected["amount_due_minor"].is_null()
    });
    if is_paid {
        let total = before.totals.gross_minor.minor();
        life.does("recordPayment", &payment("first", "capture", total, "success"))?;
    }
    let before = life.order()?;
    Ok(Edited { life, before, last: None, edits: 0 })
}

fn take(case: Case<'_>, engine: &Engine, edited: &mut Edited, step: &Value) -> Result<(), Gap> {
    let changes = match text(step, "op")? {
        // A placed order is never priced again by itself.
        "place" | "price" | "save_items" | "recalculate" => return Ok(()),
        "set_line_total" => vec![line_total(case, edited, step)?],
        "apply_coupon" if step["basis"] == "stored_subtotal" => {
            return Err(Gap::not_covered("a coupon on a price that is no longer agreed"));
        }
        "apply_coupon" => vec![coupon(case, engine, edited, step)?],
        "remove_coupon" => vec![json!({"removeCoupon": {"code": text(step, "code")?}})],
        "add_line" => vec![add_line(case, edited, &step["line"])?],
        "set_shipping_price" => vec![shipping_price(case, edited, step)?],
        "add_fee" => vec![fee(case, &step["fee"])?],
        "add_order_discount" => vec![order_discount(case, &step["discount"])?],
        "add_shipping_discount" => vec![shipping_discount(edited, &step["discount"])?],
        "add_payment" => {
            let due = edited.last.as_ref().map_or(0, |last| last.due_minor.minor());
            return edited.life.does("recordPayment", &payment("rest", "capture", due, "success"));
        }
        "tax_rate_table_changes" => {
            let percent = Exact::from_json(&step["new_rate_percent"]);
            let percent = percent.ok_or_else(|| Gap::malformed("a rate"))?.to_string();
            let component = json!([{"category": "S", "percent": percent}]);
            return edited.life.change_rules(|rules| {
                for class in rules["taxClasses"].as_array_mut().into_iter().flatten() {
                    class["rules"] = json!([{"components": component}]);
                }
            });
        }
        "remove_tax_class" => {
            return edited.life.change_rules(|rules| {
                for class in rules["taxClasses"].as_array_mut().into_iter().flatten() {
                    class["rules"] = json!([{"components": [{"category": "O"}]}]);
                }
            });
        }
        "coupon_usage_limit_reached" => {
            return edited.life.change_rules(|rules| {
                for promotion in rules["promotions"].as_array_mut().into_iter().flatten() {
                    promotion["limits"] = json!({"uses": 1});
                }
            });
        }
        "change_billing_address" => vec![json!({"setBillingAddress": {"address": address()}})],
        "change_shipping_address" => vec![json!({"setShippingAddress": {"address": address()}})],
        other => return Err(Gap::not_covered(format!("an edit by {other}"))),
    };
    edited.edits += 1;
    let id = format!("edit {}", edited.edits);
    edited.last = Some(edited.life.amend(&json!({
        "id": id, "changes": changes, "reason": "asked for",
        "consent": {"by": "the buyer", "how": "telephone"},
    }))?);
    Ok(())
}

fn address() -> Value {
    json!({"street": ["Long Street 1"], "city": "Newtown", "postcode": "53111", "country": "DE"})
}

/// A total by hand: another price where a coupon counts on it later, else so much off what was agreed.
fn line_total(case: Case<'_>, edited: &Edited, step: &Value) -> Result<Value, Gap> {
    let order = edited.life.order()?;
    let sku = text(step, "sku")?;
    let line = order.lines.iter().find(|line| line.sku == sku);
    let line = line.ok_or_else(|| Gap::malformed("no such line"))?;
    let is_new_price = rows(case.value, "steps")?.iter().any(|step| step["op"] == "apply_coupon");
    if is_new_price {
        let price = case.price(case.required(step, "total")?)?;
        return Ok(json!({"setUnitPrice": {"line": line.id, "unitPrice": price}}));
    }
    let off = line.amounts().amount_minor.minor() - case.minor(step, "total")?;
    let off = json!({"kind": "allowance", "amountMinor": off, "reason": "by hand"});
    Ok(json!({"addAdjustment": {"adjustment": off}}))
}

/// The promotion of the case, which a code unlocks.
fn coupon(
    case: Case<'_>,
    engine: &Engine,
    edited: &mut Edited,
    step: &Value,
) -> Result<Value, Gap> {
    let code = text(step, "code")?;
    let mut value = case.value.clone();
    value["steps"] = Value::Null;
    let priced = order::price(Case { value: &value, ..case }, engine)?;
    let mut promotions: Vec<Value> = priced.promotions.iter().map(|it| it.rule.clone()).collect();
    for promotion in &mut promotions {
        promotion["couponCodes"] = json!([code]);
    }
    edited.life.change_rules(|rules| rules["promotions"] = json!(promotions))?;
    Ok(json!({"addCoupon": {"code": code}}))
}

fn add_line(case: Case<'_>, edited: &mut Edited, line: &Value) -> Result<Value, Gap> {
    only(line, "line", &["sku", "unit_price", "quantity", "tax_rates_percent"])?;
    let sku = text(line, "sku")?;
    let components = taxes::components(case, line)?;
    edited.life.change_rules(|rules| {
        if let Some(classes) = rules["taxClasses"].as_array_mut() {
            classes.push(json!({"id": sku, "rules": [{"components": components}]}));
        }
    })?;
    let price = case.price(case.required(line, "unit_price")?)?;
    let quantity = line["quantity"].to_string();
    let line = json!({"sku": sku, "quantity": quantity, "unitPrice": price, "taxClass": sku});
    Ok(json!({"addLine": {"line": line}}))
}

/// Another method stands for the other price.
fn shipping_price(case: Case<'_>, edited: &mut Edited, step: &Value) -> Result<Value, Gap> {
    let price = case.minor(step, "price")?;
    edited.life.change_rules(|rules| {
        let mut method = rules["shippingMethods"][0].clone();
        method["id"] = json!("other");
        method["priceMinor"] = json!(price);
        if let Some(methods) = rules["shippingMethods"].as_array_mut() {
            methods.push(method);
        }
    })?;
    Ok(json!({"setShippingMethod": {"method": "other"}}))
}

fn fee(case: Case<'_>, fee: &Value) -> Result<Value, Gap> {
    only(fee, "fee", &["sku", "amount", "prices_include_tax", "tax_rates_percent"])?;
    let inclusive = fee["prices_include_tax"] == true;
    let charge = json!({
        "kind": "charge", "amountMinor": case.minor(fee, "amount")?, "reason": text(fee, "sku")?,
        "taxes": taxes::components(case, fee)?, "priceBasis": order::basis(inclusive),
    });
    Ok(json!({"addAdjustment": {"adjustment": charge}}))
}

fn order_discount(case: Case<'_>, discount: &Value) -> Result<Value, Gap> {
    only(discount, "discount", &["code", "type", "percent", "value"])?;
    let mut allowance = json!({"kind": "allowance", "reason": text(discount, "code")?});
    match text(discount, "type")? {
        "percent" => allowance["percent"] = discount["percent"].clone(),
        _ => allowance["amountMinor"] = json!(case.minor(discount, "value")?),
    }
    Ok(json!({"addAdjustment": {"adjustment": allowance}}))
}

fn shipping_discount(edited: &mut Edited, discount: &Value) -> Result<Value, Gap> {
    only(discount, "discount", &["code", "type", "percent"])?;
    let code = text(discount, "code")?;
    let effect = json!({"kind": "shippingPercentage", "percent": discount["percent"]});
    let promotion =
        json!({"id": code, "name": {"en": code}, "couponCodes": [code], "effect": effect});
    edited.life.change_rules(|rules| rules["promotions"] = json!([promotion]))?;
    Ok(json!({"addCoupon": {"code": code}}))
}

fn compare(
    case: Case<'_>,
    edited: &Edited,
    expected: &Value,
    place: &str,
    comparison: &mut Comparison,
) -> Result<(), Gap> {
    let order = edited.life.order()?;
    for (key, figure) in expected.as_object().into_iter().flatten() {
        let minor = match key.as_str() {
            "can_settle" => {
                let found = due(&order)? == 0;
                if *figure != json!(found) {
                    comparison.add(format!("{place}{key}"), figure, found);
                }
                continue;
            }
            "lines" => {
                lines(case, &order, figure, comparison)?;
                continue;
            }
            "refunds" => {
                refunds(edited, figure, place, comparison)?;
                continue;
            }
            key => figure_of(&order, edited, key)?,
        };
        let found = Exact::from_minor(minor, case.unit_digits);
        let key = key.strip_suffix("_minor").unwrap_or(key);
        comparison.exact(format!("{place}{key}"), case.required(expected, key)?, found);
    }
    Ok(())
}

fn too_large<E>(_: E) -> Gap {
    Gap::not_covered("amounts beyond 2^53")
}

fn due(order: &Order) -> Result<i64, Gap> {
    Ok(order.derived().map_err(too_large)?.balance_due_minor.minor())
}

fn figure_of(order: &Order, edited: &Edited, key: &str) -> Result<i64, Gap> {
    let left = order.left().map_err(too_large)?;
    let mut goods = (0, 0, 0, 0);
    for line in &order.lines {
        let amounts = order.left_of_line(line).map_err(too_large)?;
        goods.0 += amounts.amount_minor.minor();
        goods.1 += amounts.net_minor.minor();
        goods.2 += amounts.gross_minor.minor();
        goods.3 += amounts.discount_minor().map_err(too_large)?.minor();
    }
    let last = || edited.last.as_ref().ok_or_else(|| Gap::malformed("no edit"));
    Ok(match key {
        "total_change_minor" => last()?.difference_minor.minor(),
        "amount_due_minor" => due(order)?,
        "payment_amount_minor" => {
            order.payments.last().map_or(0, |payment| payment.amount_minor.minor())
        }
        "items_net_before_minor" => goods.0,
        "items_net_minor" => goods.1,
        "items_gross_minor" => goods.2,
        "discount_net_minor" | "discount_gross_minor" => goods.3,
        "shipping_gross_minor" => order.left_of_shipping().map_err(too_large)?.gross_minor.minor(),
        "grand_total_minor" => left.gross_minor.minor(),
        "total_net_minor" => left.net_minor.minor(),
        "tax_added_minor" | "tax_included_minor" => left.tax_minor.minor(),
        other => return Err(Gap::not_covered(format!("figure {other}"))),
    })
}

fn lines(
    case: Case<'_>,
    order: &Order,
    expected: &Value,
    comparison: &mut Comparison,
) -> Result<(), Gap> {
    for row in expected.as_array().into_iter().flatten() {
        only(row, "figure of a line", &["sku", "gross_minor", "tax_minor"])?;
        let sku = text(row, "sku")?;
        let line = order.lines.iter().find(|line| line.sku == sku);
        let line = line.ok_or_else(|| Gap::malformed("no such line"))?;
        let amounts = order.left_of_line(line).map_err(too_large)?;
        for (key, found) in [("gross", amounts.gross_minor), ("tax", amounts.tax_minor)] {
            let found = Exact::from_minor(found.minor(), case.unit_digits);
            comparison.exact(format!("{sku} {key}"), case.required(row, key)?, found);
        }
    }
    Ok(())
}

/// What goes back, and to which payment.
fn refunds(
    edited: &Edited,
    expected: &Value,
    place: &str,
    comparison: &mut Comparison,
) -> Result<(), Gap> {
    let last = edited.last.as_ref().ok_or_else(|| Gap::malformed("no edit"))?;
    let found: Vec<i64> = last.refunds.iter().map(|part| part.amount_minor.minor()).collect();
    let expected = expected.as_array().into_iter().flatten();
    let expected: Vec<i64> = expected.filter_map(|row| row["amount_minor"].as_i64()).collect();
    if edited.before.payments.len() != 1 {
        return Err(Gap::not_covered("refunds of several payments"));
    }
    if expected != found {
        comparison.add(format!("{place}refunds"), format!("{expected:?}"), format!("{found:?}"));
    }
    Ok(())
}
