//! Taxes by rate.

use serde_json::Value;

use super::{
    case::{decimal, only, rows},
    expected::Judge,
    figures::Part,
    taxes,
};
use crate::vectors_runner::{engine::Quote, exact::Exact, outcome::Gap};

/// The tax of each rate; several authorities with one rate count together.
pub fn compare(
    judge: &mut Judge<'_>,
    object: &Value,
    word: &str,
    quote: &Quote,
) -> Result<(), Gap> {
    for row in rows(object, word)? {
        only(row, "tax row", &["rate_percent", "base", "tax", "compound", "reason"])?;
        let rate = decimal(row, "rate_percent")?;
        let category = match row["reason"].as_str() {
            None => None,
            Some("zero_rated") => Some("Z"),
            // The engine states the exemption in place of the rate.
            Some("customer_exempt") => Some("E"),
            Some(other) => return Err(Gap::not_covered(format!("tax reason {other}"))),
        };
        let same = |total: &&Value| match category {
            Some("E") => total["tax"]["category"] == "E",
            Some(category) => total["tax"]["category"] == category,
            None => Exact::from_json(&total["tax"]["percent"]) == Some(rate),
        };
        let totals: Vec<&Value> = quote.rows("/taxes").iter().filter(same).collect();
        if category.is_some() && totals.is_empty() {
            judge.comparison.add("tax reason", &row["reason"], "none");
        }
        let sum = |field: &str| totals.iter().map(|total| total[field].as_i64().unwrap_or(0)).sum();
        for (key, found) in [("base", sum("taxableMinor")), ("tax", sum("taxMinor"))] {
            if let Some(expected) = judge.case.amount(row, key)? {
                let found = judge.figures.amount(found);
                judge.check(format!("{key} at {rate} %"), expected, found);
            }
        }
    }
    Ok(())
}

/// The rates on shipping alone.
pub fn of_shipping(judge: &mut Judge<'_>, row: &Value, part: Part) -> Result<(), Gap> {
    let Some(stated) = rows(judge.case.value, "shipping")?.first() else {
        return Err(Gap::malformed("no shipping"));
    };
    let case = judge.case;
    let priced = judge.figures.priced;
    let amount = if priced.shipping_inclusive { part.now.gross } else { part.now.net };
    let mut rules = priced.rules.clone();
    rules["shippingMethods"] = serde_json::json!([]);
    let line = serde_json::json!({
        "sku": "shipping", "quantity": "1", "unitPrice": case.price(amount)?,
        "taxes": taxes::components(case, stated)?,
        "priceBasis": super::order::basis(priced.shipping_inclusive),
    });
    let quote = judge.figures.engine.quote(&rules, &serde_json::json!({"lines": [line]}))?;
    compare(judge, row, "tax_by_rate", &quote)
}

/// The average rate that shipping got, to two decimals of a per cent as it is stated.
pub fn shipping_rate(judge: &mut Judge<'_>) -> Result<(), Gap> {
    let expected = decimal(judge.expected(), "shipping_tax_rate_percent")?;
    let mut stated = Vec::new();
    for line in rows(judge.case.value, "lines")? {
        stated.extend(rows(line, "tax_rates_percent")?.iter().filter_map(Exact::from_json));
    }
    let taxes = judge.figures.priced.quote.rows("/taxes").iter();
    let mut rates = taxes.filter_map(|total| Exact::from_json(&total["tax"]["percent"]));
    let found = rates.find(|rate| !stated.contains(rate)).unwrap_or(Exact::ZERO);
    let found = found.over(1, 2).unwrap_or(found);
    judge.check("shipping tax rate".to_owned(), expected, found);
    Ok(())
}
