//! The attributes and forms that the derives know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{super::*, agrees};

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
