//! Currencies and the number of decimals of their minor unit (ISO 4217).

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::json::{FromJson, Reader, Stop, ToJson, Writer};

/// Active ISO 4217 codes whose minor unit has two decimals.
const TWO_DECIMALS: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD \
    BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL \
    GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD \
    LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK \
    PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS \
    TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
/// Codes without a minor unit in use.
const NO_DECIMALS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Codes with a thousandth as minor unit.
const THREE_DECIMALS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// A currency: its ISO 4217 code and the decimals of its minor unit (0, 2 or 3).
///
/// # Example
///
/// ```
/// use orderkit::Currency;
///
/// assert_eq!(Currency::parse("JPY").unwrap().exponent(), 0);
/// assert_eq!(Currency::parse("EUR").unwrap().exponent(), 2);
/// assert_eq!(Currency::parse("KWD").unwrap().exponent(), 3);
/// assert!(Currency::parse("EURO").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

impl Currency {
    /// The currency of an upper-case ISO 4217 code, or `None` if the code is not an active one
    /// with 0, 2 or 3 decimals.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        let within = |list: &str| list.split_ascii_whitespace().any(|known| known == code);
        let exponent = if within(TWO_DECIMALS) {
            2
        } else if within(NO_DECIMALS) {
            0
        } else if within(THREE_DECIMALS) {
            3
        } else {
            return None;
        };
        Some(Self { code: bytes, exponent })
    }

    /// The three-letter code.
    pub fn code(&self) -> &str {
        // The bytes came out of a `&str` in `parse`, so the fallback is never taken.
        core::str::from_utf8(&self.code).unwrap_or("")
    }

    /// Decimals of the minor unit: 0, 2 or 3.
    pub fn exponent(&self) -> u8 {
        self.exponent
    }

    /// Minor units in one major unit: 1, 100 or 1,000.
    pub fn minor_per_major(&self) -> i64 {
        match self.exponent {
            0 => 1,
            2 => 100,
            _ => 1_000,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl ToJson for Currency {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self.code());
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// What is expected in the place of a currency.
const EXPECTED: &str = "an ISO 4217 currency code such as \"EUR\"";

impl FromJson for Currency {
    fn blank() -> Self {
        // ISO 4217 for "no currency".
        Self { code: *b"XXX", exponent: 0 }
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let text = reader.text(EXPECTED)?;
        *self = Self::parse(&text).ok_or_else(|| reader.invalid_text(&text, EXPECTED))?;
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;
        impl de::Visitor<'_> for Code {
            type Value = Currency;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }
            fn visit_str<E: de::Error>(self, code: &str) -> Result<Currency, E> {
                Currency::parse(code)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(code), &self))
            }
        }
        deserializer.deserialize_str(Code)
    }
}
