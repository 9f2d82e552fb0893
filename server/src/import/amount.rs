//! From the amounts of a source line to a draft line that has exactly these amounts.
//!
//! Sources name the price of one piece, or the price of the whole line, before or after discount.
//! A draft line has a unit price, a quantity and allowances. Sums stay exact; only the amount of the
//! line is rounded to the currency, by the rule that `quote` uses.

use orderkit::{Adjustment, AdjustmentKind, Amount, Currency, Decimal, Entry, Rounding};

use super::neutral::Line;

/// Discounts that the seller gives. A manufacturer's coupon is money the seller receives from
/// somebody else, so it does not lower the line.
const SELLER_DISCOUNTS: [&str; 2] = ["loyalty", "coupon_match"];
/// The finest fraction that a decimal can hold.
const MAX_SCALE: u8 = orderkit::limits::MAX_DECIMAL_FRACTION_DIGITS;

/// The amounts of a line, as a draft says them.
#[derive(Debug)]
pub struct LineAmounts {
    /// Price of one, or of `base_quantity`.
    pub unit_price: Decimal,
    /// Present where the price of one has no exact decimal form.
    pub base_quantity: Option<Decimal>,
    /// What is taken off or added to come to the source's amount.
    pub adjustments: Vec<Adjustment>,
    /// The exact amount of the line after discount, in major units.
    pub exact: Decimal,
}

/// The amounts of a source line, or why they cannot be held exactly.
pub fn of_line(line: &Line<'_>, currency: Currency) -> Result<LineAmounts, String> {
    let too_fine = || {
        "an amount needs more than 15 digits before or 9 after the decimal point; \
         round it in the source"
            .to_owned()
    };
    let given = line.total.or(line.price).or(line.net);
    let (unit_price, base_quantity, list) = match (line.unit_price, line.list_total.or(given)) {
        (Some(price), _) => (price, None, multiply(price, line.quantity).ok_or_else(too_fine)?),
        (None, Some(whole)) => of_whole(whole, line.quantity),
        (None, None) => {
            return Err("a line needs unit_price, list_total, total, price or net".to_owned());
        }
    };
    let exact = match (given, line.discount_pct) {
        (Some(given), _) => given,
        (None, Some(fraction)) => {
            let kept = Decimal::ONE.checked_sub(fraction).ok_or_else(too_fine)?;
            multiply(list, kept).ok_or_else(too_fine)?
        }
        (None, None) => list,
    };
    let adjustments = adjustments(line, list, exact, currency).ok_or_else(too_fine)?;
    Ok(LineAmounts { unit_price, base_quantity, adjustments, exact })
}

/// Unit price, base quantity and amount before discount of a line whose source names the whole.
fn of_whole(whole: Decimal, quantity: Decimal) -> (Decimal, Option<Decimal>, Decimal) {
    if quantity.is_zero() {
        // No price times zero is an amount: all of it becomes a charge.
        return (Decimal::ZERO, None, Decimal::ZERO);
    }
    match divide(whole, quantity) {
        Some(price) => (price, None, whole),
        None if quantity.is_negative() => (negate(whole), Some(negate(quantity)), whole),
        None => (whole, Some(quantity), whole),
    }
}

/// What leads from the amount before discount to the amount after it, in minor units.
fn adjustments(
    line: &Line<'_>,
    list: Decimal,
    exact: Decimal,
    currency: Currency,
) -> Option<Vec<Adjustment>> {
    let minor = |value| to_minor(value, currency).map(Amount::minor);
    let mut rest = minor(list)?.checked_sub(minor(exact)?)?;
    let mut adjustments = Vec::new();
    if line.list_total.is_some() {
        for word in SELLER_DISCOUNTS {
            let Some(discount) = line.discounts.get(word) else { continue };
            let off = minor(*discount)?;
            rest = rest.checked_sub(off)?;
            adjustments.extend(adjustment(off, word));
        }
    }
    adjustments.extend(adjustment(rest, "discount"));
    Some(adjustments)
}

fn adjustment(off_minor: i64, reason: &str) -> Option<Adjustment> {
    let kind = match off_minor {
        0 => return None,
        1.. => AdjustmentKind::Allowance,
        _ => AdjustmentKind::Charge,
    };
    let amount = Amount::new(off_minor.checked_abs()?).ok()?;
    Some(Adjustment {
        kind,
        amount_minor: Some(amount),
        percent: None,
        base_minor: None,
        reason: Some(reason.to_owned()),
        taxes: None,
        price_basis: None,
    })
}

/// The amount in minor units, rounded as `quote` rounds a line.
pub fn to_minor(value: Decimal, currency: Currency) -> Option<Amount> {
    let numerator = value.mantissa().checked_mul(currency.minor_per_major().into())?;
    Amount::from_fraction(numerator, value.denominator(), Rounding::default()).ok()
}

/// A decimal as the draft holds it.
pub fn entry(value: Decimal) -> Entry {
    Entry::Value(value)
}

/// The exact product, or `None` if a decimal cannot hold it.
fn multiply(a: Decimal, b: Decimal) -> Option<Decimal> {
    Decimal::from_parts(a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale())
}

/// The exact quotient, or `None` if it has no such decimal.
fn divide(a: Decimal, b: Decimal) -> Option<Decimal> {
    let divisor = a.denominator().checked_mul(b.mantissa())?;
    let dividend = a.mantissa().checked_mul(b.denominator())?;
    (0..=MAX_SCALE).find_map(|scale| {
        let widened = dividend.checked_mul(10_i128.checked_pow(scale.into())?)?;
        let exact = widened.checked_rem(divisor)? == 0;
        exact.then(|| Decimal::from_parts(widened / divisor, scale)).flatten()
    })
}

fn negate(value: Decimal) -> Decimal {
    Decimal::from_parts(-value.mantissa(), value.scale()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(line: &str) -> LineAmounts {
        let eur = Currency::parse("EUR").unwrap();
        of_line(&serde_json::from_str(line).unwrap(), eur).unwrap()
    }

    #[track_caller]
    fn is(line: &str, unit_price: &str, base: Option<&str>, off: &[i64], exact: &str) {
        let found = amounts(line);
        let signed = |adjustment: &Adjustment| {
            let minor = adjustment.amount_minor.unwrap().minor();
            if adjustment.kind == AdjustmentKind::Allowance { minor } else { -minor }
        };
        assert_eq!(found.unit_price.to_string(), unit_price);
        assert_eq!(found.base_quantity.map(|base| base.to_string()).as_deref(), base);
        assert_eq!(found.adjustments.iter().map(signed).collect::<Vec<_>>(), off);
        assert_eq!(found.exact.to_string(), exact);
    }

    #[test]
    fn every_way_to_name_an_amount() {
        is(r#"{"sku":"A","quantity":-6,"unit_price":"2.551"}"#, "2.551", None, &[], "-15.306");
        is(
            r#"{"sku":"A","quantity":3,"unit_price":"1.005","total":"2.7135"}"#,
            "1.005",
            None,
            &[31],
            "2.7135",
        );
        is(
            r#"{"sku":"A","quantity":7,"unit_price":"9.8","discount_pct":"0.15"}"#,
            "9.8",
            None,
            &[1029],
            "58.31",
        );
        is(r#"{"sku":"A","quantity":2,"net":"7"}"#, "3.5", None, &[], "7");
        is(r#"{"sku":"A","quantity":3,"net":"10"}"#, "10", Some("3"), &[], "10");
        is(r#"{"sku":"A","quantity":-3,"net":"-10"}"#, "10", Some("3"), &[], "-10");
        is(r#"{"sku":"A","quantity":0,"net":"0.5"}"#, "0", None, &[-50], "0.5");
        is(
            r#"{"sku":"A","quantity":1,"list_total":"5","net":"3.6",
                "discounts":{"loyalty":"0.4","coupon":"1","coupon_match":"1"}}"#,
            "5",
            None,
            &[40, 100],
            "3.6",
        );
    }

    #[test]
    fn floats_and_lines_without_amount_are_refused() {
        let error = serde_json::from_str::<Line<'_>>(r#"{"sku":"A","quantity":1.5,"net":"1"}"#);
        assert!(error.unwrap_err().to_string().contains("a decimal written as a string"));
        let bare = serde_json::from_str(r#"{"sku":"A","quantity":1}"#).unwrap();
        assert!(of_line(&bare, Currency::parse("EUR").unwrap()).unwrap_err().contains("net"));
    }
}
