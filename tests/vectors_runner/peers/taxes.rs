//! The tax classes of a case: one for each list of rates.

use serde_json::{Value, json};

use super::case::{Case, decimal, rows};
use crate::vectors_runner::{engine::HOME, exact::Exact, outcome::Gap};

/// Where a buyer lives that has other taxes than the shop.
pub const ABROAD: &str = "XX";

/// Classes that were named so far.
#[derive(Default)]
pub struct Classes {
    rates: Vec<Value>,
    pub classes: Vec<Value>,
}

impl Classes {
    /// The id of the class with the rates of a row.
    pub fn of(&mut self, case: Case<'_>, row: &Value) -> Result<String, Gap> {
        let components = components(case, row)?;
        let at = match self.rates.iter().position(|known| *known == components) {
            Some(at) => at,
            None => {
                self.classes.push(json!({
                    "id": format!("class {}", self.rates.len()),
                    "rules": rules(case, &components)?,
                }));
                self.rates.push(components);
                self.rates.len() - 1
            }
        };
        Ok(format!("class {at}"))
    }
}

/// The rates for a buyer abroad, then those at home.
fn rules(case: Case<'_>, stated: &Value) -> Result<Value, Gap> {
    let config = &case.value["config"];
    let input = &case.value["input"];
    if config["tax_exempt"] == true {
        return Ok(json!([
            {"countries": [ABROAD], "components": [{"category": "E"}]},
            {"components": stated},
        ]));
    }
    if config["price_follows_destination"] != true {
        return Ok(json!([{"components": stated}]));
    }
    let home = decimal(input, "home_rate_percent")?;
    let home = json!([component(home, None)]);
    Ok(json!([{"countries": [ABROAD], "components": stated}, {"components": home}]))
}

/// Whether the buyer has other taxes than those at home.
pub fn is_abroad(case: Case<'_>) -> bool {
    let config = &case.value["config"];
    config["tax_exempt"] == true || config["price_follows_destination"] == true
}

/// The taxes of a row. Several rates on one price are levied by several authorities.
pub fn components(case: Case<'_>, row: &Value) -> Result<Value, Gap> {
    let rates = rows(row, "tax_rates_percent")?;
    if rates.is_empty() || row["taxable"] == false {
        return Ok(json!([{"category": "O"}]));
    }
    let country = case.value["input"]["context"]["country"].as_str();
    let exempt = !case.value["input"]["exemptions"].is_null();
    let mut components = Vec::new();
    for (at, rate) in rates.iter().enumerate() {
        let percent =
            Exact::from_json(rate).ok_or_else(|| Gap::malformed("a rate is not a decimal"))?;
        let authority = match (exempt, rates.len()) {
            (true, _) => Some(country.unwrap_or(HOME).to_owned()),
            (false, 1) => None,
            _ => Some(format!("authority {}", at + 1)),
        };
        components.push(component(percent, authority));
    }
    Ok(json!(components))
}

fn component(percent: Exact, authority: Option<String>) -> Value {
    let category = if percent.is_zero() { "Z" } else { "S" };
    let mut component = json!({"category": category, "percent": percent.to_string()});
    if let Some(authority) = authority {
        component["jurisdiction"] = json!(authority);
    }
    component
}
