//! What each promotion of a case took, and which ones took effect.

use serde_json::Value;

use super::{
    case::{decimal, only, rows, text},
    expected::Judge,
    figures::Figures,
};
use crate::vectors_runner::{exact::Exact, outcome::Gap};

/// Everything that promotions of the whole order took.
pub fn order_discount(figures: &Figures<'_>) -> Exact {
    let adjustments = figures.priced.quote.rows("/adjustments").iter();
    let of_order = adjustments.filter(|it| figures.origin(it).is_some_and(|it| it.of_order));
    figures.amount(of_order.map(|it| it["amountMinor"].as_i64().unwrap_or(0)).sum())
}

/// What one code takes off, from one line or from all.
pub fn rows_of(judge: &mut Judge<'_>) -> Result<(), Gap> {
    let expected = rows(judge.expected(), "discounts")?;
    let figures = &judge.figures;
    if expected.is_empty() {
        let found = codes(figures);
        if !found.is_empty() {
            judge.comparison.add("discounts", "none", found.join(", "));
        }
        return Ok(());
    }
    let mut seen: Vec<&str> = Vec::new();
    for (place, row) in expected.iter().enumerate() {
        only(row, "discount row", &["code", "sku", "amount", "net", "gross"])?;
        if row["code"].is_null() {
            nth(judge, row, place)?;
            continue;
        }
        let code = text(row, "code")?;
        if has_equal_lines(judge)? {
            // Which of equal lines the peer takes is chance: the sums count.
            if !seen.contains(&code) {
                seen.push(code);
                sum_of(judge, code, expected)?;
            }
            continue;
        }
        let at = if row["sku"].is_null() { None } else { Some(judge.line(row, &[])?) };
        let lines = 0..judge.figures.priced.lines.len();
        let amounts: Vec<(usize, Exact)> = lines
            .filter(|line| at.is_none_or(|at| at == *line))
            .map(|line| (line, judge.figures.taken(line, |it| it.code == code)))
            .collect();
        let sum = amounts.iter().fold(Exact::ZERO, |sum, (_, amount)| sum.plus(*amount));
        for (word, found) in [
            ("amount", Ok(sum)),
            ("net", judge.figures.taxed(&amounts).map(|it| it.net)),
            ("gross", judge.figures.taxed(&amounts).map(|it| it.gross)),
        ] {
            if let Some(expected) = judge.case.amount(row, word)? {
                judge.check(format!("discount {code} {word}"), expected, found?);
            }
        }
    }
    Ok(())
}

/// Whether lines of a buy-and-get promotion cost the same in all.
fn has_equal_lines(judge: &Judge<'_>) -> Result<bool, Gap> {
    let case = judge.case;
    let promotions = rows(case.value, "promotions")?;
    if !promotions.iter().any(|promotion| promotion["type"] == "buy_get") {
        return Ok(false);
    }
    let mut amounts = Vec::new();
    for line in rows(case.value, "lines")? {
        let quantity = decimal(line, "quantity")?.minor(0).unwrap_or(1);
        amounts.push(case.required(line, "unit_price")?.times(quantity));
    }
    Ok((1..amounts.len()).any(|at| amounts[..at].contains(&amounts[at])))
}

fn sum_of(judge: &mut Judge<'_>, code: &str, expected: &[Value]) -> Result<(), Gap> {
    let mut sum = Exact::ZERO;
    for row in expected.iter().filter(|row| row["code"] == code) {
        sum = sum.plus(judge.case.required(row, "amount")?);
    }
    let lines = 0..judge.figures.priced.lines.len();
    let found = lines
        .fold(Exact::ZERO, |sum, line| sum.plus(judge.figures.taken(line, |it| it.code == code)));
    judge.check(format!("discounts of {code}"), sum, found);
    Ok(())
}

/// The n-th discount that was stated on a line.
fn nth(judge: &mut Judge<'_>, row: &Value, place: usize) -> Result<(), Gap> {
    let steps = judge.figures.priced.quote.rows("/trace").iter();
    let mut steps = steps.filter(|step| step["step"] == "lineAdjustment");
    let Some(step) = steps.nth(place) else {
        return Err(Gap::not_covered("a discount row that the engine does not list"));
    };
    let at = step["line"].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or(0);
    let minor = step["amountMinor"].as_i64().unwrap_or(0);
    let amount = judge.figures.amount(-minor);
    let taxed = judge.figures.taxed(&[(at, amount)])?;
    for (word, found) in [("amount", amount), ("net", taxed.net), ("gross", taxed.gross)] {
        if let Some(expected) = judge.case.amount(row, word)? {
            judge.check(format!("discount {} {word}", place + 1), expected, found);
        }
    }
    Ok(())
}

/// The codes of what took something off, sorted.
fn codes<'p>(figures: &Figures<'p>) -> Vec<&'p str> {
    let quote = &figures.priced.quote;
    let all = quote.rows("/adjustments").iter().chain(quote.rows("/shipping/discounts"));
    let mut codes: Vec<&str> =
        all.filter_map(|it| figures.origin(it)).map(|it| it.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

pub fn applied(judge: &mut Judge<'_>) -> Result<(), Gap> {
    let mut expected = judge.texts("applied")?;
    expected.sort_unstable();
    expected.dedup();
    let found = codes(&judge.figures);
    if expected != found {
        judge.comparison.add("applied", expected.join(", "), found.join(", "));
    }
    Ok(())
}

pub fn rejected(judge: &mut Judge<'_>) -> Result<(), Gap> {
    let found = codes(&judge.figures);
    for row in rows(judge.expected(), "rejected")? {
        let code = match row {
            Value::String(code) => code,
            row => {
                only(row, "rejected row", &["code", "reason"])?;
                text(row, "code")?
            }
        };
        if found.contains(&code) {
            judge.comparison.add("rejected", code, "applied");
        }
    }
    Ok(())
}
