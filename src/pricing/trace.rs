//! The trace: one entry for each cause of an amount, and for each rule that did not apply.

use serde::Serialize;

use crate::{
    decimal::{Decimal, power_of_ten},
    money::Amount,
    ruleset::TaxComponent,
};

/// A line whose amount was rounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoundedLine {
    /// The line (position from 0).
    pub line: usize,
    /// The exact amount in minor units, as a decimal or fraction.
    pub exact: String,
}

/// One step of pricing.
///
/// The amounts of the `linePrices`, `lineAdjustment`, `discount`, `documentAdjustment`, `shipping`,
/// `tax` and `lineTaxes` steps add up to the totals; the other steps explain and carry no amount of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "step", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TraceStep {
    /// Unit price × quantity of every line.
    LinePrices {
        /// The amounts after rounding, in the order of the lines.
        amounts_minor: Vec<Amount>,
        /// The lines where rounding changed the product.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        rounded: Vec<RoundedLine>,
    },
    /// A charge or allowance that staff set on a line; negative if it takes off.
    LineAdjustment {
        /// The line.
        line: usize,
        /// The amount.
        amount_minor: Amount,
        /// Why, as it was entered.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A discount took effect.
    Discount {
        /// The promotion, or `manual`.
        rule: String,
        /// What it takes off.
        amount_minor: Amount,
    },
    /// A discount would take more, but no more was left to take it from.
    DiscountCapped {
        /// The promotion, or `manual`.
        rule: String,
        /// What it would take without the cap.
        wanted_minor: Amount,
        /// What it took.
        amount_minor: Amount,
    },
    /// A promotion would apply if the matching items were worth this much more.
    NotReached {
        /// The promotion.
        rule: String,
        /// What is missing.
        missing_minor: Amount,
    },
    /// A promotion does not apply because no line matches.
    NoLineMatches {
        /// The promotion.
        rule: String,
    },
    /// A promotion is not valid at this time.
    NotActive {
        /// The promotion.
        rule: String,
    },
    /// A document allowance (negative) or charge with taxes of its own.
    DocumentAdjustment {
        /// The amount.
        amount_minor: Amount,
        /// Why, as it was entered.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The shipping charge.
    Shipping {
        /// The method.
        method: String,
        /// The charge.
        amount_minor: Amount,
    },
    /// Shipping is free because the items reach the threshold.
    ShippingFree {
        /// The method.
        method: String,
        /// The threshold.
        free_over_minor: Amount,
        /// The charge that is saved.
        saved_minor: Amount,
    },
    /// Shipping would be free if the items were worth this much more.
    ShippingNotFree {
        /// The method.
        method: String,
        /// What is missing.
        missing_minor: Amount,
    },
    /// A tax on the sum of a group, or on the shipping charge.
    Tax {
        /// Category, rate and jurisdiction.
        tax: TaxComponent,
        /// The sum without tax.
        taxable_minor: Amount,
        /// The tax.
        amount_minor: Amount,
        /// The exact tax in minor units, where rounding changed it.
        #[serde(skip_serializing_if = "Option::is_none")]
        exact: Option<String>,
    },
    /// A tax on each of some lines, where the shop rounds by line.
    LineTaxes {
        /// Category, rate and jurisdiction.
        tax: TaxComponent,
        /// The lines (positions from 0).
        lines: Vec<usize>,
        /// The tax on each of them.
        amounts_minor: Vec<Amount>,
        /// The lines where rounding changed the tax.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        rounded: Vec<RoundedLine>,
    },
    /// What was paid before, and the rounding of the payable amount.
    Payable {
        /// Paid before.
        prepaid_minor: Amount,
        /// Rounding of what is payable.
        rounding_minor: Amount,
    },
}

/// An exact fraction as text, if rounding changes it: a decimal where it ends within nine digits.
pub(super) fn inexact(numerator: i128, denominator: i128) -> Option<String> {
    // 64 bits are enough for almost every amount, and 128-bit division is slow on wasm32.
    let narrow = (i64::try_from(numerator), i64::try_from(denominator));
    let (Ok(small), Ok(divisor)) = narrow else {
        let exact = numerator.checked_rem(denominator) == Some(0);
        return (!exact).then(|| fraction(numerator, denominator));
    };
    if small.checked_rem(divisor) == Some(0) {
        return None;
    }
    if !ends(small, divisor) {
        return Some(narrow_fraction(small, divisor));
    }
    // The fewest digits that hold the fraction exactly.
    for scale in 1..=9_u8 {
        let power = i64::try_from(power_of_ten(scale)).unwrap_or(i64::MAX);
        let Some(scaled) = small.checked_mul(power) else { break };
        if scaled.checked_rem(divisor) == Some(0) {
            let value = scaled.checked_div(divisor).unwrap_or_default();
            return Decimal::from_parts(i128::from(value), scale).map(Decimal::to_text);
        }
    }
    Some(narrow_fraction(small, divisor))
}

/// Whether the fraction is a decimal of any length: what is not a 2 or 5 in the denominator must cancel out.
fn ends(numerator: i64, denominator: i64) -> bool {
    let mut rest = denominator.checked_shr(denominator.trailing_zeros()).unwrap_or(1);
    while let (Some(0), Some(fifth)) = (rest.checked_rem(5), rest.checked_div(5)) {
        rest = fifth;
    }
    numerator.checked_rem(rest) == Some(0)
}

/// As [`fraction`], without wide arithmetic.
fn narrow_fraction(numerator: i64, denominator: i64) -> String {
    let (mut common, mut rest) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    while let Some(remainder) = common.checked_rem(rest) {
        (common, rest) = (rest, remainder);
    }
    let common = i64::try_from(common).unwrap_or(1);
    let reduced = |value: i64| value.checked_div(common).unwrap_or(value);
    let mut text = String::with_capacity(24);
    text.push_str(itoa::Buffer::new().format(reduced(numerator)));
    text.push('/');
    text.push_str(itoa::Buffer::new().format(reduced(denominator)));
    text
}

/// The fraction in lowest terms, by Euclid's algorithm.
fn fraction(numerator: i128, denominator: i128) -> String {
    let (mut common, mut rest) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    while let Some(remainder) = common.checked_rem(rest) {
        (common, rest) = (rest, remainder);
    }
    let common = i128::try_from(common).unwrap_or(1);
    let reduced = |value: i128| value.checked_div(common).unwrap_or(value);
    format!("{}/{}", reduced(numerator), reduced(denominator))
}

#[cfg(test)]
mod tests {
    use super::inexact;

    #[test]
    fn shows_what_rounding_takes_away() {
        let shown = |numerator, denominator| inexact(numerator, denominator).unwrap_or_default();
        assert_eq!(shown(30_850, 100), "308.5");
        assert_eq!(shown(30_800, 100), "");
        assert_eq!(shown(-1, 8), "-0.125");
        assert_eq!(shown(100, 3), "100/3");
        assert_eq!(shown(69_080, 120), "1727/3");
        assert_eq!(shown(-21, 14), "-1.5");
        assert_eq!(shown(1, 512), "0.001953125");
        assert_eq!(shown(3, 1 << 20), "3/1048576");
        assert_eq!(shown(i128::from(i64::MAX) * 2 + 1, 2), "18446744073709551615/2");
    }
}
