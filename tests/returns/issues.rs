//! What others were told by their users about refunds, each by repository and number.

use orderkit::{Amount, Code, Context, Order, ledger::Ledger};
use serde_json::{Value, json};

use super::life::{Life, draft, last_credit, rules, ruleset};

fn minor(amount: i64) -> Amount {
    Amount::new(amount).unwrap()
}

/// One product, one rate, one discount over all.
fn shop(basis: &str, price: &str, rate: &str, off: &str) -> Value {
    let mut shop = ruleset();
    shop["priceBasis"] = json!(basis);
    shop["products"] =
        json!([{"sku": "A", "name": {"en": "A"}, "unitPrice": price, "taxClass": "goods"}]);
    shop["taxClasses"] = json!([{"id": "goods", "rules": [{"components": [{"percent": rate}]}]}]);
    shop["shippingMethods"] = json!([]);
    if off != "0" {
        shop["promotions"] = json!([{"id": "off", "name": {"en": "Off"}, "effect": {"kind": "orderPercentage", "percent": off}}]);
    }
    shop
}

fn goods(quantity: u32) -> orderkit::Draft {
    draft(&format!("{quantity} A"), json!({"shippingMethod": null}))
}

fn credits(order: &Order) -> Vec<i64> {
    order.credits.iter().map(|credit| credit.total_minor.minor()).collect()
}

#[track_caller]
fn all_is_back(order: &Order) {
    let sum = |amount: fn(&orderkit::credit::Credit) -> Amount| {
        Amount::sum(order.credits.iter().map(amount)).unwrap()
    };
    assert_eq!(sum(|it| it.total_minor), order.totals.gross_minor);
    assert_eq!(sum(|it| it.net_minor), order.totals.net_minor);
    assert_eq!(sum(|it| it.tax_minor), order.totals.tax_minor);
}

/// woocommerce/woocommerce#64668: 10 × 23.90 with 20 % tax less 25 % cost 179.25, and 179.26 were to go back.
#[test]
fn woocommerce_64668_a_full_refund_is_the_total_of_the_order() {
    for level in ["line", "group", "document"] {
        let mut shop = shop("taxInclusive", "23.90", "20", "25");
        shop["rounding"] = json!({"level": level});
        let mut life = Life::delivered(&shop, goods(10));
        assert_eq!(life.order().totals.gross_minor, minor(17_925));
        let order = life.gives_back("r1", &[("1", "10")], "late");
        assert_eq!(credits(&order), [17_925]);
        all_is_back(&order);
        assert_eq!(life.refunds("r1"), 17_925);
    }
}

/// woocommerce/woocommerce#41919: without rounding at the subtotal a refund can exceed what was paid; its tax must
/// come from what the order stored, and not from rates of today.
#[test]
fn woocommerce_41919_a_refund_has_the_tax_that_was_stored() {
    let old = shop("taxExclusive", "0.97", "8.875", "0");
    let mut life = Life::delivered(&old, goods(7));
    life.rules = rules(&{
        let mut today = shop("taxExclusive", "1.97", "21", "50");
        today["version"] = json!("2");
        today
    });
    for at in 0..7 {
        life.gives_back(&format!("r{at}"), &[("1", "1")], "late");
    }
    let order = life.order();
    all_is_back(&order);
    assert_eq!(order.totals.tax_minor, minor(60));
}

/// woocommerce/woocommerce#26734: all items together were one cent more than the order, and could not be refunded.
#[test]
fn woocommerce_26734_all_items_one_by_one_are_the_order() {
    let mut shop = shop("taxInclusive", "3.33", "23", "3");
    shop["products"] = json!([
        {"sku": "A", "name": {"en": "A"}, "unitPrice": "3.33", "taxClass": "goods"},
        {"sku": "B", "name": {"en": "B"}, "unitPrice": "7.77", "taxClass": "goods"},
        {"sku": "C", "name": {"en": "C"}, "unitPrice": "0.01", "taxClass": "goods"}]);
    let mut life = Life::delivered(&shop, draft("3 A, 5 B, 3 C", json!({"shippingMethod": null})));
    for (at, line) in [("a", "1"), ("b", "3"), ("c", "2"), ("d", "1"), ("e", "2"), ("f", "3")] {
        let open = life.order().lines.iter().find(|it| it.id == line).unwrap().open_to_return();
        let quantity = if at < "d" { "1".to_owned() } else { open.to_string() };
        life.gives_back(at, &[(line, quantity.as_str())], "late");
        life.refunds(at);
    }
    all_is_back(&life.order());
    assert!(life.order().derived().unwrap().balance_due_minor.is_zero());
}

/// solidusio/solidus#512: a part refund forgot the discount of the order.
#[test]
fn solidus_512_a_part_refund_has_its_share_of_the_order_discount() {
    let mut shop = shop("taxExclusive", "100.00", "0", "0");
    shop["promotions"] = json!([{"id": "off", "name": {"en": "Off"}, "effect": {"kind": "orderFixed", "amountMinor": 1000}}]);
    let mut life = Life::delivered(&shop, goods(3));
    for id in ["r1", "r2", "r3"] {
        life.gives_back(id, &[("1", "1")], "late");
    }
    assert_eq!(credits(&life.order()), [9_667, 9_666, 9_667]);
}

/// vendurehq/vendure#4811: the order's discount was shared anew over the lines that survive.
#[test]
fn vendure_4811_lines_that_stay_keep_their_share_of_the_discount() {
    let mut shop = ruleset();
    shop["promotions"] = json!([{"id": "off", "name": {"en": "Off"}, "effect": {"kind": "orderFixed", "amountMinor": 1000}}]);
    shop["shippingMethods"][0]["priceMinor"] = json!(0);
    let mut life = Life::delivered(&shop, draft("1 MUG, 1 CUP", json!({})));
    let before = life.order().lines[1].clone();
    let order = life.gives_back("r1", &[("1", "1")], "late");
    assert_eq!(order.lines[1], before);
    assert_eq!(last_credit(&order), order.lines[0].gross_minor.minor());
    assert_eq!(order.due().unwrap(), before.gross_minor);
}

/// medusajs/medusa#15885: of prices without tax the discount was taken off with tax and taxed again, so that too little
/// could be refunded.
#[test]
fn medusa_15885_a_discount_is_not_taxed_twice() {
    let mut life = Life::delivered(&shop("taxExclusive", "50.00", "20", "10"), goods(2));
    let order = life.gives_back("r1", &[("1", "1")], "late");
    let credit = order.credits.last().unwrap();
    assert_eq!(
        [credit.net_minor, credit.tax_minor, credit.total_minor],
        [minor(4_500), minor(900), minor(5_400)]
    );
}

/// medusajs/medusa#13972: a difference of −0.005 was left that nothing could settle. A balance is whole cents, and a small
/// one is let go as an entry.
#[test]
fn medusa_13972_a_rest_is_whole_cents_and_can_be_let_go() {
    let goods = goods(1);
    let mut life =
        Life::place(rules(&shop("taxExclusive", "0.333", "19", "0")), goods, Context::default());
    let due = life.order().due().unwrap().minor();
    life.does("recordPayment", json!({"id": "p", "method": "card", "amountMinor": due - 1}));
    life.does("writeOff", json!({"amountMinor": 1}));
    life.ship_all();
    let order = life.gives_back("r1", &[("1", "1")], "late");
    // No more than was paid goes back.
    assert_eq!((last_credit(&order), life.refunds("r1")), (due - 1, due - 1));
    assert!(life.order().derived().unwrap().balance_due_minor.is_zero());
}

/// medusajs/medusa#14818: a tax total of 34.116425, though 34.12 was charged.
#[test]
fn medusa_14818_parts_of_a_tax_are_whole_cents_that_add_up() {
    let mut life = Life::delivered(&shop("taxExclusive", "131.217", "13", "0"), goods(2));
    assert_eq!(life.order().totals.tax_minor, minor(3_412));
    for id in ["r1", "r2"] {
        life.gives_back(id, &[("1", "1")], "late");
    }
    all_is_back(&life.order());
    assert_eq!(life.order().credits[0].tax_minor, minor(1_706));
}

/// PrestaShop PR#42502 and #25687: what could be refunded counted the tax twice.
#[test]
fn prestashop_42502_no_more_can_be_refunded_than_was_paid() {
    let mut life = Life::delivered(&shop("taxExclusive", "10.00", "20", "0"), goods(1));
    assert_eq!(life.order().derived().unwrap().refundable_minor, minor(1_200));
    let refund =
        |amount: i64| json!({"id": "x", "kind": "refund", "method": "card", "amountMinor": amount});
    assert_eq!(life.refuses("recordPayment", refund(1_201)).0, Code::RefundTooLarge);
    let order = life.gives_back("r1", &[("1", "1")], "late");
    assert_eq!(last_credit(&order), 1_200);
    life.refunds("r1");
    let ledger = Ledger::of(&life.order().payments).unwrap();
    assert!(ledger.refundable().unwrap().is_zero());
}
