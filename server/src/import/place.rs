//! When and where: local times of the source, and countries by their English names.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// English names of countries as sources write them, with their ISO 3166 codes. Names that stand
/// for no single country (Channel Islands, European Community, Unspecified) have no row.
const COUNTRIES: &[(&str, &str)] = &[
    ("Argentina", "AR"),
    ("Australia", "AU"),
    ("Austria", "AT"),
    ("Bahrain", "BH"),
    ("Belgium", "BE"),
    ("Brazil", "BR"),
    ("Canada", "CA"),
    ("Cyprus", "CY"),
    ("Czech Republic", "CZ"),
    ("Denmark", "DK"),
    ("EIRE", "IE"),
    ("Finland", "FI"),
    ("France", "FR"),
    ("Germany", "DE"),
    ("Greece", "GR"),
    ("Hong Kong", "HK"),
    ("Iceland", "IS"),
    ("Ireland", "IE"),
    ("Israel", "IL"),
    ("Italy", "IT"),
    ("Japan", "JP"),
    ("Lebanon", "LB"),
    ("Lithuania", "LT"),
    ("Malta", "MT"),
    ("Mexico", "MX"),
    ("Netherlands", "NL"),
    ("Norway", "NO"),
    ("Poland", "PL"),
    ("Portugal", "PT"),
    ("RSA", "ZA"),
    ("Saudi Arabia", "SA"),
    ("Singapore", "SG"),
    ("Spain", "ES"),
    ("Sweden", "SE"),
    ("Switzerland", "CH"),
    ("UK", "GB"),
    ("USA", "US"),
    ("United Arab Emirates", "AE"),
    ("United Kingdom", "GB"),
    ("United States", "US"),
    ("Venezuela", "VE"),
];

/// The ISO code of a country that a source names by code or by English name.
pub fn country_code(name: &str) -> Option<&str> {
    if name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase()) {
        // The two-letter names of the table are not codes: the code of the UK is GB.
        return if name == "UK" { Some("GB") } else { Some(name) };
    }
    let row = COUNTRIES.binary_search_by(|row| row.0.cmp(name)).ok()?;
    COUNTRIES.get(row).map(|row| row.1)
}

/// Milliseconds since the epoch of an instant, a local time or a date in `zone`.
///
/// A local time that the autumn change repeats is the earlier one; one that the spring change skips
/// is moved on by the hour that was skipped.
pub fn epoch_ms(text: &str, zone: &TimeZone) -> Result<i64, String> {
    let instant = text.parse::<Timestamp>().map_err(|error| error.to_string());
    let timestamp = instant.or_else(|_| {
        let local: DateTime = text.parse().map_err(|_| wrong(text))?;
        zone.to_ambiguous_timestamp(local).compatible().map_err(|_| wrong(text))
    });
    timestamp.map(Timestamp::as_millisecond)
}

fn wrong(text: &str) -> String {
    format!("placed_at {text:?} is not a date or time such as 2010-12-01T08:26")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_by_name_and_code() {
        assert!(COUNTRIES.is_sorted_by_key(|row| row.0));
        assert_eq!(country_code("EIRE"), Some("IE"));
        assert_eq!(country_code("FR"), Some("FR"));
        assert_eq!(country_code("UK"), Some("GB"));
        for unknown in ["Channel Islands", "European Community", "Unspecified", "", "fr"] {
            assert_eq!(country_code(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn local_times_follow_summer_time() {
        let london = TimeZone::get("Europe/London").unwrap();
        let ms = |text| epoch_ms(text, &london).unwrap();
        assert_eq!(ms("2010-12-01T08:26"), 1_291_191_960_000);
        assert_eq!(ms("2011-06-01T08:26"), 1_306_913_160_000); // an hour east of UTC
        assert_eq!(ms("2017-01-01T15:03:51Z"), 1_483_283_031_000);
        assert_eq!(ms("1996-07-04"), 836_434_800_000);
        assert_eq!(ms("2011-10-30T01:30"), ms("2011-10-30T00:30Z")); // the first of two
        assert_eq!(ms("2011-03-27T01:30"), ms("2011-03-27T01:30Z")); // does not exist: 02:30
        assert!(epoch_ms("yesterday", &london).unwrap_err().contains("2010-12-01T08:26"));
    }
}
