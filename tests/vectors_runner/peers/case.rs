//! Reading a peer's case. What is not understood is said, never passed over.

use serde_json::Value;

use crate::vectors_runner::{exact::Exact, outcome::Gap};

/// A case with the decimals of its currency.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub value: &'a Value,
    /// Decimals in which the case states minor units.
    pub digits: u32,
    /// Decimals of the engine's amounts.
    pub unit_digits: u32,
    pub profile: &'a str,
}

impl<'a> Case<'a> {
    /// Decimals of the engine's unit where a peer's figures are finer than any currency: Medusa never rounds.
    pub const FINE_DIGITS: u32 = 10;

    pub fn read(value: &'a Value) -> Result<Self, Gap> {
        let profile = value["profile"].as_str().ok_or_else(|| Gap::malformed("no profile"))?;
        let digits = match &value["minor_digits"] {
            Value::Null => 2,
            digits => digits
                .as_u64()
                .and_then(|digits| u32::try_from(digits).ok())
                .ok_or_else(|| Gap::malformed("minor_digits is not a number"))?,
        };
        let known = matches!(digits, 0 | 2 | 3) && !profile.starts_with("medusa");
        let unit_digits = if known { digits } else { Self::FINE_DIGITS };
        Ok(Self { value, digits, unit_digits, profile })
    }

    /// The peer, without the variant of its rules.
    pub fn peer(&self) -> &'a str {
        self.profile.split('-').next().unwrap_or(self.profile)
    }

    /// The same peer without what the case says.
    pub fn plain(&self) -> Self {
        static NOTHING: Value = Value::Null;
        Self { value: &NOTHING, ..*self }
    }

    /// Whether the engine's unit is far below the minor unit of the case.
    pub fn is_fine(&self) -> bool {
        self.unit_digits == Self::FINE_DIGITS
    }

    /// A currency with the decimals of the case: its codes are stand-ins, its decimals are not. A unit finer than any is the major
    /// unit of one without decimals.
    pub fn currency(&self) -> &'static str {
        match self.unit_digits {
            2 => "EUR",
            3 => "KWD",
            _ => "JPY",
        }
    }

    /// A price as the engine reads it.
    pub fn price(&self, price: Exact) -> Result<String, Gap> {
        let scaled = if self.is_fine() { price.scaled(Self::FINE_DIGITS) } else { Some(price) };
        // The engine's prices have nine decimals.
        let text = scaled.ok_or_else(|| Gap::not_covered("a price as large as this"))?.to_string();
        let kept = text.find('.').map_or(text.len(), |dot| text.len().min(dot + 10));
        Ok(text[..kept].to_owned())
    }

    pub fn prices_include_tax(&self) -> bool {
        self.value["prices_include_tax"] == Value::Bool(true)
    }

    /// The amount under `key`: minor units if `<key>_minor` is there, else major units.
    pub fn amount(&self, object: &Value, key: &str) -> Result<Option<Exact>, Gap> {
        let wrong = || Gap::malformed(format!("{key} is not an amount"));
        match (&object[format!("{key}_minor")], &object[key]) {
            (Value::Null, Value::Null) => Ok(None),
            (Value::Null, major) => Exact::from_json(major).ok_or_else(wrong).map(Some),
            (minor, _) => Exact::from_minor_json(minor, self.digits).ok_or_else(wrong).map(Some),
        }
    }

    pub fn required(&self, object: &Value, key: &str) -> Result<Exact, Gap> {
        self.amount(object, key)?.ok_or_else(|| Gap::malformed(format!("no {key}")))
    }

    /// An amount that the engine takes in whole minor units.
    pub fn minor(&self, object: &Value, key: &str) -> Result<i64, Gap> {
        self.units(self.required(object, key)?)
            .ok_or_else(|| Gap::not_covered(format!("{key} finer than the minor unit")))
    }

    /// An amount in whole units of the engine.
    pub fn units(&self, amount: Exact) -> Option<i64> {
        amount.minor(self.unit_digits)
    }

    /// A list of amounts.
    pub fn amounts(&self, object: &Value, key: &str) -> Result<Vec<Exact>, Gap> {
        let wrong = || Gap::malformed(format!("{key} holds other things than amounts"));
        let minor = format!("{key}_minor");
        if object[&minor].is_array() {
            let list = rows(object, &minor)?.iter();
            return list
                .map(|it| Exact::from_minor_json(it, self.digits).ok_or_else(wrong))
                .collect();
        }
        rows(object, key)?.iter().map(|it| Exact::from_json(it).ok_or_else(wrong)).collect()
    }

    pub fn tolerance(&self) -> Option<Exact> {
        Exact::from_json(&self.value["tolerance"])
    }
}

/// The rows of a list; none if it is not there.
pub fn rows<'a>(object: &'a Value, key: &str) -> Result<&'a [Value], Gap> {
    match &object[key] {
        Value::Null => Ok(&[]),
        Value::Array(rows) => Ok(rows),
        _ => Err(Gap::malformed(format!("{key} is not a list"))),
    }
}

pub fn text<'a>(object: &'a Value, key: &str) -> Result<&'a str, Gap> {
    object[key].as_str().ok_or_else(|| Gap::malformed(format!("no {key}")))
}

pub fn decimal(object: &Value, key: &str) -> Result<Exact, Gap> {
    Exact::from_json(&object[key]).ok_or_else(|| Gap::malformed(format!("{key} is not a decimal")))
}

/// Texts of a list of texts.
pub fn texts<'a>(object: &'a Value, key: &str) -> Result<Vec<&'a str>, Gap> {
    let wrong = || Gap::malformed(format!("{key} holds other things than texts"));
    rows(object, key)?.iter().map(|text| text.as_str().ok_or_else(wrong)).collect()
}

/// Refuses an object with a field that the translation does not know: it could change the result.
/// `_minor` may stand behind each known field; a field that is `false` or null says nothing.
pub fn only(object: &Value, what: &str, known: &[&str]) -> Result<(), Gap> {
    let fields = match object {
        Value::Null => return Ok(()),
        Value::Object(fields) => fields,
        _ => return Err(Gap::malformed(format!("{what} is not an object"))),
    };
    for (field, value) in fields {
        let name = field.strip_suffix("_minor").unwrap_or(field);
        let silent = matches!(value, Value::Null | Value::Bool(false));
        if !silent && !known.contains(&name) {
            return Err(Gap::not_covered(format!("{what} {name}")));
        }
    }
    Ok(())
}

/// Milliseconds since the epoch of `2024-06-14` or `2024-06-14T12:00:00Z`.
pub fn time_ms(text: &str) -> Result<i64, Gap> {
    let parse = || -> Option<i64> {
        let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
        let numbers = |text: &str, separator| {
            text.split(separator).map(|part| part.parse::<i64>().ok()).collect::<Option<Vec<_>>>()
        };
        let [year, month, day] = numbers(date, '-')?[..] else { return None };
        let [hour, minute, second] = numbers(time.strip_suffix('Z')?, ':')?[..] else {
            return None;
        };
        if !(1900..2200).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        // Days since 1970-01-01, with years that begin in March.
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * month + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000)
    };
    parse().ok_or_else(|| Gap::not_covered("a time that is not of the form 2024-06-14T12:00:00Z"))
}
