//! The test cases that nobody here wrote. `make vectors` prints the same as a table.

mod vectors_runner;

use std::{collections::BTreeSet, fs};

use orderkit::{Context, Rules, api};
use serde_json::{Value, json};

use vectors_runner::{
    claims,
    en16931::checker::broken_rules,
    engine::Engine,
    folder, one,
    outcome::{Gap, Row},
    own_folder, run,
};

fn documents() -> Vec<Value> {
    let text = fs::read_to_string(own_folder().join("en16931/cases.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn run_one(case: &Value) -> Row {
    one(case, "test", 0, &BTreeSet::new(), &Engine::default())
}

#[test]
fn what_is_claimed_is_reproduced() {
    let report = run(&folder(), &claims().unwrap(), &Engine::default()).unwrap();
    let failed: Vec<&str> = report.regressions().iter().map(|row| row.id.as_str()).collect();
    let (table, reasons) = (report.table(), report.reasons(true));
    assert!(failed.is_empty(), "no longer reproduced: {failed:#?}\n{table}\n{reasons}");
    assert!(report.reproduced() > 0, "no case was run\n{table}");
}

#[test]
fn every_claim_names_a_case() {
    let claims = claims().unwrap();
    let report = run(&own_folder(), &claims, &Engine::default()).unwrap();
    assert_eq!(report.missing(&claims), [""; 0]);
}

#[test]
fn the_same_call_gives_the_same_bytes() {
    let engine = Engine::default();
    run(&own_folder(), &BTreeSet::new(), &engine).unwrap();
    for call in engine.calls() {
        let rules = Rules::from_json(call.ruleset.as_bytes()).unwrap();
        let context: Context = orderkit::json::read(call.context.as_bytes()).unwrap();
        let again = api::quote(&rules, call.draft.as_bytes(), &context);
        assert_eq!(String::from_utf8(again).unwrap(), call.answer);
    }
}

#[test]
fn documents_that_add_up_break_no_rule() {
    let engine = Engine::default();
    for case in documents().iter().filter(|case| case["level"] == "full") {
        let broken = broken_rules(case, &engine).unwrap();
        assert_eq!(broken, [""; 0], "{}", case["id"]);
    }
}

/// Orders state a tax total without a breakdown, or no tax at all.
#[test]
fn an_invoice_told_as_an_order_adds_up() {
    for mut case in documents().into_iter().filter(|case| case["exact"] == true) {
        case["kind"] = json!("order");
        case["vat_breakdown"] = json!([]);
        let row = run_one(&case);
        assert!(row.outcome.is_ok(), "{}: {:?}", row.id, row.outcome);

        // As an input the tax total may be anything; the sums follow it.
        case["tax_total_is_input"] = json!(true);
        let row = run_one(&case);
        assert!(row.outcome.is_ok(), "{}: {:?}", row.id, row.outcome);

        case["tax_total"] = json!("123456.78");
        assert!(matches!(run_one(&case).outcome, Err(Gap::Differs(_))), "{}", row.id);
    }
}

#[test]
fn a_wrong_figure_is_noticed() {
    for case in documents().iter().filter(|case| case["exact"] == true) {
        for key in ["line_extension_amount", "tax_exclusive_amount", "payable_amount"] {
            let mut wrong = case.clone();
            wrong["totals"][key] = json!("0.01");
            assert!(
                matches!(run_one(&wrong).outcome, Err(Gap::Differs(_))),
                "{} {key}",
                case["id"]
            );
        }
    }
}

/// Whatever is missing or of another type: the case is judged or called malformed, never a panic.
#[test]
fn mangled_cases_are_reported() {
    let mut cases = documents();
    for entry in fs::read_dir(own_folder().join("peers")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            cases.extend(file.as_array().unwrap().iter().cloned());
        }
    }
    // Every ninth is enough: the fields are the same.
    for case in cases.iter().step_by(9) {
        for pointer in pointers(case) {
            for other in [json!(null), json!("x"), json!([{}]), json!({"a": 1}), json!(-9e15)] {
                let mut mangled = case.clone();
                *mangled.pointer_mut(&pointer).unwrap() = other;
                let _ = run_one(&mangled);
            }
        }
    }
    for case in
        [json!(null), json!([]), json!(1), json!({"id": "x"}), json!({"id": "x", "rule": "y"})]
    {
        assert!(run_one(&case).outcome.is_err());
    }
}

/// The pointers of all values in a case.
fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, field)| (key.clone(), field)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(at, it)| (at.to_string(), it)).collect()
        }
        _ => Vec::new(),
    };
    let below = children.into_iter().flat_map(|(key, child)| {
        let deeper = pointers(child).into_iter().map(move |pointer| format!("/{key}{pointer}"));
        deeper.collect::<Vec<_>>()
    });
    std::iter::once(String::new()).chain(below).collect()
}
