//! The reader against `serde_json`, and the words of its refusals.

use core::fmt::Debug;
use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::*;
use crate::{
    command::{Envelope, Place, Ship},
    context::Context,
    draft::Draft,
    issue::Language,
    order::{Event, OrderLog},
    replica::{OutboxRecord, Position, ProposalInputs, Query, Series, protocol::SyncResponse},
    ruleset::{Effect, Rules, Ruleset},
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
fn canonical_form_sorts_keys_and_drops_white_space() {
    let text = br#" { "b" : [ 1 , -2, {"z":null,"a":true} ], "a":"\u00e9\n\u001f", "c":{} } "#;
    let canonical = canonical(text).unwrap();
    let expected = "{\"a\":\"é\\n\\u001f\",\"b\":[1,-2,{\"a\":true,\"z\":null}],\"c\":{}}";
    assert_eq!(String::from_utf8(canonical).unwrap(), expected);
    assert_eq!(super::canonical(b"[1.5]").unwrap_err().path, "/0");
    assert_eq!(super::canonical(b"[1,]").unwrap_err().code, Code::JsonMalformed);
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

/// JSON text of drafts, right and wrong, with white space and escapes.
fn documents() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-z\"\\\\/\\PC]{0,6}",
        Just("\u{1f600}\n\t".to_owned()),
        Just("12.50".to_owned()),
    ];
    let scalar = prop_oneof![
        text.prop_map(|text| serde_json::to_string(&text).unwrap()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| serde_json::to_string(&number).unwrap()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("\"\\ud83d\\ude00\\u00e9\"".to_owned()),
    ];
    let key = prop_oneof![
        Just("lines"),
        Just("sku"),
        Just("quantity"),
        Just("details"),
        Just("customer"),
        Just("name"),
        Just("street"),
        Just("country"),
        Just("couponCodes"),
        Just("adjustments"),
        Just("kind"),
        Just("prepaidMinor"),
        Just("unknown"),
    ];
    scalar.prop_recursive(5, 40, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[ {} ]", items.join(" ,"))),
            prop::collection::vec((key.clone(), inner), 0..4).prop_map(|members| {
                let members = members.iter().map(|(key, value)| format!("\"{key}\" :{value}"));
                format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

/// A ruleset with every kind of effect.
const RULESET: &str = r#"{"version":"1","name":{"en":"Shop","zh":"店"},"currency":"EUR","homeCountry":"DE",
"priceBasis":"taxInclusive","priceSource":"draft","rounding":{"level":"line","mode":"halfEven"},
"timeZone":{"name":"Europe/Berlin","offsetMinutes":60,"transitions":[{"fromMs":1,"offsetMinutes":-90}]},
"products":[{"sku":"TEA","name":{"en":"Tea"},"unitPrice":"2.50","taxClass":"books","quantityStep":"0.1"}],
"promotions":[
{"id":"a","name":{"en":"A"},"priority":-1,"couponCodes":["A"],"startsMs":-5,"effect":{"kind":"linePercentage","percent":"5"}},
{"id":"b","name":{"en":"B"},"effect":{"amountMinor":5,"kind":"lineFixed","per":"unit"}},
{"id":"c","name":{"en":"C"},"effect":{"percent":"5","maximumMinor":9,"kind":"orderPercentage"}},
{"id":"d","name":{"en":"D"},"effect":{"kind":"orderFixed","amountMinor":7}},
{"id":"e","name":{"en":"E"},"effect":{"kind":"spendTiers","tiers":[{"spendMinor":9,"saveMinor":1}]}},
{"id":"f","name":{"en":"F"},"target":{"skus":["TEA"]},"when":{"minimumMinor":1,"countries":["DE"]},"limits":{"orderMinor":5,"wholeOnly":true},
"effect":{"get":{"categories":["x"]},"buyQuantity":2,"getQuantity":1,"percent":"100","kind":"buyGet","pick":"listed"}},
{"id":"g","name":{"en":"G"},"effect":{"kind":"gift","skus":["TEA"],"perUnits":3}},
{"id":"h","name":{"en":"H"},"effect":{"parts":[{"target":{"skus":["TEA"]}}],"percent":"5","kind":"bundle"}}],
"priceLists":[{"id":"p","name":{"en":"P"},"prices":[{"sku":"TEA","unitPrice":"1"}]}],
"stacking":{"bestForCustomer":true,"sharing":{"weights":"units"}},"points":{"unitPoints":1,"unitMinor":1,"as":"tender"},
"shippingMethods":[{"id":"post","name":{"en":"Post"},"priceMinor":1,"freeOverBasis":"beforeDiscounts","taxClass":"books"}],
"paymentMethods":[{"id":"card","name":{"en":"Card"},"terms":"onAccount"}],
"taxClasses":[{"id":"books","rules":[{"countries":["DE"],"components":[{"category":"AE","percent":"0"}]}]}],
"numbering":{"pattern":"{date:yyMMdd}-{device:2}{seq:4}{check}"},"workflow":{"returnWindowDays":7}}"#;

const DRAFT: &str = r#"{"currency":"EUR","lines":[{"id":"1","sku":"TEA","quantity":"2","unitPrice":"x","name":{"en":"Tea"},
"taxes":[{"percent":"19"}],"adjustments":[{"kind":"charge","percent":"1","reason":"gift"}]}],
"details":{"customer":{"name":"A","email":"a@b.c"},"shippingAddress":{"street":["S 1"],"city":"B","country":"DE"},
"couponCodes":["A"],"note":null},"prepaidMinor":5}"#;

const CONTEXT: &str = r#"{"nowMs":1,"mayAdjust":true,"adjustmentLimitPercent":"5","customer":{"groups":["gold"],"placedOrders":2,
"taxNumber":{"number":"DE1","valid":true,"checkedMs":1},"exemptions":[{"certificate":"c","taxClasses":["books"]}]},
"uses":[{"rule":"a","count":1}],"stock":[{"sku":"TEA","quantity":"1"}],"giftCards":[{"code":"G","balanceMinor":5}],
"carrierQuotes":[{"method":"post","priceMinor":1,"expiresMs":1}]}"#;

/// A draft that those rules price.
const DRAFTED: &str = r#"{"lines":[{"sku":"TEA","quantity":"2","unitPrice":"9","taxClass":"books"}],"details":{"shippingAddress":{"country":"DE"},"shippingMethod":"post"}}"#;

/// A quote as the engine makes it, with its trace, which is not read.
fn quote() -> String {
    let rules = Rules::from_json(RULESET.as_bytes()).unwrap();
    let draft: Draft = read(DRAFTED.as_bytes()).unwrap();
    let quote = crate::pricing::quote(&draft, &rules, &Context { now_ms: 1, ..Context::default() });
    serde_json::to_string(&quote.unwrap()).unwrap()
}

/// Documents of all that is read, as they should be.
fn samples() -> [String; 10] {
    let (draft, quote) = (DRAFT, quote());
    let id = |n: u8| format!("\"00000000-0000-0000-0000-{n:012}\"");
    let place = format!(
        r#"{{"draft":{draft},"number":"A-1","expect":{{"totalMinor":200,"rulesetDigest":"d"}}}}"#
    );
    let envelope = format!(
        r#"{{"n":1,"id":{},"order":{},"kind":"place@1","base":0,"atMs":-5,"args":{place}}}"#,
        id(1),
        id(2),
    );
    let by = r#"{"user":"u","role":"staff"}"#;
    let placed = format!(
        r#"{{"placed":{{"number":"A-1","draft":{draft},"quote":{quote},"paymentTerms":"onDelivery"}}}}"#
    );
    let imported = format!(
        r#"{{"imported":{{"number":"7","import":{{"source":"s","kind":"sale","exactTotal":"1","findings":[{{"class":"c","lines":1}}]}},"draft":{draft},"quote":{quote}}}}}"#
    );
    let events = [
        placed.as_str(),
        &imported,
        r#"{"paymentRecorded":{"payment":{"id":"p","kind":"refund","method":"card","amountMinor":5}}}"#,
        r#"{"confirmed":{}}"#,
        r#"{"shipped":{"shipment":{"id":"s","lines":[{"line":"1","quantity":"1"}],"tracking":"t","shippedMs":3}}}"#,
        r#"{"delivered":{"shipment":"s"}}"#,
        r#"{"completed":{}}"#,
        r#"{"canceled":{"reason":"r"}}"#,
    ];
    let records = events
        .map(|event| format!(r#"{{"atMs":1,"by":{by},"command":{},"event":{event}}}"#, id(3)));
    let log = format!(r#"{{"id":{},"events":[{}]}}"#, id(2), records.join(","));
    let issue = r#"{"code":"quantity_too_large","path":"/x","args":{"maximum":10,"word":"w"},"more":[1.5,{}]}"#;
    let result = format!(r#"{{"n":1,"id":{},"verdict":"rejected","issues":[{issue}]}}"#, id(1));
    [
        RULESET.to_owned(),
        place,
        log.clone(),
        format!(
            r#"{{"v":1,"epoch":"e","timeMs":1,"processed":1,"device":"D","results":[{result}],"changes":[{{"seq":1,"order":{log}}},{{"seq":2,"gone":{}}}],"next":2,"more":false,"ruleset":{{"a" : 1}},"digest":{{"upto":1,"orders":1,"hash":"00"}},"later":[null]}}"#,
            id(4)
        ),
        format!(r#"{{"n":1,"command":{envelope},"shown":{placed},"verdict":{result}}}"#),
        format!(
            r#"{{"client":{},"actor":{by},"device":"D","since":{{"epoch":"e","seq":1}},"ack":3}}"#,
            id(5)
        ),
        format!(
            r#"{{"n":1,"id":{},"order":{},"kind":"ship@1","args":{{}},"atMs":1,"series":{{"period":"1","last":4}},"random":[1,255]}}"#,
            id(1),
            id(2)
        ),
        r#"{"summaries":["inTransit"],"text":"a","offset":1,"limit":2}"#.to_owned(),
        r#"{"shipment":"s","lines":[{"line":"1","quantity":"1"}],"carrier":"c"}"#.to_owned(),
        CONTEXT.to_owned(),
    ]
}

/// The same value or a refusal by both, but for one thing: `serde_json` also takes an array in
/// place of a struct, its fields by position.
fn reads_alike<T: FromJson + DeserializeOwned + Debug>(text: &[u8]) -> Result<(), TestCaseError> {
    let shown = |value: T| format!("{value:?}");
    match (read::<T>(text), serde_json::from_slice::<T>(text)) {
        (Err(issue), Ok(_)) => {
            let message = issue.message(Language::English);
            prop_assert!(message.contains("invalid type: array"), "{}", message);
        }
        (ours, theirs) => prop_assert_eq!(ours.ok().map(shown), theirs.ok().map(shown)),
    }
    Ok(())
}

/// The same value or a refusal by both, and the same text of that value.
fn agrees<T>(text: &[u8]) -> Result<(), TestCaseError>
where
    T: FromJson + ToJson + DeserializeOwned + Serialize + Debug,
{
    reads_alike::<T>(text)?;
    if let Ok(value) = read::<T>(text) {
        prop_assert_eq!(write(&value), serde_json::to_vec(&value).unwrap());
    }
    Ok(())
}

/// [`agrees`] for the type of the sample of that position.
fn agrees_as(sample: usize, text: &[u8]) -> Result<(), TestCaseError> {
    let checks = [
        agrees::<Ruleset>,
        agrees::<Place>,
        agrees::<OrderLog>,
        agrees::<SyncResponse>,
        agrees::<OutboxRecord>,
        agrees::<Position>,
        reads_alike::<ProposalInputs>,
        reads_alike::<Query>,
        agrees::<Ship>,
        agrees::<Context>,
    ];
    checks[sample](text)
}

#[test]
fn a_quote_is_written_with_its_trace() {
    let rules = Rules::from_json(RULESET.as_bytes()).unwrap();
    let draft: Draft = read(DRAFTED.as_bytes()).unwrap();
    let context = Context { now_ms: 1, ..Context::default() };
    let quote = crate::pricing::quote(&draft, &rules, &context).unwrap();
    assert!(quote.trace.len() > 2);
    assert_eq!(write(&quote), serde_json::to_vec(&quote).unwrap());
}

/// One of each attribute and form that the derives know.
#[derive(Debug, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Forms {
    #[serde(rename = "type")]
    kind: Kebab,
    #[serde(default = "seven", skip_serializing_if = "is_seven")]
    number_of: i32,
    #[serde(skip)]
    unseen: u8,
    #[serde(default, skip_serializing)]
    only_read: bool,
    nested: Option<Box<Forms>>,
    #[serde(default)]
    list: Vec<Vec<Wrapped>>,
    #[serde(default)]
    by_name: BTreeMap<String, Usual>,
    outside: Outside,
    inside: Inside,
}

fn seven() -> i32 {
    7
}

fn is_seven(number: &i32) -> bool {
    *number == 7
}

#[derive(Debug, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "kebab-case")]
enum Kebab {
    FirstOne,
    #[serde(rename = "2nd")]
    SecondOne,
}

#[derive(Debug, Serialize, Deserialize, FromJson, ToJson)]
struct Wrapped(u16);

#[derive(Debug, Serialize, Deserialize, FromJson, ToJson)]
#[serde(default)]
struct Usual {
    texts: Vec<String>,
    number: usize,
}

impl Default for Usual {
    fn default() -> Self {
        Self { texts: vec!["usual".to_owned()], number: 3 }
    }
}

#[derive(Debug, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Outside {
    Nothing,
    OneValue(Vec<i64>),
    SomeFields { first_field: String, index: Option<u32> },
}

#[derive(Debug, Serialize, Deserialize, FromJson, ToJson)]
#[serde(tag = "is", rename_all = "lowercase")]
enum Inside {
    Plain,
    Full {
        reader: Option<Usual>,
        #[serde(default = "seven")]
        value: i32,
    },
}

#[derive(Serialize, ToJson)]
#[serde(untagged)]
enum Either<'a> {
    Number(u64),
    Text(&'a str),
    Fields { left: bool, right: [u8; 2] },
}

#[test]
fn the_derives_know_the_attributes_in_use() {
    let least = r#"{"type":"first-one","outside":"nothing","inside":{"is":"plain"}}"#;
    let most = r#"{"type":"2nd","numberOf":-8,"onlyRead":true,"nested":LEAST,"list":[[1,2],[],[3]],
        "byName":{"a":{},"b":{"texts":["x"],"number":1}},
        "outside":{"some_fields":{"index":null,"firstField":"f"}},"inside":{"reader":{"number":0},"is":"full"}}"#;
    let most = most.replace("LEAST", least);
    let forms: Forms = read(most.as_bytes()).unwrap();
    assert_eq!((forms.unseen, forms.only_read, forms.nested.unwrap().number_of), (0, true, 7));
    let wrong = most.replace("numberOf", "number_of");
    let value =
        most.replace(r#"{"some_fields":{"index":null,"firstField":"f"}}"#, r#"{"one_value":[-1]}"#);
    for text in [least, &most, &wrong, &value, &most.replace("1,2", "65536")] {
        agrees::<Forms>(text.as_bytes()).unwrap();
    }
    let either =
        [Either::Number(1), Either::Text("t"), Either::Fields { left: true, right: [0, 1] }];
    assert_eq!(write(&either), serde_json::to_vec(&either).unwrap());
}

#[test]
fn the_samples_are_read() {
    for (at, sample) in samples().iter().enumerate() {
        agrees_as(at, sample.as_bytes()).unwrap();
    }
    read::<Ruleset>(samples()[0].as_bytes()).unwrap();
    read::<Place>(samples()[1].as_bytes()).unwrap();
    read::<OrderLog>(samples()[2].as_bytes()).unwrap();
    read::<SyncResponse>(samples()[3].as_bytes()).unwrap();
    let record: OutboxRecord = read(samples()[4].as_bytes()).unwrap();
    read::<Envelope>(&write(&record.command)).unwrap();
    read::<Position>(samples()[5].as_bytes()).unwrap();
    read::<ProposalInputs>(samples()[6].as_bytes()).unwrap();
    read::<Query>(samples()[7].as_bytes()).unwrap();
    read::<Ship>(samples()[8].as_bytes()).unwrap();
    read::<Context>(samples()[9].as_bytes()).unwrap();
}

/// One change somewhere in a document.
#[derive(Clone, Debug)]
enum Change {
    Value(&'static str),
    Drop,
    Twice,
    Rename(&'static str),
    ToTheEnd,
}

fn changes() -> impl Strategy<Value = Change> {
    let value = prop::sample::select(
        &[
            "null",
            "true",
            "7",
            "-7",
            "1.5",
            "300",
            "5000000000",
            "9007199254740992",
            "18446744073709551616",
            "\"\"",
            "\"12.5\"",
            "\"line\"",
            "\"\\u00e9\"",
            "{}",
            "[]",
            "[{}]",
            "{\"a\":1}",
            "{\"confirmed\":{}}",
            "01",
        ][..],
    );
    let name =
        prop::sample::select(&["kind", "id", "percent", "amountMinor", "placed", "lines", "x"][..]);
    prop_oneof![
        value.prop_map(Change::Value),
        Just(Change::Drop),
        Just(Change::Twice),
        name.prop_map(Change::Rename),
        Just(Change::ToTheEnd),
    ]
}

/// Counts down to the place of a change.
fn due(left: &mut usize) -> bool {
    let hit = *left == 0;
    *left = left.wrapping_sub(1);
    hit
}

/// A document as text, with a change in the item or member that is `left` places ahead.
fn changed(value: &Value, change: &Change, left: &mut usize) -> String {
    let mut texts = Vec::new();
    match value {
        Value::Array(items) => {
            for item in items {
                let hit = due(left).then_some(change);
                let text = changed(item, change, left);
                put(&mut texts, hit, "", text);
            }
            format!("[{}]", texts.join(" ,"))
        }
        Value::Object(members) => {
            let mut moved = None;
            for (key, value) in members {
                let hit = due(left).then_some(change);
                let text = changed(value, change, left);
                if matches!(hit, Some(Change::ToTheEnd)) {
                    moved = Some(format!("\"{key}\":{text}"));
                } else {
                    put(&mut texts, hit, key, text);
                }
            }
            texts.extend(moved);
            format!("{{{}}}", texts.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn put(texts: &mut Vec<String>, change: Option<&Change>, key: &str, text: String) {
    let named = |name: &str, text: &str| {
        if key.is_empty() { text.to_owned() } else { format!("\"{name}\" : {text}") }
    };
    match change {
        Some(Change::Drop) => {}
        Some(Change::Value(value)) => texts.push(named(key, value)),
        Some(Change::Twice) => texts.extend([named(key, &text), named(key, &text)]),
        Some(Change::Rename(name)) => texts.push(named(name, &text)),
        Some(Change::ToTheEnd) | None => texts.push(named(key, &text)),
    }
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_drafts(text in documents()) {
        agrees::<Draft>(text.as_bytes())?;
    }

    #[test]
    fn cut_and_changed_text_never_panics(text in documents(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        let _ = read::<Draft>(&bytes[..at]);
        bytes[at] = byte;
        agrees::<Draft>(&bytes)?;
    }

    #[test]
    fn agrees_with_serde_json_on_all_that_is_read(
        sample in 0_usize..10, first in changes(), second in changes(), at in 0_usize..200, then in 0_usize..200,
    ) {
        let samples = samples();
        let value: Value = serde_json::from_str(&samples[sample]).unwrap();
        let once = changed(&value, &first, &mut { at });
        agrees_as(sample, once.as_bytes())?;
        if let Ok(value) = serde_json::from_str::<Value>(&once) {
            agrees_as(sample, changed(&value, &second, &mut { then }).as_bytes())?;
        }
    }
}
