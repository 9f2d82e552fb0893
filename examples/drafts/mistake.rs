//! Mistakes: of the values, of the form, and of the JSON itself.

use serde_json::{Value, json};

use crate::random::Random;

/// The draft as text; in one of six with a mistake.
pub fn perhaps(mut draft: Value, random: &mut Random) -> String {
    match random.below(36) {
        0 | 1 => value(&mut draft, random),
        2 | 3 => form(&mut draft, random),
        4 => return cut(&draft.to_string(), random),
        5 => return syntax(&draft.to_string(), random),
        _ => {}
    }
    draft.to_string()
}

/// What somebody may type into a field.
fn value(draft: &mut Value, random: &mut Random) {
    const TYPED: [&str; 14] = [
        "",
        " ",
        "abc",
        "-1",
        "0",
        "1e3",
        "1,5",
        ".5",
        "5.",
        "+1",
        "１２",
        "0.0000000001",
        "1234567890123456",
        "-0.00",
    ];
    let typed = json!(random.pick(&TYPED));
    let field = *random.pick(&["quantity", "unitPrice", "sku", "taxClass", "id", "baseQuantity"]);
    set_in_line(draft, field, typed, random);
}

/// What a program may send wrongly.
fn form(draft: &mut Value, random: &mut Random) {
    let wrong = [
        json!(1.5),
        json!(-7),
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!(u64::MAX),
        json!({"deep": [[[{"er": 0.5}]]]}),
        json!("text"),
    ];
    let wrong = random.pick(&wrong).clone();
    match random.below(6) {
        0 => draft["lines"] = wrong,
        1 => draft["details"] = wrong,
        2 => draft["currency"] = wrong,
        3 => draft["unknown~/field"] = wrong,
        4 => draft["details"]["couponCodes"] = json!(["SAVE10", wrong]),
        _ => {
            let field = *random.pick(&["quantity", "unitPrice", "sku", "name", "taxes", "extra"]);
            set_in_line(draft, field, wrong, random);
        }
    }
}

fn set_in_line(draft: &mut Value, field: &str, value: Value, random: &mut Random) {
    let lines = draft["lines"].as_array_mut();
    if let Some(lines) = lines.filter(|lines| !lines.is_empty()) {
        let at = random.below(lines.len() as u64) as usize;
        lines[at][field] = value;
    }
}

/// The text breaks off.
fn cut(text: &str, random: &mut Random) -> String {
    let mut end = random.between(1, text.len() as u64) as usize;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end.max(1)].to_owned()
}

fn syntax(text: &str, random: &mut Random) -> String {
    match random.below(7) {
        0 => format!("{text} {{}}"),
        1 => text.replacen(':', " ", 1),
        2 => text.replacen('"', "'", 1),
        3 => text.replacen(r#""sku":""#, r#""sku":"\ud800"#, 1),
        4 => text.replacen(r#""sku":""#, r#""sku":"\u00e9\/\ud83d\ude00"#, 1),
        5 => text.replacen(r#""lines":"#, r#""lines":[],"lines":"#, 1),
        _ => format!("{}{text}", "[".repeat(random.between(1, 100) as usize)),
    }
}
