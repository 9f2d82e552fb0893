//! Cases from the test suites of other systems, translated by their fields alone.

mod allocate;
mod amendment;
mod calculator;
mod case;
mod discounts;
mod effects;
mod expected;
mod figures;
mod life;
mod manual;
mod order;
mod pattern;
mod profile;
mod promotions;
mod small;
mod tax_rows;
mod taxes;

use serde_json::Value;

use super::{
    engine::Engine,
    outcome::{Gap, Outcome, Row},
};
use case::Case;

/// Runs a case; whether it is claimed is the caller's to know.
pub fn run(value: &Value, id: &str, claimed: bool, engine: &Engine) -> Row {
    let word = |key: &str| value[key].as_str().unwrap_or("unknown").to_owned();
    let profile = word("profile");
    let peer = profile.split('-').next().unwrap_or("unknown").to_owned();
    let outcome = outcome(value, engine);
    Row { set: peer, kind: word("kind"), topic: word("topic"), id: id.to_owned(), claimed, outcome }
}

fn outcome(value: &Value, engine: &Engine) -> Outcome {
    let case = Case::read(value)?;
    match value["kind"].as_str() {
        Some("order" | "promotion") => {
            expected::compare(case, &order::price(case, engine)?, engine)
        }
        Some("allocate") => allocate::shares(case, engine),
        Some("allocate_with_floor") => allocate::with_floor(case, engine),
        Some("tax") => small::tax(case, engine),
        Some("tax_exact") => small::tax_exact(case, engine),
        Some("tax_lookup") => small::tax_lookup(case, engine),
        Some("tax_distribute") => small::tax_distribute(case, engine),
        Some("rate_weighted") => small::rate(case, engine),
        Some("gift_card") => small::gift_card(case, engine),
        Some("calculator") => calculator::calculator(case, engine),
        Some("shipping_rate") => calculator::shipping_rate(case, engine),
        Some("catalog_price") => calculator::catalog_price(case, engine),
        Some("manual_discount") => manual::run(case, engine),
        Some("amendment") => amendment::amendment(case, engine),
        Some("number") => small::number(case),
        Some("balance") => life::balance(case),
        Some("charge_status") => life::charge_status(case),
        Some("refund_check") => life::refund_check(case),
        Some("refund") => life::refund(case),
        Some("credit_lines") => life::credit_lines(case),
        Some("allocate_payments") => life::allocate_payments(case),
        Some("order_status") => life::order_status(case),
        Some("state") => life::state(case),
        Some("granted_refund_status") => {
            Err(Gap::not_covered("a status of each granted refund: the ledger has one for all"))
        }
        Some(other) => Err(Gap::not_covered(format!("kind {other}"))),
        None => Err(Gap::malformed("no kind")),
    }
}
