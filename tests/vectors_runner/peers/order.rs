//! A whole order of a case as a ruleset and a draft of the engine.

use serde_json::{Value, json};

use super::{
    case::{Case, decimal, only, rows, text, texts, time_ms},
    profile,
    promotions::{Promotion, promotions},
    taxes::{self, Classes},
};
use crate::vectors_runner::{
    engine::{Engine, Quote},
    exact::Exact,
    outcome::Gap,
};

/// The tag of lines that stand for shipments: the engine charges one method an order.
pub const SHIPMENT: &str = "shipment";
/// The tag of goods whose price is reduced already.
pub const SALE: &str = "on sale";
const SHIPPING: &str = "shipping";

/// A line of the draft with what it stands for.
pub struct Line<'a> {
    pub row: &'a Value,
    pub is_shipment: bool,
    pub inclusive: bool,
    /// Explicit taxes, as the buyer has them.
    pub taxes: Value,
}

/// A case with what the engine makes of it.
pub struct Priced<'a> {
    pub quote: Quote,
    /// The same order without any discount.
    pub before: Quote,
    pub lines: Vec<Line<'a>>,
    pub promotions: Vec<Promotion>,
    /// Whether the price of shipping holds its tax.
    pub shipping_inclusive: bool,
    /// The rules without promotions and the draft without discounts.
    pub rules: Value,
    pub draft: Value,
}

pub fn price<'a>(case: Case<'a>, engine: &Engine) -> Result<Priced<'a>, Gap> {
    price_with(case, engine, |_| {})
}

/// With rules that are changed before they are used.
pub fn price_with<'a>(
    case: Case<'a>,
    engine: &Engine,
    change: impl Fn(&mut Value),
) -> Result<Priced<'a>, Gap> {
    check_fields(case)?;
    let inclusive = case.prices_include_tax();
    let mut rules = profile::rules(case, inclusive)?;
    change(&mut rules);
    let mut classes = Classes::default();
    let (draft_lines, lines) = lines(case, &mut classes)?;
    let mut draft = json!({"lines": draft_lines, "adjustments": fees(case)?, "details": {}});
    if taxes::is_abroad(case) {
        draft["details"]["shippingAddress"] = json!({"country": taxes::ABROAD});
    }
    let shipping_inclusive = shipping(case, &mut rules, &mut draft, &mut classes)?;
    rules["taxClasses"] = json!(classes.classes);
    if let Some(credit) = credit(case)? {
        draft["prepaidMinor"] = json!(credit);
    }
    let found = promotions(case)?;
    rules["products"] = json!(found.products);
    let mut context = context(case)?;
    context["uses"] = json!(found.uses);

    let mut bare = draft.clone();
    for line in bare["lines"].as_array_mut().into_iter().flatten() {
        line["adjustments"] = json!([]);
    }
    let before = engine.quote_in(&rules, &bare, &context)?;
    let mut whole = rules.clone();
    whole["promotions"] = found.promotions.iter().map(|it| it.rule.clone()).collect();
    let quote = engine.quote_in(&whole, &draft, &context)?;
    let promotions = found.promotions;
    Ok(Priced { quote, before, lines, promotions, shipping_inclusive, rules, draft: bare })
}

impl Priced<'_> {
    /// What amounts of the lines come to as sums of their own, each with the taxes of its line.
    pub fn of_lines(
        &self,
        case: Case<'_>,
        engine: &Engine,
        amounts: &[(usize, Exact)],
    ) -> Result<Quote, Gap> {
        let mut rules = self.rules.clone();
        rules["shippingMethods"] = json!([]);
        let mut rows = Vec::new();
        for (at, amount) in amounts {
            let line = self.lines.get(*at).ok_or_else(|| Gap::malformed("no such line"))?;
            rows.push(json!({
                "sku": "part", "quantity": "1", "unitPrice": case.price(*amount)?,
                "taxes": line.taxes, "priceBasis": basis(line.inclusive),
            }));
        }
        engine.quote(&rules, &json!({"lines": rows}))
    }

    /// One unit of a line, without discounts.
    pub fn unit(&self, engine: &Engine, at: usize) -> Result<Quote, Gap> {
        let mut rules = self.rules.clone();
        rules["shippingMethods"] = json!([]);
        let mut draft = self.draft.clone();
        let mut line = draft["lines"][at].clone();
        line["quantity"] = json!("1");
        draft["lines"] = json!([line]);
        draft["adjustments"] = json!([]);
        draft["details"]["shippingMethod"] = Value::Null;
        engine.quote(&rules, &draft)
    }
}

pub fn basis(inclusive: bool) -> &'static str {
    if inclusive { "taxInclusive" } else { "taxExclusive" }
}

/// Fields that would change the result and that no part of the translation reads.
fn check_fields(case: Case<'_>) -> Result<(), Gap> {
    let known = [
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
        "config",
        "lines",
        "fees",
        "credit_lines",
        "order_discounts",
        "promotions",
        "shipping",
        "input",
    ];
    only(case.value, "case", &known)?;
    let input = &case.value["input"];
    only(input, "input", &["context", "home_rate_percent", "exemptions"])?;
    // Who buys and where only matters to conditions and exemptions, which are refused by name.
    let context = ["now", "zone", "country", "customer_group", "placed_orders", "cancelled_orders"];
    only(&input["context"], "context", &context)
}

fn context(case: Case<'_>) -> Result<Value, Gap> {
    let input = &case.value["input"];
    let stated = &input["context"];
    let now_ms = match stated["now"].as_str() {
        Some(now) => time_ms(now)?,
        None => 0,
    };
    let mut customer = json!({});
    if let Some(group) = stated["customer_group"].as_str() {
        customer["groups"] = json!([group]);
    }
    if let Some(placed) = stated["placed_orders"].as_u64() {
        // Cancelled orders do not count.
        let cancelled = stated["cancelled_orders"].as_u64().unwrap_or(0);
        customer["placedOrders"] = json!(placed.saturating_sub(cancelled));
    }
    let mut exemptions = Vec::new();
    for row in rows(input, "exemptions")? {
        only(row, "exemption", &["reason", "country"])?;
        let mut exemption = json!({"certificate": text(row, "reason")?});
        if let Some(country) = row["country"].as_str() {
            exemption["jurisdiction"] = json!(country);
        }
        exemptions.push(exemption);
    }
    customer["exemptions"] = json!(exemptions);
    Ok(json!({"nowMs": now_ms, "mayAdjust": true, "customer": customer}))
}

/// Whether shipments are lines: several of them, or a peer whose shipping methods are like items.
pub fn has_shipment_lines(case: Case<'_>) -> Result<bool, Gap> {
    Ok(rows(case.value, "shipping")?.len() > 1 || case.peer() == "medusa")
}

fn lines<'a>(case: Case<'a>, classes: &mut Classes) -> Result<(Vec<Value>, Vec<Line<'a>>), Gap> {
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
        "min_unit_price",
    ];
    let (mut drafted, mut lines) = (Vec::new(), Vec::new());
    for row in rows(case.value, "lines")? {
        only(row, "line", &known)?;
        let mut line = json!({
            "sku": text(row, "sku")?,
            "quantity": decimal(row, "quantity")?.to_string(),
            "unitPrice": case.price(case.required(row, "unit_price")?)?,
        });
        let mut tags: Vec<&str> = texts(row, "tags")?;
        if row["already_discounted"] == true {
            tags.push(SALE);
        }
        line["tags"] = json!(tags);
        for (key, field) in
            [("original_unit_price", "originalUnitPrice"), ("min_unit_price", "floorUnitPrice")]
        {
            if let Some(price) = case.amount(row, key)? {
                line[field] = json!(case.price(price)?);
            }
        }
        add_line(case, row, line, classes, &mut drafted, &mut lines)?;
    }
    if has_shipment_lines(case)? {
        for (at, row) in rows(case.value, "shipping")?.iter().enumerate() {
            let known =
                ["price", "tax_rates_percent", "prices_include_tax", "sku", "tags", "discounts"];
            only(row, "shipping", &known)?;
            let mut tags = texts(row, "tags")?;
            tags.push(SHIPMENT);
            let sku = row["sku"].as_str().map_or_else(|| format!("shipment {at}"), str::to_owned);
            let line = json!({
                "sku": sku, "quantity": "1", "tags": tags,
                "unitPrice": case.price(case.required(row, "price")?)?,
            });
            add_line(case, row, line, classes, &mut drafted, &mut lines)?;
        }
    }
    Ok((drafted, lines))
}

fn add_line<'a>(
    case: Case<'_>,
    row: &'a Value,
    mut line: Value,
    classes: &mut Classes,
    drafted: &mut Vec<Value>,
    lines: &mut Vec<Line<'a>>,
) -> Result<(), Gap> {
    let inclusive = row["prices_include_tax"].as_bool().unwrap_or(case.prices_include_tax());
    line["taxClass"] = json!(classes.of(case, row)?);
    line["priceBasis"] = json!(basis(inclusive));
    line["adjustments"] = line_discounts(case, row, inclusive)?;
    let is_shipment =
        line["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == SHIPMENT));
    let taxes = match case.value["config"]["tax_exempt"] == true {
        true => json!([{"category": "E"}]),
        false => taxes::components(case, row)?,
    };
    drafted.push(line);
    lines.push(Line { row, is_shipment, inclusive, taxes });
    Ok(())
}

fn line_discounts(case: Case<'_>, line: &Value, inclusive: bool) -> Result<Value, Gap> {
    let mut adjustments = Vec::new();
    for discount in rows(line, "discounts")? {
        only(discount, "line discount", &["amount", "amount_net", "kind", "code"])?;
        let amount = match case.amount(discount, "amount_net")? {
            // The engine takes amounts as the price is: with its tax.
            Some(net) if inclusive => {
                let mut gross = net;
                for rate in rows(line, "tax_rates_percent")? {
                    let tax = Exact::from_json(rate).and_then(|rate| net.percent(rate));
                    gross = gross.plus(tax.ok_or_else(|| Gap::malformed("a rate"))?);
                }
                gross
            }
            Some(net) => net,
            None => case.required(discount, "amount")?,
        };
        let units = case.units(amount);
        let units = units.ok_or_else(|| Gap::not_covered("a discount finer than the unit"))?;
        adjustments.push(json!({"kind": "allowance", "amountMinor": units}));
    }
    Ok(json!(adjustments))
}

/// Fees are charges on the document with taxes of their own.
fn fees(case: Case<'_>) -> Result<Value, Gap> {
    let mut adjustments = Vec::new();
    for fee in rows(case.value, "fees")? {
        let known = ["sku", "kind", "amount", "tax_rates_percent", "prices_include_tax", "taxable"];
        only(fee, "fee", &known)?;
        let inclusive = fee["prices_include_tax"].as_bool().unwrap_or(case.prices_include_tax());
        adjustments.push(json!({
            "kind": "charge", "amountMinor": case.minor(fee, "amount")?,
            "taxes": taxes::components(case, fee)?, "priceBasis": basis(inclusive),
        }));
    }
    Ok(json!(adjustments))
}

/// Adds the shipping method to the rules and the draft; says whether its price holds the tax.
fn shipping(
    case: Case<'_>,
    rules: &mut Value,
    draft: &mut Value,
    classes: &mut Classes,
) -> Result<bool, Gap> {
    // WooCommerce's shipping prices are always net.
    let default = case.prices_include_tax() && case.peer() != "woocommerce";
    let row = match rows(case.value, "shipping")? {
        [row] if !has_shipment_lines(case)? => row,
        _ => return Ok(default),
    };
    let known =
        ["price", "calculator", "tax_rates_percent", "prices_include_tax", "sku", "tags", "method"];
    only(row, "shipping", &known)?;
    let inclusive = row["prices_include_tax"].as_bool().unwrap_or(default);
    let id = row["method"].as_str().unwrap_or(SHIPPING);
    let mut method = json!({
        "id": id, "name": {"en": id}, "taxClass": classes.of(case, row)?,
        "priceBasis": basis(inclusive),
    });
    if row["calculator"].is_object() {
        method["tables"] = super::calculator::shipping_tables(case, &row["calculator"])?;
    } else {
        method["priceMinor"] = json!(case.minor(row, "price")?);
    }
    let class = method["taxClass"].clone();
    let mut methods = vec![method];
    // Methods that conditions name and nobody chose.
    for promotion in rows(case.value, "promotions")? {
        if let Some(other) = promotion["condition"]["shipping_method"].as_str()
            && !methods.iter().any(|method| method["id"] == other)
        {
            methods.push(json!({
                "id": other, "name": {"en": other}, "priceMinor": 0, "taxClass": class,
            }));
        }
    }
    rules["shippingMethods"] = json!(methods);
    draft["details"]["shippingMethod"] = json!(id);
    Ok(inclusive)
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
