//! Returns of orders that were edited: what goes back is what the edits left, to the cent.

use orderkit::{Context, Order};
use serde_json::{Value, json};

use super::life::{Life, draft, rules, ruleset};

fn shop() -> Value {
    let mut shop = ruleset();
    shop["shippingMethods"].as_array_mut().unwrap().push(
        json!({"id": "express", "name": {"en": "Express"}, "priceMinor": 990, "taxClass": "goods"}),
    );
    shop["returns"] = json!({"shipping": "full"});
    shop
}

fn edit(life: &mut Life, id: &str, change: &Value) -> Order {
    let consent = json!({"by": "Ada", "how": "telephone"});
    life.does("amend", json!({"id": id, "changes": [change], "reason": "late", "consent": consent}))
}

/// What was received less what went back.
fn paid(order: &Order) -> i64 {
    order.derived().unwrap().paid_minor.minor()
}

#[test]
fn units_that_come_back_one_by_one_give_back_what_was_paid_after_every_kind_of_edit() {
    let off = json!({"addAdjustment": {"adjustment": {"kind": "allowance", "percent": "10"}}});
    let edits = [
        json!({"setUnitPrice": {"line": "2", "unitPrice": "10.01"}}),
        json!({"setUnitPrice": {"line": "2", "unitPrice": "13.37"}}),
        json!({"setShippingMethod": {"method": "express"}}),
        json!({"setQuantity": {"line": "1", "quantity": "5"}}),
        json!({"setQuantity": {"line": "1", "quantity": "2"}}),
        off.clone(),
    ];
    for (at, change) in edits.iter().enumerate() {
        for late in [false, true] {
            let mut life =
                Life::place(rules(&shop()), draft("3 TEA, 3 CUP", json!({})), Context::default());
            life.pay();
            edit(&mut life, "e1", change);
            life.pay();
            life.ship_all();
            let lines: Vec<String> =
                life.order().lines.iter().map(|line| line.id.clone()).collect();
            let mut count = 0;
            for line in lines {
                while !life
                    .order()
                    .lines
                    .iter()
                    .find(|it| it.id == line)
                    .unwrap()
                    .open_to_return()
                    .is_zero()
                {
                    count += 1;
                    life.gives_back(&format!("r{count}"), &[(&line, "1")], "defective");
                    let order = life.order();
                    assert!(!order.due().unwrap().is_negative(), "{at}: {change}");
                    if late && count == 1 {
                        // A part came back, and the rest gets cheaper.
                        edit(&mut life, "e2", &off);
                    }
                }
            }
            let order = life.order();
            assert_eq!(order.due().unwrap().minor(), 0, "{at}: {change}");
            assert_eq!(
                order.derived().unwrap().balance_due_minor.minor(),
                -paid(&order),
                "{change}"
            );
            for line in &order.lines {
                let left = order.left_of_line(line).unwrap().share();
                assert_eq!(left, Default::default(), "line {} after {change}", line.id);
            }
        }
    }
}

#[test]
fn shipping_that_an_edit_made_dearer_goes_back_as_it_was_paid() {
    let express = json!({"setShippingMethod": {"method": "express"}});
    let mut life = Life::place(rules(&shop()), draft("1 MUG", json!({})), Context::default());
    edit(&mut life, "e1", &express);
    life.pay();
    life.ship_all();
    let order = life.gives_back("r1", &[("1", "1")], "defective");
    assert_eq!(order.credits.last().unwrap().total_minor.minor(), 2_990);
    assert_eq!(life.refunds("r1"), 2_990);
}
