//! What is refused, where and in which words; and what is written.

use core::fmt::Debug;

use super::{super::*, samples::RULESET};
use crate::{
    draft::Draft,
    issue::Language,
    order::Event,
    replica::Series,
    ruleset::{Effect, Ruleset},
};

#[track_caller]
fn refuses(text: &str, path: &str, reason: &str) {
    refused::<Draft>(text, path, reason);
}

#[track_caller]
fn refused<T: FromJson + Debug>(text: &str, path: &str, reason: &str) {
    let issue = read::<T>(text.as_bytes()).unwrap_err();
    assert_eq!((issue.code, issue.path.as_str()), (Code::ShapeInvalid, path), "{text}");
    let found = issue.message(Language::English);
    assert!(found.contains(reason), "{text}: {found}");
}

#[test]
fn names_the_place_of_what_is_wrong() {
    refuses(r#"{"lines":[{"quantity":1.5}]}"#, "/lines/0/quantity", "written as a string");
    refuses(
        "{\n \"lines\": [ {},\n {\"sku\":\"中文\", \"unitPrice\" : 12 } ] }",
        "/lines/1/unitPrice",
        "such as \"12.50\"",
    );
    refuses(r#"{"lines":[],"colour":"red"}"#, "/colour", "unknown field `colour`");
    refuses(r#"{"details":{"customer":{"nom":"x"}}}"#, "/details/customer/nom", "unknown field");
    refuses(r#"{"details":{},"lines":7}"#, "/lines", "expected an array");
    refuses(r#"{"details":[]}"#, "/details", "invalid type: array");
    refuses(r#"{"adjustments":[{"amountMinor":5}]}"#, "/adjustments/0", "missing field `kind`");
    refuses(r#"{"a/b~c":1}"#, "/a~1b~0c", "unknown field");
    refuses(r#"{"prepaidMinor":9007199254740992}"#, "/prepaidMinor", "2^53 - 1");
    refuses(r#"[1]"#, "", "invalid type: array");
    refuses("null", "", "invalid type: null");
    refuses(r#"{"currency":"EURO"}"#, "/currency", "ISO 4217");
}

#[test]
fn names_what_is_wrong_with_a_field() {
    refuses(r#"{"lines":[],"lines":[]}"#, "/lines", "duplicate field `lines`");
    refuses(r#"{"lines":[7,1.0]}"#, "/lines/0", "integer `7`, expected an object");
    refuses(r#"{"lines":[{"sku":true}]}"#, "/lines/0/sku", "boolean `true`, expected a text");
    refuses(r#"{"details":{"note":{}}}"#, "/details/note", "invalid type: object");
    let kind = |value: &str| format!(r#"{{"adjustments":[{{"kind":{value}}}]}}"#);
    let place = "/adjustments/0/kind";
    refuses(&kind("\"tip\""), place, "unknown variant `tip`, expected `allowance` or `charge`");
    refuses(&kind("3"), place, "integer `3`, expected `allowance` or `charge`");
    let series = |last: &str| format!(r#"{{"period":"1","last":{last}}}"#);
    refused::<Series>(&series("-1"), "/last", "integer `-1`, expected a whole number from 0");
    refused::<Series>(&series("18446744073709551616"), "/last", "invalid value: integer `184");
    refused::<Series>(&series("1e3"), "/last", "floating point `1e3`");
}

#[test]
fn names_what_is_wrong_with_a_variant() {
    let wrong = refused::<Effect>;
    wrong(r#"{"percent":"1"}"#, "", "missing field `kind`");
    wrong(r#"{"percent":"1","kind":"free"}"#, "/kind", "unknown variant `free`, expected one of");
    wrong(r#"{"kind":"lineFixed","amountMinor":1}"#, "", "missing field `per`");
    wrong(r#"{"per":"line","kind":"orderFixed"}"#, "/per", "unknown field `per`");
    wrong(r#"{"kind":"orderFixed","kind":"orderFixed"}"#, "/kind", "duplicate field `kind`");
    wrong(r#"{"kind":null}"#, "/kind", "invalid type: null");
    let wrong = refused::<Event>;
    wrong(r#""confirmed""#, "", "this variant needs its content");
    wrong("{}", "", "without the name of a variant");
    wrong(r#"{"lost":{}}"#, "/lost", "unknown variant `lost`");
    wrong(r#"{"delivered":{}}"#, "/delivered", "missing field `shipment`");
    wrong(r#"{"confirmed":{},"completed":{}}"#, "/completed", "only one variant");
}

#[test]
fn a_tag_may_stand_anywhere() {
    let first: Effect = read(br#"{"kind":"lineFixed","amountMinor":1,"per":"line"}"#).unwrap();
    let last = br#"{"amountMinor":1,"per":"line","kind":"lineFixed"}"#;
    assert_eq!(read::<Effect>(last).unwrap(), first);
}

#[test]
fn what_is_missing_has_its_own_default() {
    let ruleset: Ruleset = read(RULESET.as_bytes()).unwrap();
    assert_eq!(ruleset.numbering.orders_per_day, 1_000);
    assert_eq!(
        (ruleset.workflow.return_window_days, ruleset.workflow.price_grace_ms),
        (7, 86_400_000)
    );
    let least: Ruleset = read(br#"{"version":"1","name":{"en":"x"},"currency":"EUR","homeCountry":"DE","priceBasis":"taxExclusive"}"#).unwrap();
    assert_eq!(least.numbering, crate::ruleset::Numbering::default());
}

#[test]
fn malformed_numbers_are_no_json_even_where_nobody_looks() {
    let with =
        |number: &str| format!(r#"{{"code":"unknown","path":"","args":{{}},"more":[{number}]}}"#);
    for number in ["1", "-0.5", "1e400", "10.25E-3"] {
        read::<Issue>(with(number).as_bytes()).unwrap();
    }
    for number in ["1.", "01", "-", "1e", "1.2.3", "--1", "1e+", ".5", "+1"] {
        let issue = read::<Issue>(with(number).as_bytes()).unwrap_err();
        assert_eq!(issue.code, Code::JsonMalformed, "{number}");
    }
}

#[test]
fn a_byte_order_mark_is_told() {
    let issue = read::<Draft>("\u{feff}{}".as_bytes()).unwrap_err();
    assert!(issue.message(Language::English).contains("byte order mark"));
}

#[test]
fn canonical_form_sorts_inside_of_what_it_sorts() {
    let rows: [(&[u8], &str); 4] = [
        (
            br#"{"b": {"d": [{"y": 1, "x": "\u00e9\n"}], "c": {}}, "a": -0}"#,
            r#"{"a":0,"b":{"c":{},"d":[{"x":"é\n","y":1}]}}"#,
        ),
        (br#"{"a": 1, "b": {"a": 2, "b": 3}}"#, r#"{"a":1,"b":{"a":2,"b":3}}"#),
        // Digests were made over both members of one name, the later one first.
        (br#"{"b": 1, "a": 2, "b": 3}"#, r#"{"a":2,"b":3,"b":1}"#),
        (br#"{"a": 1, "a": 2}"#, r#"{"a":2,"a":1}"#),
    ];
    for (text, expected) in rows {
        assert_eq!(String::from_utf8(canonical(text).unwrap()).unwrap(), expected);
    }
}

#[test]
fn canonical_form_sorts_keys_and_drops_white_space() {
    let text = br#" { "b" : [ 1 , -2, {"z":null,"a":true} ], "a":"\u00e9\n\u001f", "c":{} } "#;
    let canonical = canonical(text).unwrap();
    let expected = "{\"a\":\"é\\n\\u001f\",\"b\":[1,-2,{\"a\":true,\"z\":null}],\"c\":{}}";
    assert_eq!(String::from_utf8(canonical).unwrap(), expected);
    assert_eq!(super::super::canonical(b"[1.5]").unwrap_err().path, "/0");
    assert_eq!(super::super::canonical(b"[1,]").unwrap_err().code, Code::JsonMalformed);
}

#[test]
fn tells_text_that_is_not_json() {
    for text in ["", "{", "{\"lines\":[}", "{} x", "\u{0}", "{\"lines\":[{},]}", "\u{feff}{}"] {
        let issue = read::<Draft>(text.as_bytes()).unwrap_err();
        assert_eq!(issue.code, Code::JsonMalformed, "{text}");
    }
    let issue = read::<Draft>(b"{\n  \"lines\" []}").unwrap_err();
    let message = issue.message(Language::English);
    assert!(message.contains("expected a colon after a key (line 2, column 11)"), "{message}");
}

#[test]
fn raw_values_stay_as_they_are() {
    let text = r#"{"n":1,"id":"00000000-0000-0000-0000-000000000001","order":"00000000-0000-0000-0000-000000000002","kind":"x@1","base":0,"atMs":-5,"args":{ "a" : [1, "\n"] }}"#;
    let envelope: crate::command::Envelope = read(text.as_bytes()).unwrap();
    assert_eq!(envelope.args.get(), r#"{ "a" : [1, "\n"] }"#);
    assert_eq!(String::from_utf8(write(&envelope)).unwrap(), text);
    assert_eq!(serde_json::to_string(&envelope).unwrap(), text);
}

#[test]
fn texts_of_every_length_are_written_whole() {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for length in 0..=letters.len() {
        let text = &letters[..length];
        let twice = [text, &format!("{text}\n{text}")];
        assert_eq!(write(&twice), serde_json::to_vec(&twice).unwrap());
    }
}
