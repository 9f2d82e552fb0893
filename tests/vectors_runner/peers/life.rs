//! Kinds about what follows when an order is placed: balances, charges, refunds, and what may follow what.
//!
//! Every figure and word comes from the engine: orders that live by commands, the ledger, and its tables.

use orderkit::{
    Actor, Amendment, AmendmentPreview, Amount, Code, Command, CommandKind, Event, EventRecord,
    Facts, Order, OrderLog, OrderStatus, Payment, PaymentState, Refusal, Role, Rules,
    ShipmentStatus, allocate,
    credit::{Credit, CreditCause, CreditShare},
    decide,
    ledger::{Ledger, RefundOrder, refund_plan, refundable},
    preview_amendment,
    status::{charge_level, payment_status, table},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::case::{Case, only, rows, text};
use crate::vectors_runner::{
    engine,
    outcome::{Comparison, Gap, Outcome},
};

const NOW_MS: i64 = 1_764_000_000_000;

/// An order that lives by commands.
pub struct Life {
    rules: Rules,
    document: Value,
    log: OrderLog,
}

impl Life {
    pub fn place(document: &Value, draft: &Value) -> Result<Self, Gap> {
        let rules = Rules::from_json(document.to_string().as_bytes()).map_err(refused)?;
        let draft: orderkit::Draft =
            serde_json::from_value(draft.clone()).map_err(|it| Gap::malformed(it.to_string()))?;
        let context = orderkit::Context { may_adjust: true, ..orderkit::Context::at(NOW_MS) };
        let quote = orderkit::quote(&draft, &rules, &context).map_err(refused)?;
        let actor = Actor { user: "shop".to_owned(), role: Role::Staff };
        let event = Event::Placed {
            number: "1".to_owned(),
            alias: None,
            draft: Box::new(draft),
            quote: Box::new(quote),
            payment_terms: orderkit::ruleset::PaymentTerms::OnAccount,
        };
        let record = EventRecord { at_ms: NOW_MS, asked_ms: None, by: actor, command: None, event };
        let mut log = OrderLog::new(uuid::Uuid::nil());
        log.push(record);
        Ok(Self { rules, document: document.clone(), log })
    }

    /// An order of one line of this total.
    fn of_total(case: Case<'_>, total: i64) -> Result<Self, Gap> {
        let price = crate::vectors_runner::exact::Exact::from_minor(total, case.digits);
        let line =
            json!({"sku": "A", "quantity": "1", "unitPrice": price.to_string(), "taxes": []});
        Self::place(&engine::ruleset(case.currency(), true), &json!({"lines": [line]}))
    }

    pub fn order(&self) -> Result<Order, Gap> {
        self.log.order().map_err(|issue| Gap::Refused(issue.code.to_string()))
    }

    /// The shop has other rules from now on.
    pub fn change_rules(&mut self, change: impl FnOnce(&mut Value)) -> Result<(), Gap> {
        change(&mut self.document);
        self.rules = Rules::from_json(self.document.to_string().as_bytes()).map_err(refused)?;
        Ok(())
    }

    fn facts<'a>(rules: &'a Rules, actor: &'a Actor) -> Facts<'a> {
        Facts {
            rules,
            earlier: None,
            now_ms: NOW_MS,
            asked_ms: NOW_MS,
            actor,
            device: None,
            context: None,
            assigned_number: None,
            seen: None,
            review: None,
        }
    }

    /// Makes an edit, and says what it came to.
    pub fn amend(&mut self, amendment: &Value) -> Result<AmendmentPreview, Gap> {
        let edit: Amendment = serde_json::from_value(amendment.clone())
            .map_err(|it| Gap::malformed(it.to_string()))?;
        let actor = Actor { user: "shop".to_owned(), role: Role::Staff };
        let facts = Self::facts(&self.rules, &actor);
        let preview = preview_amendment(&self.order()?, &edit, &facts).map_err(refused)?;
        self.does("amend", amendment)?;
        Ok(preview)
    }

    fn give(&mut self, kind: &str, args: &Value) -> Result<(), Refusal> {
        let command = Command::parse(&format!("{kind}@1"), args.to_string().as_bytes())?;
        let actor = Actor { user: "shop".to_owned(), role: Role::Staff };
        let facts = Self::facts(&self.rules, &actor);
        for event in decide(Some(&self.log.order()?), &command, &facts)? {
            let by = actor.clone();
            self.log.push(EventRecord { at_ms: NOW_MS, asked_ms: None, by, command: None, event });
        }
        Ok(())
    }

    pub fn does(&mut self, kind: &str, args: &Value) -> Result<(), Gap> {
        self.give(kind, args).map_err(refused)
    }

    fn ship(&mut self, quantity: i64) -> Result<(), Gap> {
        self.does("confirm", &json!({}))?;
        let lines = json!([{"line": "1", "quantity": quantity.to_string()}]);
        self.does("ship", &json!({"shipment": "s", "lines": lines}))
    }
}

fn refused(refusal: Refusal) -> Gap {
    let codes = refusal.issues.iter().map(|issue| issue.code.to_string());
    Gap::Refused(codes.collect::<Vec<_>>().join(", "))
}

pub fn payment(id: &str, kind: &str, amount: i64, state: &str) -> Value {
    json!({"id": id, "kind": kind, "method": "card", "amountMinor": amount, "state": state, "isCertain": true})
}

fn minor(amount: i64) -> Result<Amount, Gap> {
    Amount::new(amount).map_err(|_| Gap::not_covered("amounts beyond 2^53"))
}

/// The engine's word in the spelling of the cases.
fn word(value: impl Serialize) -> String {
    let text = serde_json::to_value(value).ok().and_then(|it| it.as_str().map(str::to_owned));
    let mut snake = String::new();
    for letter in text.unwrap_or_default().chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    match snake.as_str() {
        "canceled" => "cancelled".to_owned(),
        "over" => "overcharged".to_owned(),
        "success" => "completed".to_owned(),
        "failure" => "failed".to_owned(),
        _ => snake,
    }
}

fn same_word(case: Case<'_>, found: &str) -> Outcome {
    let expected = &case.value["expected"];
    only(expected, "figure", &["status"])?;
    let mut comparison = Comparison::default();
    let status = text(expected, "status")?;
    if status != found {
        comparison.add("status", status, found);
    }
    comparison.finish()
}

fn same_amount(case: Case<'_>, key: &str, found: Amount) -> Outcome {
    only(&case.value["expected"], "figure", &[key])?;
    let mut comparison = Comparison::default();
    let found = crate::vectors_runner::exact::Exact::from_minor(found.minor(), case.unit_digits);
    comparison.exact(key, case.required(&case.value["expected"], key)?, found);
    comparison.finish()
}

/// `balance`: what is still due after payments, refunds and a cancellation.
pub fn balance(case: Case<'_>) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["order_total", "status", "payments", "refunds"])?;
    let mut life = Life::of_total(case, case.minor(input, "order_total")?)?;
    for (at, row) in rows(input, "payments")?.iter().enumerate() {
        only(row, "payment", &["amount", "state"])?;
        let (id, amount) = (format!("p{at}"), case.minor(row, "amount")?);
        match text(row, "state")? {
            "completed" => {
                life.does("recordPayment", &payment(&id, "capture", amount, "success"))?
            }
            "void" => {
                life.does("recordPayment", &payment(&id, "authorization", amount, "success"))?;
                let mut void = payment(&format!("v{at}"), "void", amount, "success");
                void["source"] = json!(id);
                life.does("recordPayment", &void)?;
            }
            other => return Err(Gap::not_covered(format!("a payment that is {other}"))),
        }
    }
    match text(input, "status")? {
        "complete" => {}
        "canceled" => life.does("cancel", &json!({"reason": "called off"}))?,
        other => return Err(Gap::not_covered(format!("an order that is {other}"))),
    }
    for (at, row) in rows(input, "refunds")?.iter().enumerate() {
        only(row, "refund", &["amount"])?;
        let amount = case.minor(row, "amount")?;
        life.does("recordPayment", &payment(&format!("r{at}"), "refund", amount, "success"))?;
    }
    let derived = life.order()?.derived().map_err(|_| Gap::not_covered("amounts beyond 2^53"))?;
    same_amount(case, "outstanding_balance", derived.balance_due_minor)
}

/// `charge_status`: what came in beside the total less what was granted.
pub fn charge_status(case: Case<'_>) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["total", "granted_refund", "charged", "has_lines"])?;
    let (total, granted) = (case.minor(input, "total")?, case.minor(input, "granted_refund")?);
    let (net, due) = (minor(case.minor(input, "charged")?)?, minor(total - granted)?);
    same_word(case, &word(charge_level(net, due)))
}

/// `refund_check`: whether a refund of a payment is possible, and of how much if nobody says.
pub fn refund_check(case: Case<'_>) -> Outcome {
    let (input, expected) = (&case.value["input"], &case.value["expected"]);
    only(input, "input", &["payment", "state", "refund"])?;
    only(expected, "figure", &["ok", "amount", "error"])?;
    if text(input, "state")? != "completed" {
        return Err(Gap::not_covered("a refund of a payment that is not completed"));
    }
    let paid = case.minor(input, "payment")?;
    let mut life = Life::of_total(case, paid)?;
    life.does("recordPayment", &payment("p", "capture", paid, "success"))?;
    let amount = match case.amount(input, "refund")? {
        Some(_) => case.minor(input, "refund")?,
        None => {
            let payments = life.order()?.payments;
            let left = refundable(&payments).and_then(|parts| {
                let left = Amount::sum(parts.iter().map(|part| part.amount_minor))?;
                refund_plan(&payments, left, RefundOrder::LastFirst)
            });
            let parts = left.map_err(|_| Gap::not_covered("amounts beyond 2^53"))?;
            parts.iter().map(|part| part.amount_minor.minor()).sum()
        }
    };
    let given = life.give("recordPayment", &payment("r", "refund", amount, "success"));
    let mut comparison = Comparison::default();
    let is_ok = expected["ok"] == true;
    if is_ok != given.is_ok() {
        comparison.add("ok", is_ok, given.is_ok());
    }
    if let Some(figure) = case.amount(expected, "amount")? {
        let found = crate::vectors_runner::exact::Exact::from_minor(amount, case.digits);
        comparison.exact("amount", figure, found);
    }
    if let (Some(error), Err(refusal)) = (expected["error"].as_str(), &given) {
        let found = match refusal.code() {
            Code::RefundTooLarge => "refund_amount_exceeds_balance".to_owned(),
            code => code.to_string(),
        };
        if error != found {
            comparison.add("error", error, found);
        }
    }
    comparison.finish()
}

/// `refund`: what a part of a line is worth that comes back, by the whole way of a return.
pub fn refund(case: Case<'_>) -> Outcome {
    let input = &case.value["input"];
    let known = ["line", "return_quantity", "order_adjustment", "shipping_adjustment", "exchange"];
    only(input, "input", &known)?;
    only(&input["line"], "line", &["unit_price", "quantity"])?;
    // A figure that is no whole cent is asked of a unit that is finer than any currency.
    let is_whole = case
        .amount(&case.value["expected"], "amount")?
        .is_some_and(|it| it.minor(case.digits).is_some());
    let case = if is_whole { case } else { Case { unit_digits: Case::FINE_DIGITS, ..case } };
    let price = case.required(&input["line"], "unit_price")?;
    let quantity = input["line"]["quantity"].to_string();
    let mut rules = engine::ruleset(case.currency(), true);
    rules["shippingMethods"] = json!([{"id": "parcel", "name": {"en": "Parcel"}, "priceMinor": 10_000, "taxClass": "none"}]);
    rules["taxClasses"] = json!([{"id": "none", "rules": [{"components": [{"percent": "0"}]}]}]);
    let mut draft = json!({"lines": [{"sku": "A", "quantity": quantity, "unitPrice": case.price(price)?, "taxes": []}]});
    if let Some(amount) = case.amount(input, "order_adjustment")? {
        let off = case
            .units(crate::vectors_runner::exact::Exact::ZERO.minus(amount))
            .ok_or_else(|| Gap::not_covered("parts of a cent"))?;
        draft["adjustments"] = json!([{"kind": "allowance", "amountMinor": off, "reason": "off"}]);
    }
    if let Some(amount) = case.amount(input, "shipping_adjustment")? {
        let off = case
            .units(crate::vectors_runner::exact::Exact::ZERO.minus(amount))
            .ok_or_else(|| Gap::not_covered("parts of a cent"))?;
        draft["details"] = json!({"shippingMethod": "parcel"});
        rules["promotions"] = json!([{"id": "off", "name": {"en": "Off"}, "effect": {"kind": "shippingFixed", "amountMinor": off}}]);
    }
    let mut life = Life::place(&rules, &draft)?;
    life.does("confirm", &json!({}))?;
    life.does("ship", &json!({"shipment": "s"}))?;
    life.does("deliver", &json!({"shipment": "s"}))?;
    let kind = if input["exchange"] == true { "exchange" } else { "return" };
    let lines =
        json!([{"line": "1", "quantity": input["return_quantity"].to_string(), "reason": "late"}]);
    life.does("requestReturn", &json!({"returnId": "r", "kind": kind, "lines": lines}))?;
    for step in ["approveReturn", "receiveReturn", "inspectReturn", "resolveReturn"] {
        life.does(step, &json!({"returnId": "r"}))?;
    }
    let order = life.order()?;
    let credit = order.credits.last().ok_or_else(|| Gap::malformed("no credit"))?;
    let found = crate::vectors_runner::exact::Exact::from_minor(
        credit.total_minor.minor(),
        case.unit_digits,
    );
    only(&case.value["expected"], "figure", &["amount"])?;
    let expected = case.required(&case.value["expected"], "amount")?;
    let slack = (!is_whole).then(|| crate::vectors_runner::exact::Exact::from_minor(1, 9));
    let mut comparison = Comparison::default();
    comparison.within("amount", expected, found, slack);
    comparison.finish()
}

/// `credit_lines`: credits that are no goods, added up.
pub fn credit_lines(case: Case<'_>) -> Outcome {
    let mut sum = Amount::ZERO;
    for (at, row) in rows(case.value, "credit_lines")?.iter().enumerate() {
        only(row, "credit", &["amount"])?;
        let amount = minor(case.minor(row, "amount")?)?;
        let other =
            CreditShare { net_minor: amount, gross_minor: amount, ..CreditShare::default() };
        let credit =
            Credit::new(at.to_string(), CreditCause::Goodwill, Vec::new(), None, Vec::new(), other);
        let credit = credit.and_then(|credit| sum.plus(credit.total_minor));
        sum = credit.map_err(|_| Gap::not_covered("amounts beyond 2^53"))?;
    }
    same_amount(case, "credit_total", sum)
}

/// `allocate_payments`: payments for several orders, each paid exactly.
pub fn allocate_payments(case: Case<'_>) -> Outcome {
    let (input, expected) = (&case.value["input"], &case.value["expected"]);
    only(input, "input", &["order_totals", "payments"])?;
    only(expected, "figure", &["authorized", "captured_sum"])?;
    let overflow = |_| Gap::not_covered("amounts beyond 2^53");
    let whole = |amount| case.units(amount).ok_or_else(|| Gap::not_covered("parts of a cent"));
    let mut open = Vec::new();
    for total in case.amounts(input, "order_totals")? {
        open.push(minor(whole(total)?)?);
    }
    let (mut paid, mut sum) = (vec![Amount::ZERO; open.len()], Amount::ZERO);
    for row in rows(input, "payments")? {
        only(row, "payment", &["amount", "state"])?;
        let amount = minor(case.minor(row, "amount")?)?;
        for (at, share) in allocate(amount, &open).map_err(overflow)?.into_iter().enumerate() {
            paid[at] = paid[at].plus(share).map_err(overflow)?;
            open[at] = open[at].minus(share).map_err(overflow)?;
        }
        sum = sum.plus(amount).map_err(overflow)?;
    }
    let mut comparison = Comparison::default();
    for (at, figure) in case.amounts(expected, "authorized")?.into_iter().enumerate() {
        let found = crate::vectors_runner::exact::Exact::from_minor(paid[at].minor(), case.digits);
        comparison.exact(format!("authorized {at}"), figure, found);
    }
    let found = crate::vectors_runner::exact::Exact::from_minor(sum.minor(), case.digits);
    comparison.exact("captured_sum", case.required(expected, "captured_sum")?, found);
    comparison.finish()
}

/// `order_status`: how much of the goods has moved.
pub fn order_status(case: Case<'_>) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["quantities"])?;
    let quantities = &input["quantities"];
    only(quantities, "quantities", &["ordered", "fulfilled", "awaiting_approval"])?;
    let count = |key: &str| quantities[key].as_i64().unwrap_or(0);
    let line = json!({"sku": "A", "quantity": count("ordered").to_string(), "unitPrice": "1", "taxes": []});
    let mut life = Life::place(&engine::ruleset(case.currency(), true), &json!({"lines": [line]}))?;
    let waiting = count("awaiting_approval");
    if waiting > 0 {
        // What nobody has let go is set aside and has not left.
        life.does("confirm", &json!({}))?;
        let lines = json!([{"line": "1", "quantity": waiting.to_string()}]);
        life.does("allocate", &json!({"shipment": "w", "lines": lines}))?;
    }
    if count("fulfilled") > waiting {
        life.ship(count("fulfilled") - waiting)?;
    }
    let found = word(life.order()?.fulfillment()).replace("shipped", "fulfilled");
    same_word(case, &found)
}

/// `state`: what may follow a state, and what it leads to.
pub fn state(case: Case<'_>) -> Outcome {
    let (input, expected) = (&case.value["input"], &case.value["expected"]);
    only(input, "input", &["machine", "from", "guards"])?;
    only(expected, "figure", &["transitions"])?;
    let (machine, from) = (text(input, "machine")?, text(input, "from")?);
    let transitions = expected["transitions"].as_object();
    let transitions = transitions.ok_or_else(|| Gap::malformed("no transitions"))?;
    let mut comparison = Comparison::default();
    for (by, to) in transitions {
        let found = match machine {
            // The payment of an order that is called off has no word of its own: the order has.
            "order_payment" | "order_shipping" if by == "cancel" => called_off(),
            "order_payment" => order_payment(from, by)?,
            "order_shipping" => order_shipping(from, by)?,
            "payment" => single_payment(from, by)?,
            "shipment" => shipment(from, by)?,
            other => {
                return Err(Gap::not_covered(format!(
                    "steps of the {other}: a draft is filled in in any order"
                )));
            }
        };
        let to = to.as_str().unwrap_or_default();
        if to != found {
            comparison.add(by, to, found);
        }
    }
    comparison.finish()
}

fn called_off() -> String {
    let from = OrderStatus::Placed;
    let moves = table::ORDER_MOVES.iter();
    let to = moves.clone().find(|(start, by, _)| *start == from && *by == CommandKind::Cancel);
    to.map_or_else(String::new, |(_, _, to)| word(to))
}

/// The word for a ledger of an order of 10.00.
fn order_payment(from: &str, by: &str) -> Result<String, Gap> {
    let rows = match from {
        "awaiting_payment" => vec![],
        "authorized" => vec![("authorization", 1_000)],
        "partially_paid" => vec![("capture", 400)],
        "partially_refunded" => vec![("capture", 1_000), ("refund", 300)],
        other => return Err(Gap::not_covered(format!("order payment {other}"))),
    };
    let paid: i64 = rows.iter().filter(|row| row.0 == "capture").map(|row| row.1).sum();
    let back: i64 = rows.iter().filter(|row| row.0 == "refund").map(|row| row.1).sum();
    let next = match by {
        "partially_authorize" => ("authorization", 400),
        "authorize" => ("authorization", 1_000),
        "partially_pay" => ("capture", 300),
        "pay" => ("capture", 1_000 - paid),
        "partially_refund" => ("refund", 100),
        "refund" => ("refund", paid - back),
        other => return Err(Gap::not_covered(format!("order payment by {other}"))),
    };
    let mut payments: Vec<Payment> = Vec::new();
    for (at, (kind, amount)) in rows.into_iter().chain([next]).enumerate() {
        let value = payment(&at.to_string(), kind, amount, "success");
        payments.push(serde_json::from_value(value).map_err(|it| Gap::malformed(it.to_string()))?);
    }
    let due = minor(1_000)?;
    let status = Ledger::of(&payments).and_then(|ledger| payment_status(&ledger, due));
    status.map(word).map_err(|_| Gap::not_covered("amounts beyond 2^53"))
}

fn order_shipping(from: &str, by: &str) -> Result<String, Gap> {
    if from != "ready" {
        return Err(Gap::not_covered(format!("order shipping {from}")));
    }
    let line = json!({"sku": "A", "quantity": "2", "unitPrice": "1", "taxes": []});
    let mut life = Life::place(&engine::ruleset("EUR", true), &json!({"lines": [line]}))?;
    life.ship(match by {
        "partially_ship" => 1,
        "ship" => 2,
        other => return Err(Gap::not_covered(format!("order shipping by {other}"))),
    })?;
    Ok(word(life.order()?.fulfillment()))
}

/// A payment that a provider keeps ready and whose capture is on its way.
fn single_payment(from: &str, by: &str) -> Result<String, Gap> {
    if from != "authorized" {
        return Err(Gap::not_covered(format!("payment {from}")));
    }
    let state = match by {
        "complete" => PaymentState::Success,
        "fail" => PaymentState::Failure,
        "cancel" => PaymentState::Canceled,
        other => return Err(Gap::not_covered(format!("payment by {other}"))),
    };
    let read = |state: &str| {
        serde_json::from_value::<Payment>(payment("p", "capture", 1_000, state))
            .map_err(|it| Gap::malformed(it.to_string()))
    };
    let earlier = read("pending")?;
    let later = Payment { state, ..earlier.clone() };
    Ok(if earlier.may_become(&later) { word(state) } else { "refused".to_owned() })
}

fn shipment(from: &str, by: &str) -> Result<String, Gap> {
    let by = match by {
        "ship" => CommandKind::Ship,
        "cancel" => CommandKind::CancelShipment,
        other => return Err(Gap::not_covered(format!("shipment by {other}"))),
    };
    if from != "ready" {
        return Err(Gap::not_covered(format!("shipment {from}")));
    }
    let to = table::shipment_move(Some(ShipmentStatus::Allocated), by, |_| true);
    Ok(to.map_or_else(|| "refused".to_owned(), word))
}
