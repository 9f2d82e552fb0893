//! The digest of a ruleset is part of every order: it must never change for the same document.

mod shop;

#[test]
fn the_digest_of_the_test_shop_is_the_recorded_one() {
    assert_eq!(shop::rules().digest(), include_str!("shop/digest.txt").trim());
}
