//! What some units of a line are worth, so that any sequence of parts adds up to the line.

use serde::{Deserialize, Serialize};

use super::CreditShare;
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::{Amount, AmountError},
    rounding::Rounding,
};

/// The amounts of a line or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineAmounts {
    /// Before discounts, in the price basis.
    pub amount_minor: Amount,
    /// The discounts on it, in the order of the order's `discounts`; nothing if it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts_minor: Vec<Amount>,
    /// After discounts, without tax.
    pub net_minor: Amount,
    /// The tax.
    pub tax_minor: Amount,
    /// After discounts, with tax.
    pub gross_minor: Amount,
    /// Each tax, in the order of the order's `taxes`; nothing if the order does not know them by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes_minor: Vec<Amount>,
}

impl LineAmounts {
    /// The sum of both; lists may be of different lengths.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if it is out of range.
    pub fn plus(&self, other: &Self) -> Result<Self, AmountError> {
        self.with(other, Amount::plus)
    }

    /// The difference.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if it is out of range.
    pub fn minus(&self, other: &Self) -> Result<Self, AmountError> {
        self.with(other, Amount::minus)
    }

    fn with(
        &self,
        other: &Self,
        join: impl Fn(Amount, Amount) -> Result<Amount, AmountError>,
    ) -> Result<Self, AmountError> {
        let lists = |one: &[Amount], other: &[Amount]| -> Result<Vec<Amount>, AmountError> {
            let at = |list: &[Amount], index| list.get(index).copied().unwrap_or_default();
            let length = one.len().max(other.len());
            (0..length).map(|index| join(at(one, index), at(other, index))).collect()
        };
        Ok(Self {
            amount_minor: join(self.amount_minor, other.amount_minor)?,
            discounts_minor: lists(&self.discounts_minor, &other.discounts_minor)?,
            net_minor: join(self.net_minor, other.net_minor)?,
            tax_minor: join(self.tax_minor, other.tax_minor)?,
            gross_minor: join(self.gross_minor, other.gross_minor)?,
            taxes_minor: lists(&self.taxes_minor, &other.taxes_minor)?,
        })
    }

    /// All discounts on it.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if the sum is out of range.
    pub fn discount_minor(&self) -> Result<Amount, AmountError> {
        Amount::sum(self.discounts_minor.iter().copied())
    }

    /// Net, tax and gross.
    pub fn share(&self) -> CreditShare {
        CreditShare {
            net_minor: self.net_minor,
            tax_minor: self.tax_minor,
            gross_minor: self.gross_minor,
        }
    }
}

/// What the units after the first `from` up to `to` of a line of `quantity` units are worth.
///
/// Of an amount L the first k of q units are worth `round half up (L × k / q)`, and a part is the
/// difference of two such values (features.md g). So any sequence of parts adds up to L exactly, in
/// gross, tax and each discount; net is gross less tax.
///
/// # Errors
///
/// [`AmountError`] if `quantity` is zero or a product is out of range.
///
/// # Example
///
/// ```
/// use orderkit::{Amount, Decimal, credit::{LineAmounts, worth}};
///
/// let minor = |value| Amount::new(value).unwrap();
/// let line = LineAmounts {
///     amount_minor: minor(1_000), net_minor: minor(840), tax_minor: minor(160), gross_minor: minor(1_000),
///     ..LineAmounts::default()
/// };
/// let of = |from, to| {
///     let whole = Decimal::from_integer;
///     worth(&line, whole(3), whole(from), whole(to)).unwrap().gross_minor.minor()
/// };
/// assert_eq!([of(0, 1), of(1, 2), of(2, 3)], [333, 334, 333]);
/// assert_eq!(of(0, 1) + of(1, 3), 1_000);
/// ```
pub fn worth(
    line: &LineAmounts,
    quantity: Decimal,
    from: Decimal,
    to: Decimal,
) -> Result<LineAmounts, AmountError> {
    let part = |amount: Amount| first(amount, quantity, to)?.minus(first(amount, quantity, from)?);
    let parts = |amounts: &[Amount]| -> Result<Vec<Amount>, AmountError> {
        amounts.iter().map(|amount| part(*amount)).collect()
    };
    let (tax_minor, gross_minor) = (part(line.tax_minor)?, part(line.gross_minor)?);
    Ok(LineAmounts {
        amount_minor: part(line.amount_minor)?,
        discounts_minor: parts(&line.discounts_minor)?,
        net_minor: gross_minor.minus(tax_minor)?,
        tax_minor,
        gross_minor,
        taxes_minor: parts(&line.taxes_minor)?,
    })
}

/// What the first `units` of `quantity` units are worth of `amount`.
fn first(amount: Amount, quantity: Decimal, units: Decimal) -> Result<Amount, AmountError> {
    let scale = quantity.scale().max(units.scale());
    let at_scale = |value: Decimal| {
        let missing = scale.checked_sub(value.scale())?;
        value.mantissa().checked_mul(crate::decimal::power_of_ten(missing))
    };
    let (units, quantity) = at_scale(units).zip(at_scale(quantity)).ok_or(AmountError)?;
    let product = i128::from(amount.minor()).checked_mul(units).ok_or(AmountError)?;
    Amount::from_fraction(product, quantity, Rounding::HalfUp)
}

/// `amount × part / whole`, rounded half up; nothing of nothing.
///
/// # Errors
///
/// [`AmountError`] if the product is out of range.
pub fn proportion(amount: Amount, part: Amount, whole: Amount) -> Result<Amount, AmountError> {
    if whole.is_zero() {
        return Ok(Amount::ZERO);
    }
    let product = i128::from(amount.minor()).checked_mul(i128::from(part.minor()));
    Amount::from_fraction(product.ok_or(AmountError)?, i128::from(whole.minor()), Rounding::HalfUp)
}

/// So much of an amount, with its part of the tax.
///
/// # Errors
///
/// [`AmountError`] if a product is out of range.
///
/// # Example
///
/// ```
/// use orderkit::{Amount, credit::{CreditShare, share_of}};
///
/// let minor = |value| Amount::new(value).unwrap();
/// let whole = CreditShare { net_minor: minor(1_000), tax_minor: minor(190), gross_minor: minor(1_190) };
/// let part = share_of(whole, minor(100)).unwrap();
/// assert_eq!((part.net_minor.minor(), part.tax_minor.minor()), (84, 16));
/// ```
pub fn share_of(whole: CreditShare, gross: Amount) -> Result<CreditShare, AmountError> {
    let tax_minor = proportion(whole.tax_minor, gross, whole.gross_minor)?;
    Ok(CreditShare { net_minor: gross.minus(tax_minor)?, tax_minor, gross_minor: gross })
}
