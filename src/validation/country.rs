//! Countries and the form of their postcodes.
//!
//! Codes: ISO 3166-1 alpha-2. Postcode forms and use of regions: Universal Postal Union, "Addressing
//! systems" country sheets. In a form, `9` is a digit, `A` a letter, anything else itself.

/// All officially assigned codes.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM \
    BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK \
    DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT \
    GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW \
    KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV \
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA \
    RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ \
    TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Country, accepted forms separated by `|`, and an example. Countries without a row take any
/// postcode or none.
const POSTCODES: &[(&str, &str, &str)] = &[
    ("AT", "9999", "1010"),
    ("AU", "9999", "2000"),
    ("BE", "9999", "1000"),
    ("BG", "9999", "1000"),
    ("BR", "99999-999|99999999", "01310-100"),
    ("CA", "A9A 9A9|A9A9A9", "K1A 0B1"),
    ("CH", "9999", "8001"),
    ("CN", "999999", "100000"),
    ("CY", "9999", "1010"),
    ("CZ", "999 99|99999", "110 00"),
    ("DE", "99999", "10115"),
    ("DK", "9999", "1050"),
    ("EE", "99999", "10111"),
    ("ES", "99999", "28001"),
    ("FI", "99999", "00100"),
    ("FR", "99999", "75001"),
    (
        "GB",
        "A9 9AA|A99 9AA|AA9 9AA|AA99 9AA|A9A 9AA|AA9A 9AA|A99AA|A999AA|AA99AA|AA999AA|A9A9AA|AA9A9AA",
        "SW1A 1AA",
    ),
    ("GR", "999 99|99999", "105 57"),
    ("HR", "99999", "10000"),
    ("HU", "9999", "1011"),
    ("ID", "99999", "10110"),
    (
        "IE",
        "A99 AAAA|A99 A9AA|A99 9AAA|A99 AA9A|A99 AAA9|A99 99AA|A99 9A9A|A99 9AA9|A99 A99A|A99 A9A9|A99 AA99|A99 A999|A99 999A|A99 9999|A9A AAAA",
        "D02 AF30",
    ),
    ("IL", "9999999", "9614303"),
    ("IN", "999999|999 999", "110001"),
    ("IS", "999", "101"),
    ("IT", "99999", "00118"),
    ("JP", "999-9999|9999999", "100-0001"),
    ("KR", "99999", "03051"),
    ("LI", "9999", "9490"),
    ("LT", "99999|LT-99999", "01100"),
    ("LU", "9999|L-9999", "1111"),
    ("LV", "LV-9999|9999", "LV-1050"),
    ("MT", "AAA 9999|AAA9999", "VLT 1117"),
    ("MX", "99999", "06000"),
    ("MY", "99999", "50000"),
    ("NL", "9999 AA|9999AA", "1012 AB"),
    ("NO", "9999", "0150"),
    ("NZ", "9999", "6011"),
    ("PH", "9999", "1000"),
    ("PL", "99-999", "00-001"),
    ("PT", "9999-999", "1100-148"),
    ("RO", "999999", "010011"),
    ("RS", "99999", "11000"),
    ("RU", "999999", "101000"),
    ("SE", "999 99|99999", "111 20"),
    ("SG", "999999", "018956"),
    ("SI", "9999", "1000"),
    ("SK", "999 99|99999", "811 01"),
    ("TH", "99999", "10200"),
    ("TR", "99999", "34000"),
    ("TW", "999|99999|999999", "100"),
    ("UA", "99999", "01001"),
    ("US", "99999|99999-9999", "20500"),
    ("VN", "99999|999999", "10000"),
    ("ZA", "9999", "0001"),
];

/// Countries whose addresses need the state, province or prefecture.
const WITH_REGION: &str = "AU BR CA CN ID IN JP MX MY US";

/// Whether the code is assigned.
pub(super) fn is_country(code: &str) -> bool {
    CODES.split_ascii_whitespace().any(|known| known == code)
}

/// Whether addresses there need a region.
pub(super) fn needs_region(code: &str) -> bool {
    WITH_REGION.split_ascii_whitespace().any(|known| known == code)
}

/// The accepted forms of the postcode and an example, where the form is known.
pub(super) fn postcode(code: &str) -> Option<(&'static str, &'static str)> {
    let row = POSTCODES.binary_search_by(|row| row.0.cmp(code)).ok()?;
    POSTCODES.get(row).map(|row| (row.1, row.2))
}

/// Whether a text has one of the forms. Case does not matter.
pub(super) fn has_form(text: &str, forms: &str) -> bool {
    forms.split('|').any(|form| {
        form.len() == text.len()
            && form.bytes().zip(text.bytes()).all(|(wanted, found)| match wanted {
                b'9' => found.is_ascii_digit(),
                b'A' => found.is_ascii_alphabetic(),
                other => other.eq_ignore_ascii_case(&found),
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_its_own_form_and_the_table_is_sorted() {
        assert!(POSTCODES.is_sorted_by_key(|row| row.0));
        for (code, forms, example) in POSTCODES {
            assert!(is_country(code), "{code}");
            assert!(has_form(example, forms), "{code} {example}");
        }
        assert_eq!(CODES.split_ascii_whitespace().count(), 249);
    }

    #[test]
    fn forms() {
        let fits = |code, text| has_form(text, postcode(code).unwrap().0);
        assert!(fits("GB", "sw1a 1aa") && fits("GB", "M1 1AE") && !fits("GB", "SW1A"));
        assert!(fits("NL", "1012AB") && !fits("NL", "1012 A"));
        assert!(fits("US", "20500-0001") && !fits("US", "2050"));
        assert!(!fits("CN", "中关村") && !fits("DE", "1011５"));
    }
}
