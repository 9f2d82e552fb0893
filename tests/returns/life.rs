//! An order that lives by commands, looked at after every event.

use orderkit::{
    Actor, Amount, Command, Context, Draft, EventRecord, Expectation, Facts, Order, OrderLog,
    Refusal, Role, Rules, allowed_commands, decide, ledger::Ledger, quote,
};
use serde_json::{Value, json};
use uuid::Uuid;

pub const NOW_MS: i64 = 1_764_000_000_000;
pub const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Prices with tax, several discounts that are shared over lines, and shipping.
pub fn ruleset() -> Value {
    json!({
        "version": "1", "name": {"en": "Corner shop", "zh": "街角小店"}, "currency": "EUR",
        "homeCountry": "DE", "priceBasis": "taxInclusive",
        "products": [
            {"sku": "TEA", "name": {"en": "Tea"}, "unitPrice": "4.95", "taxClass": "food", "category": "drinks"},
            {"sku": "CUP", "name": {"en": "Cup"}, "unitPrice": "12.50", "taxClass": "goods"},
            {"sku": "MUG", "name": {"en": "Mug"}, "unitPrice": "20.00", "taxClass": "goods"},
            {"sku": "PIN", "name": {"en": "Pin"}, "unitPrice": "0.37", "taxClass": "goods"},
            {"sku": "CUT", "name": {"en": "Cut to size"}, "unitPrice": "9.00", "taxClass": "goods", "isFinalSale": true},
            {"sku": "TAPE", "name": {"en": "Tape by the metre"}, "unitPrice": "0.333", "taxClass": "goods", "quantityStep": "0.1", "minimumQuantity": "0.1", "maximumQuantity": "50"}
        ],
        "shippingMethods": [{"id": "parcel", "name": {"en": "Parcel"}, "priceMinor": 490, "taxClass": "goods"}],
        "paymentMethods": [
            {"id": "card", "name": {"en": "Card"}},
            {"id": "cash", "name": {"en": "Cash"}, "terms": "onDelivery", "cashRounding": {"stepMinor": 5}}
        ],
        "taxClasses": [
            {"id": "food", "rules": [{"components": [{"percent": "7"}]}]},
            {"id": "goods", "rules": [{"components": [{"percent": "19"}]}]}
        ]
    })
}

pub fn rules(ruleset: &Value) -> Rules {
    Rules::from_json(ruleset.to_string().as_bytes()).unwrap()
}

/// A draft of goods, such as `3 TEA, 1 CUP`, with more details.
pub fn draft(goods: &str, details: Value) -> Draft {
    let line = |part: &str| {
        let (quantity, sku) = part.trim().split_once(' ').unwrap();
        json!({"sku": sku, "quantity": quantity})
    };
    let mut all = json!({
        "customer": {"name": "Ada Lovelace", "email": "ada@example.org"},
        "shippingAddress": {"street": ["Unter den Linden 1"], "city": "Berlin", "postcode": "10117", "country": "DE"},
        "shippingMethod": "parcel", "paymentMethod": "card"
    });
    for (key, value) in details.as_object().cloned().unwrap_or_default() {
        all[key] = value;
    }
    let lines: Vec<Value> = goods.split(',').map(line).collect();
    serde_json::from_value(json!({"lines": lines, "details": all})).unwrap()
}

/// An order with the rules and the actors that change it.
pub struct Life {
    pub rules: Rules,
    pub context: Context,
    pub log: OrderLog,
    pub now_ms: i64,
    actor: Actor,
    steps: usize,
}

impl Life {
    /// A new order that staff enter.
    pub fn place(rules: Rules, draft: Draft, context: Context) -> Self {
        let context = Context { now_ms: NOW_MS, may_adjust: true, ..context };
        let priced = quote(&draft, &rules, &context).unwrap();
        let expect = Expectation {
            total_minor: priced.totals.gross_minor,
            ruleset_digest: rules.digest().to_owned(),
            payable_minor: None,
        };
        let place = orderkit::Place { draft, number: None, expect, is_repeat: false };
        let log = OrderLog::new(Uuid::from_u128(1));
        let actor = Actor { user: "ada".to_owned(), role: Role::Staff };
        let mut life = Self { rules, context, log, now_ms: NOW_MS, actor, steps: 0 };
        life.run(&Command::Place(Box::new(place))).unwrap();
        life
    }

    /// An order that was paid by card, shipped whole and has arrived.
    pub fn delivered(ruleset: &Value, draft: Draft) -> Self {
        let mut life = Self::place(rules(ruleset), draft, Context::default());
        life.pay();
        life.ship_all();
        life
    }

    pub fn order(&self) -> Order {
        self.log.order().unwrap()
    }

    /// From now on as this role.
    pub fn act_as(&mut self, role: Role) {
        self.actor.role = role;
    }

    pub fn facts(&self) -> Facts<'_> {
        Facts {
            rules: &self.rules,
            earlier: None,
            now_ms: self.now_ms,
            asked_ms: self.now_ms,
            actor: &self.actor,
            device: Some("K7"),
            context: Some(&self.context),
            assigned_number: Some("251124-224444T"),
            seen: None,
            review: None,
        }
    }

    /// A command by its name and arguments, as it would come over the wire.
    pub fn try_to(&mut self, kind: &str, args: Value) -> Result<Order, Refusal> {
        let command = Command::parse(&format!("{kind}@1"), args.to_string().as_bytes()).unwrap();
        self.run(&command)
    }

    #[track_caller]
    pub fn does(&mut self, kind: &str, args: Value) -> Order {
        let said = args.to_string();
        self.try_to(kind, args).unwrap_or_else(|refusal| panic!("{kind} {said}: {refusal:?}"))
    }

    /// The code and path of the first reason.
    #[track_caller]
    pub fn refuses(&mut self, kind: &str, args: Value) -> (orderkit::Code, String) {
        let refusal = self.try_to(kind, args).unwrap_err();
        (refusal.code(), refusal.issues[0].path.clone())
    }

    fn run(&mut self, command: &Command) -> Result<Order, Refusal> {
        let order = (!self.log.events.is_empty()).then(|| self.order());
        let allowed = allowed_commands(order.as_ref(), &self.facts());
        let possible = allowed.iter().any(|it| it.command == command.kind() && it.allowed);
        let events = decide(order.as_ref(), command, &self.facts())?;
        assert!(
            possible || events.is_empty(),
            "{:?} was done though it is not offered",
            command.kind()
        );
        let mut order = order;
        for event in events {
            let (at_ms, by) = (self.now_ms, self.actor.clone());
            let record = EventRecord { at_ms, asked_ms: None, by, command: None, event };
            order = Some(match order {
                None => Order::begin(self.log.id, &record).unwrap(),
                Some(mut order) => {
                    order.apply(&record).unwrap();
                    order
                }
            });
            self.log.push(record);
            self.must_hold(order.as_ref().unwrap());
        }
        Ok(order.unwrap())
    }

    /// What must be so after every event.
    fn must_hold(&mut self, order: &Order) {
        self.steps += 1;
        if let Some((line, rule)) = order.broken_invariant() {
            panic!("{rule}: {line:#?}\n{:#?}", self.log.events);
        }
        let ledger = Ledger::of(&order.payments).unwrap();
        let back = ledger.returned.plus(ledger.refund_pending).unwrap();
        assert!(back <= ledger.captured, "more went back than came");
        assert!(order.due().unwrap() >= Amount::ZERO, "credited more than it cost");
    }

    pub fn pay(&mut self) {
        let balance = self.order().derived().unwrap().balance_due_minor;
        if balance > Amount::ZERO {
            let id = format!("p{}", self.log.events.len());
            self.does("recordPayment", json!({"id": id, "method": "card", "amountMinor": balance}));
        }
    }

    pub fn ship_all(&mut self) {
        if self.order().status == orderkit::OrderStatus::Placed {
            self.does("confirm", json!({}));
        }
        let id = format!("s{}", self.log.events.len());
        self.does("ship", json!({"shipment": id}));
        self.does("deliver", json!({"shipment": id}));
    }

    /// Every step from the request of these units to the settlement; the order then.
    #[track_caller]
    pub fn gives_back(&mut self, id: &str, lines: &[(&str, &str)], reason: &str) -> Order {
        let lines: Vec<Value> = lines
            .iter()
            .map(|(line, quantity)| json!({"line": line, "quantity": quantity, "reason": reason}))
            .collect();
        self.does("requestReturn", json!({"returnId": id, "lines": lines}));
        self.receives(id);
        self.does("resolveReturn", json!({"returnId": id}))
    }

    /// From the approval until all was looked at and goes to the shelf.
    #[track_caller]
    pub fn receives(&mut self, id: &str) {
        for step in ["approveReturn", "receiveReturn", "inspectReturn"] {
            self.does(step, json!({"returnId": id}));
        }
    }

    /// Pays out what the settlement of a return says.
    #[track_caller]
    pub fn refunds(&mut self, id: &str) -> i64 {
        let order = self.order();
        let returned = order.returns.iter().find(|it| it.id == id).unwrap().clone();
        let mut sum = 0;
        for (at, part) in returned.refunds.iter().enumerate() {
            sum += part.amount_minor.minor();
            self.does(
                "recordPayment",
                json!({"id": format!("{id}-r{at}"), "kind": "refund",
                "method": part.method, "source": part.source, "amountMinor": part.amount_minor}),
            );
        }
        if !returned.store_credit_minor.is_zero() {
            // It went onto the account when the return was settled.
            sum += returned.store_credit_minor.minor();
        }
        sum
    }
}

/// The total of the last credit.
pub fn last_credit(order: &Order) -> i64 {
    order.credits.last().unwrap().total_minor.minor()
}
