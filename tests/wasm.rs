//! The rules as a browser runs them: a few cases that must come out as they do natively.
#![cfg(target_arch = "wasm32")]

mod shop;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_quote_has_the_native_figures() {
    let quote =
        orderkit::quote(&shop::draft(), &shop::rules(), &orderkit::Context::at(shop::NOW_MS))
            .unwrap();
    assert_eq!(quote.totals.gross_minor.minor(), 3_076);
    assert_eq!(quote.totals.tax_minor.minor(), 365);
}

#[wasm_bindgen_test]
fn wide_arithmetic_does_not_wrap() {
    let weights: Vec<_> = (0..1_000).map(|_| shop::minor(9_007_199_254_740)).collect();
    let shares = orderkit::allocate(shop::minor(9_007_199_254_740_991), &weights).unwrap();
    let sum: i64 = shares.iter().map(|share| share.minor()).sum();
    assert_eq!(sum, 9_007_199_254_740_991);
}

#[wasm_bindgen_test]
fn a_digest_is_the_same_as_on_the_server() {
    let digest = shop::rules().digest().to_owned();
    assert_eq!(digest, include_str!("shop/digest.txt").trim());
}
