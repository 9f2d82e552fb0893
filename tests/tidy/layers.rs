//! Dependencies run one way: between the modules of the rules, from the rules to nothing outside, and between packages.

use super::{Fault, File, code, fault};

/// The modules of `src/`, lowest layer first. A module may use its own layer and those below.
const LAYERS: &[&[&str]] = &[
    &[
        "currency",
        "decimal",
        "rounding",
        "money",
        "allocation",
        "issue",
        "limits",
        "json",
        "sorting",
        "zone",
    ],
    &["numbering"],
    &["ruleset"],
    &["context", "draft", "profile"],
    &["inventory"],
    &["pricing"],
    &["cart", "explain", "validation"],
    &["lint"],
    &["credit", "ledger", "returns", "review"],
    &["amendment"],
    &["order"],
    &["command", "status"],
    &["exceptions", "notice"],
    &["decide"],
    &["replica"],
    &["client"],
    &["api"],
    &["wasm"],
];

/// Words that have no place in the rules, and what to do instead. `src/wasm/` may name the first five.
const IMPURE: &[(&str, &str)] = &[
    ("wasm_bindgen", "bindings live in src/wasm"),
    ("js_sys", "bindings live in src/wasm"),
    ("web_sys", "bindings live in src/wasm"),
    ("f64", "floats are not exact; use Decimal or an integer"),
    ("f32", "floats are not exact; use Decimal or an integer"),
    ("axum", "the network belongs to server/"),
    ("tokio", "waiting belongs to server/"),
    ("sqlx", "storage belongs to server/"),
    ("orderkit_server", "the server uses the rules and never the reverse"),
    ("SystemTime", "take the time as an argument"),
    ("Instant", "take the time as an argument"),
    ("println", "return what there is to say"),
    ("eprintln", "return what there is to say"),
    ("print", "return what there is to say"),
];
const FREE_IN_WASM: usize = 5;

/// Modules of the rules that the browser does not get.
const NATIVE: &[&str] = &["src/profile.rs"];

/// What the crate root denies outside of tests.
const DENIED: &[&str] =
    &["unwrap_used", "expect_used", "indexing_slicing", "arithmetic_side_effects", "panic"];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The module path of a file under `src/`: `src/pricing/tax.rs` is `pricing`, `tax`.
fn module_path(path: &str) -> Option<Vec<&str>> {
    let inner = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    Some(inner.split('/').filter(|part| !matches!(*part, "lib" | "mod")).collect())
}

pub fn modules(file: &File) -> Vec<Fault> {
    let Some(own) = module_path(&file.path) else { return Vec::new() };
    if own.is_empty() || file.is_test_or_data() {
        return Vec::new();
    }
    let Some(own_layer) = layer(own[0]) else {
        return vec![fault(
            file,
            1,
            format!(
                "module `{}` has no place yet: add it to LAYERS in tests/tidy/layers.rs",
                own[0]
            ),
        )];
    };
    let mut faults = Vec::new();
    for (line, name) in crate_names(&file.text, own.len()) {
        match layer(&name) {
            _ if name == own[0] => {}
            None => faults.push(fault(
                file,
                line,
                format!("`crate::{name}` is no module: name the module that defines it"),
            )),
            Some(used) if used > own_layer => {
                faults.push(fault(
                    file,
                    line,
                    format!(
                        "`{}` lies below `{name}`: move the shared part down, or pass it in",
                        own[0]
                    ),
                ));
            }
            Some(_) => {}
        }
    }
    faults
}

/// Names of the crate root that a file uses by `crate::x`, `crate::{x, y::z}` or enough `super::`. Macros are left out.
fn crate_names(text: &str, depth: usize) -> Vec<(usize, String)> {
    let code = code::product_code(text);
    let tokens = code::tokens(&code);
    let word = |at: usize| tokens.get(at).map_or("", |(_, word)| *word);
    let supers = |at| {
        (0..).take_while(|i| word(at + 3 * i) == "super" && word(at + 3 * i + 1) == ":").count()
    };
    let mut names = Vec::new();
    let mut braces: Vec<bool> = Vec::new(); // of each open brace: whether it opened a module within the file
    for at in 0..tokens.len() {
        match word(at) {
            "{" => braces.push(at > 1 && word(at - 2) == "mod"),
            "}" => drop(braces.pop()),
            _ => {}
        }
        let inner = braces.iter().filter(|is_module| **is_module).count();
        let after = match word(at) {
            "crate" if word(at + 1) == ":" && word(at + 2) == ":" => at + 3,
            "super" if (at == 0 || word(at - 1) != ":") && supers(at) == depth + inner => {
                at + 3 * (depth + inner)
            }
            _ => continue,
        };
        let found = root_names(&word, after, tokens.len()).into_iter();
        names.extend(found.map(|index| (tokens[index].0, word(index).to_owned())));
    }
    names
}

/// Positions of the first names after `crate::`: one, or each of the outer braces.
fn root_names<'a>(word: &impl Fn(usize) -> &'a str, from: usize, end: usize) -> Vec<usize> {
    if word(from) != "{" {
        return if word(from + 1) == "!" { Vec::new() } else { vec![from] };
    }
    let mut names = Vec::new();
    let mut depth = 0;
    for at in from..end {
        match word(at) {
            "{" => depth += 1,
            "}" => depth -= 1,
            name if depth == 1 && matches!(word(at - 1), "{" | ",") && name != "self" => {
                names.push(at)
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

pub fn purity(file: &File) -> Vec<Fault> {
    if module_path(&file.path).is_none() || file.is_test_or_data() {
        return Vec::new();
    }
    let free = if file.path.starts_with("src/wasm/") { FREE_IN_WASM } else { 0 };
    let code = code::product_code(&file.text);
    let find = |(line, word): (usize, &str)| {
        let (name, remedy) = IMPURE[free..].iter().find(|(name, _)| *name == word)?;
        Some(fault(file, line, format!("`{name}` in the rules: {remedy}")))
    };
    code::tokens(&code).into_iter().filter_map(find).collect()
}

/// Documents are read by `crate::json`: serde's readers would come into the browser's modules, one for each type.
pub fn own_reader(file: &File) -> Vec<Fault> {
    let native = NATIVE.contains(&file.path.as_str());
    if native || module_path(&file.path).is_none() || file.is_test_or_data() {
        return Vec::new();
    }
    let code = code::product_code(&file.text);
    let lines = code.lines().zip(1..).filter(|(line, _)| line.contains("serde_json::from_"));
    let what = "read with `crate::json::read`, and derive FromJson for the type";
    lines.map(|(_, line)| fault(file, line, what)).collect()
}

pub fn no_panic(file: &File) -> Vec<Fault> {
    if file.path != "src/lib.rs" {
        return Vec::new();
    }
    let missing = DENIED.iter().filter(|lint| !file.text.contains(&format!("clippy::{lint}")));
    missing
        .map(|lint| fault(file, 1, format!("deny clippy::{lint} here: the rules must not panic")))
        .collect()
}

/// The two packages under `www/` know each other by package name, and only the page knows the package.
pub fn packages(file: &File) -> Vec<Fault> {
    let Some((package, _)) = file.path.strip_prefix("www/").and_then(|rest| rest.split_once('/'))
    else {
        return Vec::new();
    };
    if !file.ends_with(&[".ts", ".js", ".mjs", ".svelte"]) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        for target in imports(line) {
            let resolved = resolve(&file.path, target);
            let own = format!("www/{package}/");
            if resolved.starts_with("www/") && !resolved.starts_with(&own) {
                faults.push(fault(
                    file,
                    index + 1,
                    format!("`{target}` leaves {own}: import the package by its name"),
                ));
            } else if package == "orderkit" && (target == "app" || target.starts_with("app/")) {
                faults.push(fault(
                    file,
                    index + 1,
                    "the package must not know the page: move the shared part here",
                ));
            }
        }
    }
    faults
}

/// What a line imports: the text after `from`, `import` or `import(`.
fn imports(line: &str) -> Vec<&str> {
    let quoted = |(at, _): (usize, &str)| {
        let before = line[..at].trim_end();
        let quote = line[at..].chars().next()?;
        let is_import = ["from", "import", "import("].iter().any(|word| before.ends_with(word));
        is_import.then(|| line[at + 1..].split(quote).next()).flatten()
    };
    line.match_indices(['"', '\'']).filter_map(quoted).collect()
}

/// A relative import as a path from the root; any other stays as it is.
fn resolve(from: &str, target: &str) -> String {
    if !target.starts_with('.') {
        return target.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::faults_of;
    use super::*;

    #[test]
    fn a_lower_module_must_not_use_a_higher_one() {
        let text = "use crate::{\n    money::Money,\n    replica::{Row, row::Query},\n};\nfn f() { super::super::decide::g() }";
        assert_eq!(
            faults_of(modules, "src/order/line.rs", text),
            [
                "src/order/line.rs:3: `order` lies below `replica`: move the shared part down, or pass it in",
                "src/order/line.rs:5: `order` lies below `decide`: move the shared part down, or pass it in",
            ]
        );
        assert!(
            faults_of(
                modules,
                "src/decide/mod.rs",
                "use super::pricing::Quote; use super::order::x;"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_module_needs_a_place_and_names_modules() {
        assert_eq!(
            faults_of(modules, "src/weather.rs", ""),
            [
                "src/weather.rs:1: module `weather` has no place yet: add it to LAYERS in tests/tidy/layers.rs",
            ]
        );
        assert_eq!(
            faults_of(modules, "src/pricing.rs", "use crate::Money;"),
            ["src/pricing.rs:1: `crate::Money` is no module: name the module that defines it",]
        );
    }

    #[test]
    fn the_rules_name_no_float_clock_or_browser() {
        let text = "fn f(x: f64) {}\n// f64 in prose is fine\nuse wasm_bindgen::prelude::*;\nlet t = std::time::Instant::now();";
        assert_eq!(
            faults_of(purity, "src/money.rs", text),
            [
                "src/money.rs:1: `f64` in the rules: floats are not exact; use Decimal or an integer",
                "src/money.rs:3: `wasm_bindgen` in the rules: bindings live in src/wasm",
                "src/money.rs:4: `Instant` in the rules: take the time as an argument",
            ]
        );
        assert_eq!(
            faults_of(purity, "src/wasm/mod.rs", text).len(),
            1,
            "bindings may name the browser, not the clock"
        );
        assert!(faults_of(purity, "server/src/main.rs", text).is_empty());
    }

    #[test]
    fn the_rules_read_with_their_own_reader() {
        let text = "use serde_json::value::RawValue;\nlet draft = serde_json::from_slice(bytes)?;";
        assert_eq!(
            faults_of(own_reader, "src/api.rs", text),
            ["src/api.rs:2: read with `crate::json::read`, and derive FromJson for the type"]
        );
        assert!(faults_of(own_reader, "server/src/main.rs", text).is_empty());
    }

    #[test]
    fn the_crate_root_denies_panics() {
        let text = "#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]";
        assert_eq!(
            faults_of(no_panic, "src/lib.rs", text),
            ["src/lib.rs:1: deny clippy::arithmetic_side_effects here: the rules must not panic",]
        );
    }

    #[test]
    fn the_package_does_not_import_the_page() {
        let text = "import { a } from \"../../app/src/a.js\";\nexport * from './b';\nconst c = await import(\"app/c\");";
        assert_eq!(
            faults_of(packages, "www/orderkit/src/index.ts", text),
            [
                "www/orderkit/src/index.ts:1: `../../app/src/a.js` leaves www/orderkit/: import the package by its name",
                "www/orderkit/src/index.ts:3: the package must not know the page: move the shared part here",
            ]
        );
    }
}
