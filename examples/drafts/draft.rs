//! Drafts that are mostly in order, with all that a draft can hold.

use serde_json::{Map, Value, json};

use crate::{
    random::Random,
    shop::{COUPONS, SHIPPING, Shop, TAX_CLASSES},
};

/// Texts that a careless writer of JSON would spoil.
const TEXTS: [&str; 7] = [
    "plain",
    "Käse & <b>Brot</b>",
    "双层\u{3000}茶壶",
    "👩‍🔧 \u{2028}",
    "tab\tline\nquote\" back\\slash",
    "\u{7f}\u{1}\u{1f}",
    " ",
];
const COUNTRIES: [&str; 6] = ["DE", "FR", "US", "GB", "JP", "XX"];

/// A draft of the shop.
pub fn draft(shop: &Shop, random: &mut Random) -> Value {
    let count = match random.below(100) {
        0 => 0,
        1 => random.between(60, 200),
        _ => random.between(1, 12),
    };
    let lines: Vec<Value> = (0..count).map(|at| line(shop, at, random)).collect();
    let mut draft = json!({"lines": lines, "details": details(shop, random)});
    if random.percent(30) {
        let wrong = random.percent(5);
        draft["currency"] = json!(if wrong { "CHF" } else { shop.currency });
    }
    if random.percent(15) {
        draft["adjustments"] = adjustments(random, true);
    }
    if random.percent(10) {
        draft["prepaidMinor"] = json!(random.below(20_000));
    }
    if random.percent(10) {
        draft["payableRoundingMinor"] = json!(random.between(0, 8) as i64 - 4);
    }
    draft
}

fn line(shop: &Shop, at: u64, random: &mut Random) -> Value {
    let mut line = Map::new();
    let mut set = |name: &str, value: Value| line.insert(name.to_owned(), value);
    let own = !shop.names_prices || random.percent(50);
    let sku = if own { random.pick(&shop.skus).clone() } else { format!("X-{}", random.below(4)) };
    set("sku", json!(sku));
    set("quantity", quantity(shop, random));
    if random.percent(40) {
        // Rarely one that is there already.
        let id = if random.percent(2) { "1".to_owned() } else { format!("line {at}") };
        set("id", json!(id));
    }
    if random.percent(10) {
        let (en, zh) = (*random.pick(&TEXTS), *random.pick(&TEXTS));
        set("name", json!({"en": en, "zh": zh}));
    }
    if shop.names_prices && (!own || random.percent(70)) {
        let dear = random.percent(2);
        let limit = if dear { 999_999_999_999 } else { 400 };
        let digits = if random.percent(20) { 9 } else { shop.exponent };
        set("unitPrice", json!(random.decimal(limit, digits)));
        if random.percent(5) {
            set("baseQuantity", json!(["100", "0.5", "3"][random.below(3) as usize]));
        }
        if random.percent(10) {
            set("taxes", taxes(random));
        } else {
            // The last one has a rate at home only.
            let classes = if random.percent(3) { &TAX_CLASSES[..] } else { &TAX_CLASSES[..4] };
            set("taxClass", json!(random.pick(classes)));
        }
    }
    if random.percent(8) {
        set("adjustments", adjustments(random, false));
    }
    Value::Object(line)
}

fn quantity(shop: &Shop, random: &mut Random) -> Value {
    match random.below(20) {
        0 => json!(random.between(100, 1_000_000).to_string()),
        1..=4 if shop.names_prices => json!(random.decimal(50, 9)),
        _ => json!(random.between(1, 12).to_string()),
    }
}

fn taxes(random: &mut Random) -> Value {
    match random.below(4) {
        0 => json!([{"category": "AE"}]),
        1 => json!([{"category": "L", "percent": random.decimal(20, 4)}]),
        2 => json!([{"percent": "7"}, {"percent": random.decimal(5, 3), "jurisdiction": "local"}]),
        _ => json!([{"percent": random.decimal(30, 3)}]),
    }
}

fn adjustments(random: &mut Random, on_document: bool) -> Value {
    let count = random.between(1, 3);
    let list = (0..count).map(|_| {
        let kind = if random.percent(60) { "allowance" } else { "charge" };
        let mut it = json!({"kind": kind});
        if random.percent(50) {
            it["amountMinor"] = json!(random.below(300));
        } else {
            it["percent"] = json!(random.decimal(30, 3));
            if random.percent(30) {
                it["baseMinor"] = json!(random.below(100_000));
            }
        }
        if random.percent(40) {
            it["reason"] = json!(random.pick(&TEXTS));
        }
        if on_document && random.percent(50) {
            it["taxes"] = taxes(random);
        }
        it
    });
    list.collect()
}

fn details(shop: &Shop, random: &mut Random) -> Value {
    let mut details = Map::new();
    let mut set = |name: &str, value: Value| details.insert(name.to_owned(), value);
    if random.percent(70) {
        let usual = random.percent(70);
        set("shippingMethod", json!(if usual { SHIPPING[0] } else { random.pick(&SHIPPING) }));
    }
    if random.percent(50) {
        set("shippingAddress", address(shop, random));
    } else if random.percent(20) {
        set("billingAddress", address(shop, random));
    }
    if random.percent(50) {
        set("paymentMethod", json!(["card", "invoice", "cash"][random.below(3) as usize]));
    }
    if random.percent(40) {
        let count = random.between(1, 3);
        set("couponCodes", (0..count).map(|_| coupon(random)).collect());
    }
    if random.percent(40) {
        let mail = ["a@example.org", "no address", "ü@例え.jp"][random.below(3) as usize];
        let phone = ["+49 30 123456", "12", "0086-21-5555"][random.below(3) as usize];
        set("customer", json!({"name": random.pick(&TEXTS), "email": mail, "phone": phone}));
    }
    if random.percent(10) {
        set("note", json!(random.pick(&TEXTS).repeat(random.between(1, 300) as usize)));
    }
    Value::Object(details)
}

fn coupon(random: &mut Random) -> Value {
    let code = *random.pick(&COUPONS);
    match random.below(8) {
        0 => json!("NOTHING"),
        1 => json!(code.to_lowercase()),
        _ => json!(code),
    }
}

fn address(shop: &Shop, random: &mut Random) -> Value {
    let country = if random.percent(80) { shop.home } else { random.pick(&COUNTRIES) };
    let mut address = json!({
        "name": random.pick(&TEXTS),
        "street": [format!("Street {}", random.below(200))],
        "city": random.pick(&TEXTS),
        "country": country,
    });
    if random.percent(70) {
        let code = ["10115", "SW1A 1AA", "100-0001", "?"][random.below(4) as usize];
        address["postcode"] = json!(code);
    }
    if random.percent(30) {
        address["region"] = json!(random.pick(&TEXTS));
    }
    address
}
