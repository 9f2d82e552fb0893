//! One rate: the price of what was measured.

use crate::{
    decimal::{Decimal, power_of_ten},
    money::{Amount, AmountError},
    pricing::{
        line::percent_of,
        trace::{ShippingPart, ShippingPartKind},
    },
    rounding::Rounding,
    ruleset::{ShippingRate, ShippingStep},
};

/// What a rate looks at.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    /// In the unit of the table.
    pub load: Decimal,
    /// The value of the goods, for percentages.
    pub value: Amount,
    pub rounding: Rounding,
}

/// A price with what it is made of; the parts add up to it.
#[derive(Default)]
pub(super) struct Priced {
    pub amount: Amount,
    pub parts: Vec<ShippingPart>,
}

impl ShippingRate {
    fn holds(&self, load: Decimal) -> bool {
        self.from.is_none_or(|from| from <= load) && self.to.is_none_or(|to| load < to)
    }
}

/// The rate whose band holds the load.
pub(super) fn find(rates: &[ShippingRate], load: Decimal) -> Option<&ShippingRate> {
    rates.iter().find(|rate| rate.holds(load))
}

/// The price in full.
pub(super) fn full(rate: &ShippingRate, measured: Measured) -> Result<Priced, AmountError> {
    let mut priced = Priced::default();
    if let Some(price) = rate.price_minor {
        priced.add(ShippingPart::new(ShippingPartKind::Price, price))?;
    }
    if let Some(percent) = rate.percent {
        let amount = percent_of(measured.value, percent, measured.rounding)?;
        let percent = Some(percent);
        priced.add(ShippingPart {
            percent,
            ..ShippingPart::new(ShippingPartKind::Percent, amount)
        })?;
    }
    let counted = count(rate, rate.first.as_ref(), measured.load)?;
    if let Some(first) = &rate.first {
        priced.first(first, counted.parcels)?;
    }
    if let Some(further) = &rate.further {
        priced.further(further, &counted, measured.rounding)?;
    }
    if let Some(minimum) = rate.minimum_minor.filter(|least| priced.amount < *least) {
        let rest = minimum.minus(priced.amount)?;
        priced.add(ShippingPart::new(ShippingPartKind::Minimum, rest))?;
    }
    priced.at_most(rate.maximum_minor)?;
    Ok(priced)
}

/// All of the load in further steps, for goods that travel with others that paid a first price.
pub(super) fn further_only(rate: &ShippingRate, measured: Measured) -> Result<Priced, AmountError> {
    let mut priced = Priced::default();
    if let Some(further) = &rate.further {
        priced.further(further, &count(rate, None, measured.load)?, measured.rounding)?;
        priced.at_most(rate.maximum_minor)?;
    }
    Ok(priced)
}

/// What the first part costs, whatever comes after it.
pub(super) fn first_price(rate: &ShippingRate, measured: Measured) -> Result<Amount, AmountError> {
    let percent = match rate.percent {
        Some(percent) => percent_of(measured.value, percent, measured.rounding)?,
        None => Amount::ZERO,
    };
    let first = rate.first.as_ref().map_or(Amount::ZERO, |first| first.price_minor);
    rate.price_minor.unwrap_or_default().plus(first)?.plus(percent)
}

impl Priced {
    fn add(&mut self, part: ShippingPart) -> Result<(), AmountError> {
        self.amount = self.amount.plus(part.amount_minor)?;
        self.parts.push(part);
        Ok(())
    }

    fn first(&mut self, first: &ShippingStep, parcels: i128) -> Result<(), AmountError> {
        if parcels == 0 {
            return Ok(());
        }
        self.add(ShippingPart {
            count: Some(i64::try_from(parcels).map_err(|_| AmountError)?),
            size: Some(first.size),
            price_minor: Some(first.price_minor),
            ..ShippingPart::new(ShippingPartKind::First, times(first.price_minor, parcels)?)
        })
    }

    fn further(
        &mut self,
        further: &ShippingStep,
        counted: &Counted,
        rounding: Rounding,
    ) -> Result<(), AmountError> {
        if counted.beyond == 0 {
            return Ok(());
        }
        let beyond = Decimal::from_parts(counted.beyond, counted.scale).ok_or(AmountError)?;
        let mut part = ShippingPart {
            size: Some(further.size),
            price_minor: Some(further.price_minor),
            ..ShippingPart::new(ShippingPartKind::Further, Amount::ZERO)
        };
        if further.proportional {
            // Once for the whole load: a gram for a tenth of a cent is not lost a thousand times.
            let price = i128::from(further.price_minor.minor());
            let numerator = price.checked_mul(counted.beyond).ok_or(AmountError)?;
            let size = at_scale(further.size, counted.scale)?;
            part.amount_minor = Amount::from_fraction(numerator, size, rounding)?;
            part.load = Some(beyond);
        } else {
            part.amount_minor = times(further.price_minor, counted.steps)?;
            part.count = Some(i64::try_from(counted.steps).map_err(|_| AmountError)?);
        }
        self.add(part)
    }

    fn at_most(&mut self, maximum: Option<Amount>) -> Result<(), AmountError> {
        if let Some(maximum) = maximum.filter(|most| self.amount > *most) {
            let over = maximum.minus(self.amount)?;
            self.add(ShippingPart::new(ShippingPartKind::Maximum, over))?;
        }
        Ok(())
    }
}

/// A load in parcels and steps. `beyond` is what lies beyond the first part of each parcel.
struct Counted {
    parcels: i128,
    steps: i128,
    beyond: i128,
    scale: u8,
}

fn count(
    rate: &ShippingRate,
    first: Option<&ShippingStep>,
    load: Decimal,
) -> Result<Counted, AmountError> {
    // All sizes as integers of the finest one.
    let sizes =
        [rate.parcel_size, first.map(|it| it.size), rate.further.as_ref().map(|it| it.size)];
    let finest = sizes.into_iter().flatten().map(Decimal::scale).max().unwrap_or(0);
    let scale = load.scale().max(finest);
    let load = at_scale(load, scale)?;
    let first = first.map_or(Ok(0), |first| at_scale(first.size, scale))?;
    let step = rate.further.as_ref().map_or(Ok(load), |further| at_scale(further.size, scale))?;
    let parcel = rate.parcel_size.map_or(Ok(load), |size| at_scale(size, scale))?;
    let mut counted = Counted { parcels: 0, steps: 0, beyond: 0, scale };
    let full = load.checked_div(parcel).unwrap_or(0);
    for (parcels, size) in [(full, parcel), (1, load.checked_rem(parcel).unwrap_or(0))] {
        if parcels == 0 || size <= 0 {
            continue;
        }
        let beyond = size.saturating_sub(first).max(0);
        let steps = Rounding::Up.divide(beyond, step).ok_or(AmountError)?;
        let add = |sum: i128, each: i128| sum.checked_add(each.checked_mul(parcels)?);
        counted.parcels = add(counted.parcels, 1).ok_or(AmountError)?;
        counted.steps = add(counted.steps, steps).ok_or(AmountError)?;
        counted.beyond = add(counted.beyond, beyond).ok_or(AmountError)?;
    }
    Ok(counted)
}

fn at_scale(value: Decimal, scale: u8) -> Result<i128, AmountError> {
    let factor = power_of_ten(scale).checked_div(value.denominator());
    factor.and_then(|factor| value.mantissa().checked_mul(factor)).ok_or(AmountError)
}

fn times(price: Amount, count: i128) -> Result<Amount, AmountError> {
    Amount::from_fraction(
        i128::from(price.minor()).checked_mul(count).ok_or(AmountError)?,
        1,
        Rounding::Down,
    )
}
