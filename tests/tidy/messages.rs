//! The catalogue that every module has holds a sentence for all that the module which only prices can say.

use super::{Fault, File, fault};
use orderkit::Code;

/// Modules of `src/` that the module which only prices does not have.
const DESK: &[&str] = &[
    "client",
    "command",
    "credit",
    "decide",
    "exceptions",
    "explain",
    "ledger",
    "lint",
    "notice",
    "order",
    "replica",
    "returns",
    "status",
];
/// Its orders are placed by a server, which answers with these refusals.
const PLACING: &str = "src/decide/place.rs";
/// The catalogue of every module; the other language has the same keys.
const CATALOGUE: &str = "messages/en.json";

fn is_everywhere(path: &str) -> bool {
    let module = path.strip_prefix("src/").map(|rest| rest.split(['/', '.']).next());
    path == PLACING || module.flatten().is_some_and(|module| !DESK.contains(&module))
}

/// Codes that code outside the desk names, and that have no sentence in the catalogue of every module.
fn check(files: &[File]) -> Vec<Fault> {
    let catalogue = files.iter().find(|file| file.path == CATALOGUE);
    let catalogue = catalogue.map_or("", |file| &file.text);
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| is_everywhere(&file.path)) {
        let product = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, line) in product.lines().enumerate() {
            for code in Code::ALL {
                let names = line.split("Code::").skip(1).any(|rest| {
                    rest.split(|it: char| !it.is_alphanumeric()).next()
                        == Some(&format!("{code:?}"))
                });
                if names && !catalogue.contains(&format!("\"{code}\":")) {
                    let what = format!("the sentence of {code} belongs to messages/{{en,zh}}.json");
                    faults.push(fault(file, at + 1, what));
                }
            }
        }
    }
    faults
}

#[test]
fn the_module_that_only_prices_has_its_sentences() {
    assert_eq!(check(&super::files()), []);
}

#[test]
fn a_sentence_in_the_wrong_catalogue_is_found() {
    let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
    let lacking = [
        file("src/cart.rs", "fn a() {}\nfn b() { Issue::new(Code::LineUnknown, path) }"),
        file("src/decide/payment.rs", "Code::PaymentRepeated"),
        file(CATALOGUE, "{\n  \"line_unknown_too\": \"?\"\n}"),
    ];
    let found: Vec<_> = check(&lacking).into_iter().map(|it| (it.path, it.line)).collect();
    assert_eq!(found, [("src/cart.rs".to_owned(), 2)]);
}
