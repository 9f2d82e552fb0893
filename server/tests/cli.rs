//! The command line, run as the binary that people get.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
const GOOD_DRAFT: &str = r#"{"lines":[{"sku":"85123A","quantity":"2"}]}"#;

fn orderkit(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_orderkit"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that does not read its input has closed it by now.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn rows(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn refuses_to_run(args: &[&str], input: &[u8], words: &[&str]) {
    let output = orderkit(args, input);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
    for word in words {
        assert!(error.contains(word), "{args:?}: {word:?} is not in {error:?}");
    }
}

/// A file in a temporary folder that holds `content`.
fn file(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn quote_prices_one_draft_a_line() {
    let output = orderkit(&["quote", "--now-ms", "0"], format!("{GOOD_DRAFT}\n").as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let rows = rows(&output);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].as_object().unwrap().len(), 2, "nothing but the documented object");
    assert_eq!(rows[0]["ok"], json!(true));
    // 2 × 2.95 is 5.90, less 15 % off lights: 0.89.
    assert_eq!(rows[0]["quote"]["totals"]["grossMinor"], json!(501));
}

#[test]
fn quote_says_why_in_the_language_that_is_asked_for() {
    let input = format!("{GOOD_DRAFT}\n").into_bytes();
    let english = orderkit(&["quote", "--now-ms", "0", "--explain"], &input);
    let told = text(&english.stdout);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "White hanging heart T-light holder: 2 × 2.95 GBP = 5.90 GBP.",
            "15 % off lights takes off 0.89 GBP."
        ]
    );
    assert_eq!(lines.last(), Some(&""), "an empty line ends the draft");
    let chinese = orderkit(&["quote", "--now-ms", "0", "--explain", "--lang", "zh"], &input);
    assert!(text(&chinese.stdout).starts_with("白色心形悬挂烛台：2 × 2.95 GBP = 5.90 GBP。"));
}

#[test]
fn a_bad_line_is_named_and_the_rest_goes_on() {
    let float = r#"{"lines":[{"sku":"85123A","quantity":2.5}]}"#;
    let unknown_field = r#"{"lines":[{"sku":"85123A","quantity":"1","colour":"red"}]}"#;
    let unknown_sku = r#"{"lines":[{"sku":"NO","quantity":"1"}]}"#;
    let input = [GOOD_DRAFT, "", "{", float, unknown_field, unknown_sku, GOOD_DRAFT].join("\n");
    let output = orderkit(&["quote", "--lang", "en"], input.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let rows = rows(&output);
    let short: Vec<_> = rows
        .iter()
        .map(|row| {
            let issue = &row["issues"][0];
            (row["line"].as_u64(), issue["code"].as_str(), issue["path"].as_str())
        })
        .collect();
    assert_eq!(
        short,
        [
            (None, None, None),
            (Some(3), Some("json_malformed"), Some("")),
            (Some(4), Some("shape_invalid"), Some("/lines/0/quantity")),
            (Some(5), Some("shape_invalid"), Some("/lines/0/colour")),
            (Some(6), Some("sku_unknown"), Some("/lines/0/sku")),
            (None, None, None),
        ]
    );
    assert_eq!(rows[4]["issues"][0]["message"], json!("Item NO is not sold here."));
    let float = rows[2]["issues"][0]["message"].as_str().unwrap();
    assert!(float.contains("string"), "the remedy: {float}");
}

#[test]
fn sentences_come_in_the_language_that_is_asked_for_or_not_at_all() {
    let input = br#"{"lines":[{"sku":"NO","quantity":"1"}]}"#;
    let chinese = rows(&orderkit(&["quote", "--lang", "zh"], input));
    assert!(chinese[0]["issues"][0]["message"].as_str().unwrap().contains("NO"));
    assert!(!chinese[0]["issues"][0]["message"].as_str().unwrap().contains("Item"));
    let silent = rows(&orderkit(&["quote"], input));
    assert_eq!(silent[0]["issues"][0].get("message"), None);
    assert_eq!(silent[0]["issues"][0]["args"], json!({"sku": "NO"}));
}

#[test]
fn an_endless_line_is_passed_over() {
    let mut input = vec![b' '; 17 * 1024 * 1024];
    input.push(b'\n');
    input.extend_from_slice(GOOD_DRAFT.as_bytes());
    let output = orderkit(&["quote"], &input);
    let rows = rows(&output);
    assert_eq!(rows[0]["issues"][0]["code"], json!("document_too_large"));
    assert_eq!(rows[0]["issues"][0]["args"]["bytes"], json!(17 * 1024 * 1024 + 1));
    assert_eq!(rows[1]["ok"], json!(true));
}

#[test]
fn validate_says_all_that_a_checkout_needs() {
    let output = orderkit(&["validate"], GOOD_DRAFT.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let paths: Vec<String> = rows(&output)[0]["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["path"].as_str().unwrap().to_owned())
        .collect();
    assert!(paths.contains(&"/details/customer/name".to_owned()), "{paths:?}");
    let whole = json!({
        "lines": [{"sku": "85123A", "quantity": "2"}],
        "details": {
            "customer": {"name": "A. Buyer", "email": "buyer@example.org"},
            "shippingAddress": {"street": ["1 High Street"], "city": "London",
                                "postcode": "SW1A 1AA", "country": "GB"},
            "shippingMethod": "standard", "paymentMethod": "card", "couponCodes": ["welcome10"]
        }
    });
    let output = orderkit(&["validate"], whole.to_string().as_bytes());
    assert_eq!(text(&output.stdout), "{\"ok\":true}\n");
    assert_eq!(output.status.code(), Some(0));
    let mut adjusted = whole;
    adjusted["adjustments"] = json!([{"kind": "allowance", "amountMinor": 100}]);
    let input = adjusted.to_string();
    assert_eq!(orderkit(&["validate"], input.as_bytes()).status.code(), Some(1));
    assert_eq!(orderkit(&["validate", "--staff"], input.as_bytes()).status.code(), Some(0));
}

#[test]
fn bad_input_is_a_usage_error_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let broken = file(folder.path(), "broken.json", "{");
    let float = r#"{"version":"1","name":{"en":"S"},"currency":"GBP","homeCountry":"GB",
        "priceBasis":"taxInclusive","products":[{"sku":"A","name":{"en":"A"},"unitPrice":1.5,
        "taxClass":"x"}]}"#;
    let float = file(folder.path(), "float.json", float);
    refuses_to_run(&["quote"], b"", &["standard input", "one JSON draft a line"]);
    refuses_to_run(&["quote"], b"\n \n", &["standard input"]);
    refuses_to_run(&["quote", "--ruleset", "no-such-file.json"], b"", &["no-such-file.json"]);
    refuses_to_run(&["quote", "--ruleset", &broken], b"", &["broken.json", "not valid JSON"]);
    refuses_to_run(
        &["quote", "--ruleset", &float],
        b"",
        &["float.json", "/products/0/unitPrice", "1.5"],
    );
    refuses_to_run(&["quote", "--lang", "fr"], b"", &["fr", "en", "zh"]);
    refuses_to_run(&["price"], b"", &["price"]);
    refuses_to_run(&["lint", "no-such-file.json"], b"", &["no-such-file.json"]);
}

#[test]
fn a_closed_pipe_is_quiet() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_orderkit"))
        .arg("quote")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let line = format!("{GOOD_DRAFT}\n");
    for _ in 0..5_000 {
        if stdin.write_all(line.as_bytes()).is_err() {
            break;
        }
    }
    drop(stdin);
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!((child.wait().unwrap().code(), error.as_str()), (Some(0), ""));
}

#[test]
fn each_line_is_answered_before_the_next_is_waited_for() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_orderkit"))
        .arg("quote")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        stdin.write_all(format!("{GOOD_DRAFT}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        std::io::BufRead::read_line(&mut stdout, &mut answer).unwrap();
        assert!(answer.starts_with(r#"{"ok":true"#), "{answer}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn lint_finds_and_grades() {
    let example = format!("{EXAMPLES}/ruleset.json");
    let output = orderkit(&["lint", &example], b"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).ends_with("0 errors, 0 warnings\n"));
    let shown =
        "WELCOME10, standard: With the coupon delivery costs 3.95 GBP, without it 0.00 GBP.";
    assert!(text(&output.stdout).contains(shown), "the example of a finding");
    let report = &rows(&orderkit(&["lint", &example, "--json"], b""))[0];
    assert_eq!(report["findings"][0]["shows"]["kind"], json!("shippingLost"));
    assert_eq!(report["findings"][0]["example"]["details"]["couponCodes"], json!(["WELCOME10"]));

    let folder = tempfile::tempdir().unwrap();
    let risky = r#"{"version":"1","name":{"en":"S"},"currency":"GBP","homeCountry":"GB",
        "priceBasis":"taxInclusive","numbering":{"pattern":"{date:yyMMdd}{digits:6}"}}"#;
    let risky = file(folder.path(), "risky.json", risky);
    assert_eq!(orderkit(&["lint", &risky], b"").status.code(), Some(0));
    assert_eq!(orderkit(&["lint", &risky, "--strict"], b"").status.code(), Some(1));
    let output = orderkit(&["lint", &risky, "--json", "--lang", "zh"], b"");
    let report = &rows(&output)[0];
    assert_eq!((&report["ok"], &report["warnings"]), (&json!(true), &json!(1)));
    let finding = &report["findings"][0];
    assert_eq!(finding["code"], json!("pattern_collides"));
    assert_eq!(finding["path"], json!("/numbering/pattern"));
    assert!(finding["message"].as_str().unwrap().contains("每天 1000 单时概率为 39.3 %"));

    let broken = file(folder.path(), "broken.json", r#"{"version":"1"}"#);
    let output = orderkit(&["lint", &broken], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("missing field"), "{}", text(&output.stdout));
}

#[test]
fn number_makes_checks_and_explains() {
    let pattern = "{date:yyMMdd}-{device:2}{seq:4}{check}";
    let args = ["number", "--pattern", pattern, "--now-ms", "1764000000000"];
    let output = orderkit(&[&args[..], &["--device", "K7", "--sequence", "418"]].concat(), b"");
    assert_eq!(text(&output.stdout), "251124-K70418Z\n");
    let many = text(&orderkit(&[&args[..], &["--count", "3"]].concat(), b"").stdout);
    assert_eq!(many.lines().count(), 3);

    let good = orderkit(&["number", "--pattern", pattern, "--check", "251124-K70418Z"], b"");
    assert_eq!(good.status.code(), Some(0));
    assert!(text(&good.stdout).contains("device K7"));
    let typed = orderkit(&["number", "--pattern", pattern, "--check", "25ll24 k7o4 i8z"], b"");
    assert_eq!(text(&typed.stdout), "251124-K70418Z is valid (device K7)\n");
    let bad = orderkit(&["number", "--pattern", pattern, "--check", "251124-K70481Z"], b"");
    assert_eq!(bad.status.code(), Some(1));

    let random = "{date:yyMMdd}{digits:6}";
    let args = ["number", "--pattern", random, "--explain", "--orders-per-day", "1000"];
    let explained = text(&orderkit(&args, b"").stdout);
    assert!(explained.contains("1000000 in all"), "{explained}");
    assert!(explained.contains("chance           39.3267029 % a day"), "{explained}");
    assert!(explained.contains("39.3 % a day at 1000 orders"), "the warning: {explained}");
    let json: Value =
        serde_json::from_slice(&orderkit(&[&args[..], &["--json"]].concat(), b"").stdout).unwrap();
    assert_eq!((&json["period"], &json["capacity"]), (&json!("day"), &json!(1_000_000)));
    assert_eq!(json["warnings"][0]["code"], "pattern_collides");

    refuses_to_run(&["number", "--pattern", "{seq:4}"], b"", &["{device:2}"]);
    refuses_to_run(&["number", "--pattern", "{oops}"], b"", &["oops"]);
    let used_up = ["number", "--pattern", "{device:2}{seq:2}", "--sequence", "99", "--count", "2"];
    refuses_to_run(&used_up, b"", &["longer counter"]);
}

#[test]
fn numbers_are_found_and_accounted_for_in_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    refuses_to_run(&["series", "--data", data], b"", &[data, "--data"]);
    let line = r#"{"number":"R1024-7","placed_at":"2020-01-02","currency":"EUR","lines":[{"sku":"A","quantity":1,"unit_price":"1"}]}"#;
    let source = file(folder.path(), "shop.jsonl", line);
    assert_eq!(orderkit(&["import", &source, "--data", data], b"").status.code(), Some(0));
    let find = |typed: &str| orderkit(&["number", "--check", typed, "--data", data], b"");
    let found = find("r lo24 7");
    assert_eq!(found.status.code(), Some(0));
    assert!(text(&found.stdout).starts_with("R1024-7\t"), "{}", text(&found.stdout));
    let near = find("R1042-7");
    assert_eq!(
        (near.status.code(), text(&near.stdout).as_str()),
        (Some(1), "did you mean R1024-7?\n")
    );
    assert_eq!(text(&find("R9999").stdout), "no order has this number\n");

    let series = |more: &[&str]| orderkit(&[&["series", "--data", data], more].concat(), b"");
    assert_eq!(
        series(&["--give-up", "20200102/K7", "3", "5", "--reason", "lost"]).status.code(),
        Some(0)
    );
    let report = text(&series(&[]).stdout);
    assert!(
        report.lines().any(|row| row.split_whitespace().collect::<Vec<_>>()
            == ["20200102/K7", "4", "0", "2", "0", "2", "1-2"]),
        "{report}"
    );
    assert!(report.contains("3-4 of 20200102/K7: lost"), "{report}");
    let again = series(&["--give-up", "20200102/K7", "4", "5", "--reason", "lost"]);
    assert_eq!(again.status.code(), Some(1));
}

#[test]
fn profiles_are_listed_printed_and_added_to_a_ruleset() {
    let names = text(&orderkit(&["profile"], b"").stdout);
    assert!(names.lines().any(|name| name == "vendure"), "{names}");
    let switches: Value =
        serde_json::from_slice(&orderkit(&["profile", "vendure"], b"").stdout).unwrap();
    assert_eq!(switches["rounding"]["target"], "both");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/ruleset.json");
    let merged = orderkit(&["profile", "vendure", "--ruleset", example], b"");
    let merged: Value = serde_json::from_slice(&merged.stdout).unwrap();
    assert_eq!(merged["rounding"]["target"], "both");
    assert!(merged["products"].is_array());
    refuses_to_run(&["profile", "magento"], b"", &["magento", "vendure"]);
}

#[test]
fn schema_is_that_of_the_types() {
    let all: Value = serde_json::from_slice(&orderkit(&["schema"], b"").stdout).unwrap();
    for name in ["Draft", "Quote", "Ruleset", "Order", "OrderLog", "Issue"] {
        assert!(all["$defs"][name].is_object(), "{name}");
        let one = orderkit(&["schema", name], b"");
        let one: Value = serde_json::from_slice(&one.stdout).unwrap();
        assert_eq!(one["title"], json!(name));
    }
    let list = text(&orderkit(&["schema", "--list"], b"").stdout);
    assert!(list.lines().any(|line| line == "Draft"));
    let draft: Value = serde_json::from_slice(&orderkit(&["schema", "draft"], b"").stdout).unwrap();
    assert_eq!(draft["additionalProperties"], json!(false));
    refuses_to_run(&["schema", "Cart"], b"", &["Cart", "Draft"]);
}

/// The checkpoint of the only file that was imported into a folder.
fn checkpoint(data: &Path) -> Value {
    let found = fs::read_dir(data.join("import")).unwrap().map(|entry| entry.unwrap().path());
    let json = found.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let all: Vec<_> = json.collect();
    assert_eq!(all.len(), 1, "{all:?}");
    serde_json::from_slice(&fs::read(&all[0]).unwrap()).unwrap()
}

#[test]
fn import_is_exact_resumable_and_idempotent() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let extract = format!("{EXAMPLES}/data/online-retail-extract.jsonl.gz");
    let import = |more: &[&str]| {
        let output = orderkit(&[&["import", &extract, "--data", data], more].concat(), b"");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };

    let (code, said, error) = import(&["--stop-after-batches", "1"]);
    assert_eq!(code, Some(1), "{said}{error}");
    assert!(said.contains("run the same command again"), "{said}");
    let halfway = checkpoint(folder.path());
    assert_eq!((&halfway["finished"], &halfway["lines"]), (&json!(false), &json!(500)));
    assert_eq!(halfway["tally"]["inserted"], json!(500));

    let (code, said, error) = import(&[]);
    assert_eq!(code, Some(0), "{said}{error}");
    assert!(said.contains("goes on after line 500"), "{said}");
    assert!(said.contains("sum GBP: 415322.96 exact"), "{said}");
    let done = checkpoint(folder.path());
    assert_eq!((&done["finished"], &done["tally"]["inserted"]), (&json!(true), &json!(1000)));

    let (code, said, _) = import(&[]);
    assert_eq!(code, Some(0));
    assert!(said.contains("done before"), "{said}");
    assert_eq!(checkpoint(folder.path()), done);

    let (code, said, _) = import(&["--again"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("0 new orders, 1000 known before"), "{said}");
}

#[test]
fn import_names_and_counts_what_is_unusual() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let extract = format!("{EXAMPLES}/data/online-retail-extract.jsonl.gz");
    let output = orderkit(&["import", &extract, "--data", data], b"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let tally = &checkpoint(folder.path())["tally"];
    let count = |documents: u64, lines: u64| json!({"documents": documents, "lines": lines});
    assert_eq!(tally["all"], count(1000, 19_480));
    let documents = |kind: &str| tally["kinds"][kind]["documents"].as_u64().unwrap();
    assert_eq!(["sale", "cancellation", "adjustment"].map(documents), [845, 152, 3]);
    // Counted by another program over the same file.
    let expected = json!({
        "negativeQuantity": count(17, 17), "priceZero": count(34, 35), "priceNegative": count(2, 2),
        "nameMissing": count(30, 30), "lineRepeated": count(67, 117), "notGoods": count(100, 102),
        "timeDiffers": count(1, 2), "customerMissing": count(81, 2752),
        "countryUnknown": count(7, 151),
    });
    assert_eq!(tally["classes"], expected);
}

#[test]
fn import_keeps_unreadable_lines_apart_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let good = |number: &str, lines: &str| {
        format!(
            r#"{{"number":"{number}","placed_at":"2020-01-02","currency":"EUR","lines":[{lines}]}}"#
        )
    };
    let line = r#"{"sku":"A","quantity":1,"unit_price":"1.005"}"#;
    let float = r#"{"sku":"A","quantity":1,"unit_price":1.5}"#;
    let content = [
        good("1", line),
        "not json".to_owned(),
        good("2", float),
        good("1", line),
        r#"{"number":"3","placed_at":"soon","currency":"EUR","lines":[]}"#.to_owned(),
        r#"{"number":"4","placed_at":"2020-01-02","currency":"DEM","lines":[]}"#.to_owned(),
        String::new(),
        good("5", line),
    ];
    let source = file(folder.path(), "shop.jsonl", &content.join("\n"));
    let output = orderkit(&["import", &source, "--data", data.to_str().unwrap()], b"");
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
    assert!(said.contains("as shop") && said.contains("sum EUR: 3.015 exact, 3.03"), "{said}");
    let state = checkpoint(&data);
    assert_eq!(state["tally"]["inserted"], json!(3));
    assert_eq!(state["tally"]["classes"]["numberTaken"]["documents"], json!(1));
    let found = fs::read_dir(data.join("import")).unwrap().map(|entry| entry.unwrap().path());
    let rejected: Vec<_> =
        found.filter(|path| path.to_str().unwrap().ends_with(".rejected.jsonl")).collect();
    let rejected = fs::read_to_string(&rejected[0]).unwrap();
    let rows: Vec<Value> =
        rejected.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<_> = rows.iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 3, 5, 6]);
    assert_eq!(rows[0]["text"], json!("not json"));
    let reason = |at: usize| rows[at]["reason"].as_str().unwrap().to_owned();
    assert!(reason(1).starts_with("lines[0].unit_price:"), "{}", reason(1));
    assert!(reason(2).contains("soon") && reason(3).contains("DEM"), "{rows:?}");
}

#[test]
fn import_says_what_it_cannot_use() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    refuses_to_run(&["import"], b"", &["FILES"]);
    refuses_to_run(&["import", "no-such.jsonl", "--data", data], b"", &["no-such.jsonl"]);
    let extract = format!("{EXAMPLES}/data/online-retail-extract.jsonl.gz");
    let zone = ["import", &extract, "--data", data, "--time-zone", "Mars/Olympus"];
    refuses_to_run(&zone, b"", &["Mars/Olympus", "Europe/London"]);
    // A gzip file that is cut off: what came before stays.
    let whole = fs::read(&extract).unwrap();
    let cut = folder.path().join("cut.jsonl.gz");
    fs::write(&cut, &whole[..whole.len() * 3 / 4]).unwrap();
    let args = ["import", cut.to_str().unwrap(), "--data", data];
    refuses_to_run(&args, b"", &["cut.jsonl.gz", "run the same command again"]);
    assert_eq!(checkpoint(folder.path())["tally"]["inserted"], json!(500));
}
