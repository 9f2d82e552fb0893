//! Carts by handle: one number or text in, the totals out as plain numbers.

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    handles::{CARTS, RULES},
    rules::text,
};
use crate::{
    api,
    cart::{Cart, CartChange},
    draft::Draft,
    issue::{Issue, Refusal},
    json::{self, ToJson},
    ruleset::Rules,
};

#[derive(ToJson)]
struct Opened {
    handle: u32,
}

/// `{"ok":true,"cart":{"handle"}}`
#[wasm_bindgen(js_name = openCart)]
pub fn open_cart(draft: &str, context: &str) -> String {
    let open = || -> Result<Opened, Refusal> {
        let draft = json::read::<Draft>(draft.as_bytes())?;
        let cart = Cart::new(draft, api::context(context.as_bytes())?);
        Ok(Opened { handle: CARTS.with(|table| table.insert(cart)) })
    };
    text(api::answer("cart", open()))
}

/// Frees a cart.
#[wasm_bindgen(js_name = dropCart)]
pub fn drop_cart(handle: u32) {
    CARTS.with(|table| table.remove(handle));
}

/// Changes the quantity of a line and prices: the totals in the order of the fields of `Totals`, or nothing if there is no price
/// ([`quote_cart`] says why), or one number alone if there is no such line.
#[wasm_bindgen(js_name = setCartQuantity)]
pub fn set_cart_quantity(cart: u32, rules: u32, line: u32, quantity: &str) -> Vec<f64> {
    numbers(cart, rules, &mut |cart| {
        cart.set_quantity(usize::try_from(line).unwrap_or(usize::MAX), quantity)
    })
}

/// Changes anything else: `{"ok":true,"changed":null}`.
#[wasm_bindgen(js_name = changeCart)]
pub fn change_cart(cart: u32, change: &str) -> String {
    let changed = CARTS.with(|table| {
        table.with(cart, |cart| -> Result<(), Refusal> {
            Ok(cart.change(json::read::<CartChange>(change.as_bytes())?)?)
        })
    });
    text(api::answer("changed", changed.and_then(|changed| changed)))
}

/// Prices: the totals as [`set_cart_quantity`] gives them.
#[wasm_bindgen(js_name = cartTotals)]
pub fn cart_totals(cart: u32, rules: u32) -> Vec<f64> {
    numbers(cart, rules, &mut |_| Ok(()))
}

/// `{"ok":true,"quote":…}`, as [`api::quote`] gives it.
#[wasm_bindgen(js_name = quoteCart)]
pub fn quote_cart(cart: u32, rules: u32) -> String {
    let mut answer = Vec::new();
    let found = with(cart, rules, &mut |cart, rules| {
        answer = api::answer("quote", cart.quote(rules));
        Ok(())
    });
    text(found.map_or_else(|refusal| api::answer::<()>("", Err(refusal)), |()| answer))
}

/// `{"ok":true,"draft":…}`
#[wasm_bindgen(js_name = cartDraft)]
pub fn cart_draft(cart: u32) -> String {
    let answer = |cart: &mut Cart| api::answer("draft", Ok(cart.draft()));
    let answer = CARTS.with(|table| table.with(cart, answer));
    text(answer.unwrap_or_else(|refusal| api::answer::<()>("", Err(refusal))))
}

#[inline(never)]
fn with(
    cart: u32,
    rules: u32,
    act: &mut dyn FnMut(&mut Cart, &Rules) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    RULES
        .with(|table| {
            table.with(rules, |rules| CARTS.with(|table| table.with(cart, |cart| act(cart, rules))))
        })
        .and_then(|answer| answer)
        .and_then(|answer| answer)
}

/// The totals after a change. Amounts are exact in a `number` by their range.
#[inline(never)]
fn numbers(
    cart: u32,
    rules: u32,
    change: &mut dyn FnMut(&mut Cart) -> Result<(), Issue>,
) -> Vec<f64> {
    let mut numbers = Vec::new();
    // A refusal of the price leaves the list empty.
    let _ = with(cart, rules, &mut |cart, rules| {
        if let Err(issue) = change(cart) {
            numbers.push(0.0);
            return Err(issue.into());
        }
        let totals = cart.totals(rules)?;
        let in_order = [
            totals.items_minor,
            totals.discount_minor,
            totals.allowance_minor,
            totals.charge_minor,
            totals.shipping_minor,
            totals.net_minor,
            totals.tax_minor,
            totals.gross_minor,
            totals.cash_rounding_minor,
            totals.payable_minor,
        ];
        numbers = in_order.iter().map(|amount| amount.minor() as f64).collect();
        Ok(())
    });
    numbers
}
