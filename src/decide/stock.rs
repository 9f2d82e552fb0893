//! The stock's word in a decision: what is there, what comes later, and what was sold twice.

use uuid::Uuid;

use super::{Facts, cancel, returns::canceled};
use crate::{
    command::{Reason, SettleShortage},
    context::{Context, StockLevel},
    decimal::Decimal,
    inventory::{
        OVERSOLD, Shortage, ShortageAnswer, ShortageChoice, Shortfall, StockNeed, Wanted,
        lines_short, shortfalls,
    },
    issue::{Code, Issue, Refusal},
    order::{Event, EventRecord, Order, OrderLine, ShipmentLine},
    ruleset::Oversold,
};

/// The events of an order that is placed: with what comes later, and what is called off because somebody else got it.
pub(super) fn placed(
    known: Option<&Order>,
    placed: Event,
    is_promised: bool,
    context: &Context,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if context.stock.is_empty() {
        // Nothing is counted, so nothing can be short: no need to make the order twice.
        return Ok(vec![placed]);
    }
    let order = after(known, &placed, facts)?;
    let rules = &facts.rules.ruleset().inventory;
    let short = shortfalls(&wanted(&order), rules, context);
    if short.is_empty() {
        return Ok(vec![placed]);
    }
    let policy = if is_promised { rules.oversold } else { Oversold::Refuse };
    let missing = || short.iter().filter(|it| !it.missing.is_zero());
    if policy == Oversold::Refuse && missing().next().is_some() {
        let path = |it: &Shortfall| format!("/args/draft/lines/{}/quantity", it.index);
        let issues = missing().map(|it| it.issue(path(it), context, rules));
        return Err(Refusal { issues: issues.collect() });
    }
    let mut shortages = Vec::new();
    let mut off = Vec::new();
    for it in &short {
        let Some(line) = order.lines.get(it.index) else { continue };
        let mut add = |quantity: Decimal, answer, is_oversold| {
            if !quantity.is_zero() {
                let (line, sku) = (line.id.clone(), line.sku.clone());
                let (lead_days, since_ms, choice) = (it.lead_days, 0, None);
                shortages.push(Shortage {
                    line,
                    sku,
                    quantity,
                    answer,
                    is_oversold,
                    lead_days,
                    since_ms,
                    choice,
                });
            }
        };
        add(it.later, ShortageAnswer::Later, false);
        if policy == Oversold::Partial {
            add(it.missing, ShortageAnswer::Canceled, true);
            off.push(ShipmentLine { line: line.id.clone(), quantity: it.missing });
        } else {
            add(it.missing, ShortageAnswer::Later, true);
        }
    }
    off.retain(|part| !part.quantity.is_zero());
    let mut events = vec![placed, Event::StockShort { shortages }];
    if !off.is_empty() {
        let is_off = |line: &OrderLine| {
            off.iter().any(|part| part.line == line.id && part.quantity == line.ordered)
        };
        if order.lines.iter().all(is_off) {
            // Nothing of it is there: that is no order.
            let path = |it: &Shortfall| format!("/args/draft/lines/{}/quantity", it.index);
            let issues = missing().map(|it| it.issue(path(it), context, rules));
            return Err(Refusal { issues: issues.collect() });
        }
        let credit = canceled(&order, OVERSOLD.to_owned(), &off, facts)?;
        events.push(Event::LinesCanceled { reason: OVERSOLD.to_owned(), credit });
    }
    Ok(events)
}

/// The order after these events.
pub(super) fn after_all(
    order: &Order,
    events: &[Event],
    facts: &Facts<'_>,
) -> Result<Order, Issue> {
    let mut events = events.iter();
    events.try_fold(order.clone(), |order, event| after(Some(&order), event, facts))
}

fn after(known: Option<&Order>, event: &Event, facts: &Facts<'_>) -> Result<Order, Issue> {
    let record = EventRecord {
        at_ms: facts.now_ms,
        asked_ms: None,
        by: facts.actor.clone(),
        command: None,
        event: event.clone(),
    };
    match known {
        Some(known) => {
            let mut order = known.clone();
            order.apply(&record)?;
            Ok(order)
        }
        None => {
            Order::begin(Uuid::nil(), &record).ok_or_else(|| Issue::new(Code::StoreCorrupt, ""))
        }
    }
}

fn wanted(order: &Order) -> Vec<Wanted<'_>> {
    let lines = order.lines.iter();
    lines.map(|line| Wanted { sku: &line.sku, quantity: line.open_to_ship() }).collect()
}

/// A closed order lives again if its goods are still there, or may come later.
pub(super) fn reinstated(
    order: &Order,
    why: &Reason,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = Event::Reinstated { reason: cancel::reason(&why.reason)? };
    let Some(context) = facts.context else { return Ok(vec![event]) };
    let order = after(Some(order), &event, facts)?;
    let rules = &facts.rules.ruleset().inventory;
    let short = shortfalls(&wanted(&order), rules, context);
    let missing = short.iter().filter(|it| !it.missing.is_zero());
    let issues = missing.map(|it| it.issue(String::new(), context, rules));
    Refusal::unless_empty(issues.collect())?;
    let later = short.iter().filter_map(|it| {
        let line = order.lines.get(it.index)?;
        Some(comes_later(line, it.later, it.lead_days))
    });
    let shortages: Vec<Shortage> = later.collect();
    let told = (!shortages.is_empty()).then_some(Event::StockShort { shortages });
    Ok(core::iter::once(event).chain(told).collect())
}

/// What an edit or an exchange wants beside what the order had must be there, or may come later: then the event says so.
///
/// # Errors
///
/// `stock_missing` for each SKU, at a path.
pub(super) fn suffices_for(
    before: &Order,
    after: &Order,
    path: &str,
    facts: &Facts<'_>,
) -> Result<Option<Event>, Refusal> {
    let Some(context) = facts.context.filter(|context| !context.stock.is_empty()) else {
        return Ok(None);
    };
    let rules = &facts.rules.ruleset().inventory;
    let had = before.stock_needs(rules);
    let open = |need: &StockNeed| need.open.checked_add(need.allocated).unwrap_or_default();
    let now = after.stock_needs(rules);
    let more: Vec<(&str, Decimal)> = now
        .iter()
        .filter_map(|need| {
            let had = had.iter().find(|it| it.sku == need.sku).map_or(Decimal::ZERO, open);
            let more = open(need).checked_sub(had).filter(|more| *more > Decimal::ZERO)?;
            Some((need.sku.as_str(), more))
        })
        .collect();
    // They are counted already: a part is no set.
    let wanted: Vec<Wanted<'_>> =
        more.iter().map(|(sku, quantity)| Wanted { sku, quantity: *quantity }).collect();
    let short = shortfalls(&wanted, rules, context);
    let missing = short.iter().filter(|it| !it.missing.is_zero());
    Refusal::unless_empty(missing.map(|it| it.issue(path.to_owned(), context, rules)).collect())?;
    Ok(more_short(before, after, &short, facts))
}

/// What of the lines that an edit or an exchange adds comes later.
fn more_short(
    before: &Order,
    after: &Order,
    short: &[Shortfall],
    facts: &Facts<'_>,
) -> Option<Event> {
    let more = after.lines.iter().filter_map(|line| {
        let known = before.lines.iter().find(|it| it.id == line.id);
        let had = known.map_or(Decimal::ZERO, OrderLine::to_deliver);
        let more = line.to_deliver().checked_sub(had).filter(|more| *more > Decimal::ZERO)?;
        Some((line, more))
    });
    let more: Vec<(&OrderLine, Decimal)> = more.collect();
    let wanted: Vec<Wanted<'_>> =
        more.iter().map(|(line, more)| Wanted { sku: &line.sku, quantity: *more }).collect();
    let later = lines_short(&wanted, short, &facts.rules.ruleset().inventory);
    let shortages = later.into_iter().filter_map(|(index, quantity, lead_days)| {
        let (line, _) = more.get(index)?;
        Some(comes_later(line, quantity, lead_days))
    });
    let shortages: Vec<Shortage> = shortages.collect();
    (!shortages.is_empty()).then_some(Event::StockShort { shortages })
}

/// Units of a line that were not promised to be there at once.
fn comes_later(line: &OrderLine, quantity: Decimal, lead_days: Option<u32>) -> Shortage {
    Shortage {
        line: line.id.clone(),
        sku: line.sku.clone(),
        quantity,
        answer: ShortageAnswer::Later,
        is_oversold: false,
        lead_days,
        since_ms: 0,
        choice: None,
    }
}

/// Goods on the shelf that no other order holds, where the facts say how many there are.
pub(super) fn suffices_to_set_aside(
    order: &Order,
    lines: &[ShipmentLine],
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let Some(context) = facts.context.filter(|context| !context.stock.is_empty()) else {
        return Ok(());
    };
    let rules = &facts.rules.ruleset().inventory;
    let goods: Vec<(usize, &OrderLine, Decimal)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, part)| {
            let line = order.lines.iter().find(|line| line.id == part.line)?;
            Some((at, line, part.quantity))
        })
        .collect();
    let wanted: Vec<Wanted<'_>> = goods
        .iter()
        .map(|(_, line, quantity)| Wanted { sku: &line.sku, quantity: *quantity })
        .collect();
    // Work goes on offline: what is kept for this order is not the device's to sell.
    let stock = context.stock.iter().map(|level| StockLevel {
        quantity: level.quantity.checked_add(rules.safety(&level.sku)).unwrap_or(level.quantity),
        ..level.clone()
    });
    let context = Context { stock: stock.collect(), is_offline: false, ..context.clone() };
    let issues = shortfalls(&wanted, rules, &context).into_iter().map(|it| {
        let at = goods.get(it.index).map_or(it.index, |(at, _, _)| *at);
        it.issue(format!("/args/lines/{at}/quantity"), &context, rules)
    });
    Refusal::unless_empty(issues.collect())
}

/// It is chosen what to do about goods that were promised and are not there.
pub(super) fn settle(
    order: &Order,
    settle: &SettleShortage,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let settled = Event::ShortageSettled { choice: settle.choice };
    let waiting = || {
        let open = order.shortages.iter().filter(|it| it.is_open());
        open.filter(|it| it.answer == ShortageAnswer::Later)
    };
    if settle.choice == ShortageChoice::Later {
        if waiting().next().is_none() {
            // They were called off: an edit adds them again, at the price of today.
            return Err(Issue::new(Code::NothingOpen, "/args/choice").into());
        }
        return Ok(vec![settled]);
    }
    let mut off: Vec<ShipmentLine> = Vec::new();
    for line in &order.lines {
        let own = waiting().filter(|it| it.line == line.id).map(|it| it.quantity);
        let quantity = crate::returns::sum(own).unwrap_or_default().min(line.open_to_ship());
        if !quantity.is_zero() {
            off.push(ShipmentLine { line: line.id.clone(), quantity });
        }
    }
    if off.is_empty() {
        return Ok(vec![settled]);
    }
    let covers = |line: &OrderLine| {
        let own = off.iter().filter(|part| part.line == line.id).map(|part| part.quantity);
        crate::returns::sum(own) == Some(line.to_deliver())
    };
    if order.lines.iter().all(covers) {
        return Ok(vec![settled, Event::Canceled { reason: OVERSOLD.to_owned(), cause: None }]);
    }
    let id = format!("{OVERSOLD}-{}", order.credits.len());
    let credit = canceled(order, id, &off, facts)?;
    Ok(vec![settled, Event::LinesCanceled { reason: OVERSOLD.to_owned(), credit }])
}
