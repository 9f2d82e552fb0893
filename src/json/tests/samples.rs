//! Documents of all that is read, as they should be.

use proptest::test_runner::TestCaseError;

use super::{super::*, agrees, reads_alike};
use crate::{
    command::{Envelope, Place, Ship},
    context::Context,
    draft::Draft,
    order::OrderLog,
    replica::{AppendInputs, OutboxRecord, Position, Query, protocol::SyncResponse},
    ruleset::{Rules, Ruleset},
};

/// A ruleset with every kind of effect.
pub(super) const RULESET: &str = r#"{"version":"1","name":{"en":"Shop","zh":"店"},"currency":"EUR","homeCountry":"DE",
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
pub(super) fn samples() -> [String; 10] {
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
            r#"{{"id":{},"order":{},"kind":"ship@1","args":{{}},"atMs":1,"random":[1,255]}}"#,
            id(1),
            id(2)
        ),
        r#"{"summaries":["inTransit"],"text":"a","offset":1,"limit":2}"#.to_owned(),
        r#"{"shipment":"s","lines":[{"line":"1","quantity":"1"}],"carrier":"c"}"#.to_owned(),
        CONTEXT.to_owned(),
    ]
}

/// [`agrees`] for the type of the sample of that position.
pub(super) fn agrees_as(sample: usize, text: &[u8]) -> Result<(), TestCaseError> {
    let checks = [
        agrees::<Ruleset>,
        agrees::<Place>,
        agrees::<OrderLog>,
        agrees::<SyncResponse>,
        agrees::<OutboxRecord>,
        agrees::<Position>,
        reads_alike::<AppendInputs>,
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
    read::<AppendInputs>(samples()[6].as_bytes()).unwrap();
    read::<Query>(samples()[7].as_bytes()).unwrap();
    read::<Ship>(samples()[8].as_bytes()).unwrap();
    read::<Context>(samples()[9].as_bytes()).unwrap();
}
