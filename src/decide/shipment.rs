//! Setting goods aside, and the steps of a shipment.

use super::{
    Facts, is_blank, quantity::split_issue, stock::suffices_to_set_aside, within_text_limit,
};
use crate::{
    command::{Allocate, CommandKind, MoveShipment, Ship},
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    order::{Event, Order, Shipment, ShipmentLine, ShipmentStatus},
    ruleset::Workflow,
    status::table::{SHIPMENT_MOVES, WorkStep, shipment_move},
};

fn skips(workflow: &Workflow, step: WorkStep) -> bool {
    match step {
        WorkStep::Pick => !workflow.picks,
        WorkStep::Pack => !workflow.packs,
        WorkStep::PickAndPack => !workflow.picks && !workflow.packs,
    }
}

/// Where a command leads a shipment of this status in this shop.
fn destination(
    from: Option<ShipmentStatus>,
    by: CommandKind,
    facts: &Facts<'_>,
) -> Option<ShipmentStatus> {
    let workflow = &facts.rules.ruleset().workflow;
    shipment_move(from, by, |step| skips(workflow, step))
}

/// Why a command is not possible for a shipment, whatever else it says.
pub(super) fn obstacle(shipment: &Shipment, by: CommandKind, facts: &Facts<'_>) -> Option<Issue> {
    let possible = destination(Some(shipment.status), by, facts).is_some();
    (!possible)
        .then(|| Issue::new(Code::ShipmentForbids, "").with("status", shipment.status.as_str()))
}

/// Why no shipment of the order allows a command that is about one.
pub(super) fn none_allows(order: &Order, by: CommandKind, facts: &Facts<'_>) -> Option<Issue> {
    let reasons = order.shipments.iter().map(|shipment| obstacle(shipment, by, facts));
    let opens = by == CommandKind::Allocate && has_open(order);
    if opens || reasons.clone().any(|reason| reason.is_none()) {
        return None;
    }
    // Of several shipments the one that moved last says most.
    let last = order.shipments.iter().max_by_key(|shipment| shipment.moved_ms);
    let reason = last.and_then(|shipment| obstacle(shipment, by, facts));
    Some(reason.unwrap_or_else(|| Issue::new(Code::NothingOpen, "")))
}

fn has_open(order: &Order) -> bool {
    order.lines.iter().any(|line| !line.open_to_ship().is_zero())
}

/// Whether something can leave: a shipment that is ready, or open goods where nobody picks and packs.
pub(super) fn can_ship(order: &Order, facts: &Facts<'_>) -> bool {
    let ready = order.shipments.iter();
    let mut ready = ready.filter_map(|it| destination(Some(it.status), CommandKind::Ship, facts));
    let direct = destination(None, CommandKind::Ship, facts).is_some();
    ready.next().is_some() || (direct && has_open(order))
}

pub(super) fn why_nothing_ships(order: &Order, facts: &Facts<'_>) -> Issue {
    let workflow = &facts.rules.ruleset().workflow;
    let waits = order.shipments.iter().any(|it| !it.status.has_left());
    if has_open(order) || waits {
        let step = if workflow.packs { "pack" } else { "pick" };
        return Issue::new(Code::StepMissing, "").with("step", step);
    }
    Issue::new(Code::NothingOpen, "")
}

pub(super) fn allocate(
    order: &Order,
    allocate: &Allocate,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Some(known) = order.shipments.iter().find(|it| it.id == allocate.shipment) {
        // Goods have come for a shipment that waited for them.
        let to = destination(Some(known.status), CommandKind::Allocate, facts)
            .filter(|_| allocate.lines.is_none() && !allocate.is_backordered)
            .ok_or_else(|| Issue::new(Code::ShipmentRepeated, "/args/shipment"))?;
        suffices_to_set_aside(order, &known.lines, facts)?;
        return Ok(vec![moved(&known.id, to, None)]);
    }
    let lines = wanted(order, allocate.lines.as_deref());
    let mut issues = new_id_issues(&allocate.shipment);
    issues.extend(lines_issues(order, &lines, facts, "/args/lines"));
    Refusal::unless_empty(issues)?;
    if !allocate.is_backordered {
        suffices_to_set_aside(order, &lines, facts)?;
    }
    Ok(vec![Event::Allocated {
        shipment: allocate.shipment.clone(),
        lines,
        is_backordered: allocate.is_backordered,
    }])
}

pub(super) fn ship(order: &Order, ship: &Ship, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let known = order.shipments.iter().find(|it| it.id == ship.shipment);
    if known.is_some_and(|known| known.status.has_left()) {
        return Err(Issue::new(Code::AlreadyShipped, "/args/shipment").into());
    }
    let from = known.map(|known| known.status);
    if destination(from, CommandKind::Ship, facts).is_none() {
        return Err(
            Issue { path: "/args/shipment".into(), ..why_nothing_ships(order, facts) }.into()
        );
    }
    let mut issues = new_id_issues(&ship.shipment);
    if let Some(tracking) = &ship.tracking
        && order.shipments.iter().any(|it| it.tracking.as_ref() == Some(tracking))
    {
        let issue = Issue::new(Code::TrackingRepeated, "/args/tracking");
        issues.push(issue.with("tracking", tracking.as_str()));
    }
    let lines = match known {
        Some(known) => {
            let same = ship.lines.as_ref().is_none_or(|lines| same_goods(lines, &known.lines));
            if !same {
                issues.push(Issue::new(Code::ScanDiffers, "/args/lines"));
            }
            known.lines.clone()
        }
        None => {
            let lines = wanted(order, ship.lines.as_deref());
            issues.extend(lines_issues(order, &lines, facts, "/args/lines"));
            lines
        }
    };
    Refusal::unless_empty(issues)?;
    // Goods of a shipment that was there before are set aside for it.
    if known.is_none() {
        suffices_to_set_aside(order, &lines, facts)?;
    }
    Ok(vec![Event::Shipped {
        shipment: Shipment {
            id: ship.shipment.clone(),
            status: ShipmentStatus::Shipped,
            lines,
            carrier: ship.carrier.clone(),
            tracking: ship.tracking.clone(),
            shipped_ms: facts.now_ms,
            delivered_ms: None,
            moved_ms: facts.now_ms,
            reason: None,
            pickup_code: None,
        },
    }])
}

/// One step of a shipment.
pub(super) fn advance(
    order: &Order,
    kind: CommandKind,
    step: &MoveShipment,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    const PATH: &str = "/args/shipment";
    let Some(shipment) = order.shipments.iter().find(|it| it.id == step.shipment) else {
        let issue = Issue::new(Code::ShipmentUnknown, PATH);
        return Err(issue.with("shipment", step.shipment.as_str()).into());
    };
    let Some(to) = destination(Some(shipment.status), kind, facts) else {
        let issue = Issue::new(Code::ShipmentForbids, PATH);
        return Err(issue.with("status", shipment.status.as_str()).into());
    };
    let mut issues = Vec::new();
    let reason = step.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if needs_reason(kind) && reason.is_none() {
        issues.push(Issue::new(Code::Required, "/args/reason"));
    }
    let too_long = within_text_limit(reason.unwrap_or_default(), "/args/reason");
    issues.extend(too_long.err().into_iter().flat_map(|refusal| refusal.issues));
    if let Some(scanned) = &step.scanned
        && !same_goods(scanned, &shipment.lines)
    {
        issues.push(Issue::new(Code::ScanDiffers, "/args/scanned"));
    }
    if kind == CommandKind::PickUp && shipment.pickup_code != step.pickup_code {
        issues.push(Issue::new(Code::PickupCodeWrong, "/args/pickupCode"));
    }
    Refusal::unless_empty(issues)?;
    if kind == CommandKind::Deliver {
        return Ok(vec![Event::Delivered { shipment: shipment.id.clone() }]);
    }
    let pickup_code = step.pickup_code.clone().filter(|_| kind == CommandKind::ReadyForPickup);
    let reason = reason.map(str::to_owned);
    Ok(vec![Event::ShipmentMoved { shipment: shipment.id.clone(), to, reason, pickup_code }])
}

fn moved(shipment: &str, to: ShipmentStatus, reason: Option<String>) -> Event {
    Event::ShipmentMoved { shipment: shipment.to_owned(), to, reason, pickup_code: None }
}

/// Whether the shipment stands already where a step leads, and does not lead on: two people may note
/// the same arrival, and nobody is wrong.
pub(super) fn has_happened(order: &Order, kind: CommandKind, step: &MoveShipment) -> bool {
    let is_back = matches!(kind, CommandKind::Unpick | CommandKind::Unpack);
    let shipment = order.shipments.iter().find(|it| it.id == step.shipment);
    let leads = |status| {
        let moves = || SHIPMENT_MOVES.iter().filter(|it| it.by == kind);
        moves().any(|it| it.to == status) && !moves().any(|it| it.from == Some(status))
    };
    !is_back && shipment.is_some_and(|shipment| leads(shipment.status))
}

/// Steps back and mishaps need a reason that the next one can read.
fn needs_reason(kind: CommandKind) -> bool {
    matches!(
        kind,
        CommandKind::Unpick
            | CommandKind::Unpack
            | CommandKind::CancelShipment
            | CommandKind::FailDelivery
            | CommandKind::ReturnToSender
            | CommandKind::Lose
    )
}

fn new_id_issues(id: &str) -> Vec<Issue> {
    if is_blank(id) { vec![Issue::new(Code::Required, "/args/shipment")] } else { Vec::new() }
}

/// What was named, or everything that is open.
fn wanted(order: &Order, named: Option<&[ShipmentLine]>) -> Vec<ShipmentLine> {
    if let Some(named) = named {
        return named.to_vec();
    }
    let open = order.lines.iter().filter(|line| line.open_to_ship() > Decimal::ZERO);
    open.map(|line| ShipmentLine { line: line.id.clone(), quantity: line.open_to_ship() }).collect()
}

/// What is wrong with quantities that are taken from what is open of the lines.
pub(super) fn lines_issues(
    order: &Order,
    lines: &[ShipmentLine],
    facts: &Facts<'_>,
    path: &str,
) -> Vec<Issue> {
    if lines.is_empty() {
        return vec![Issue::new(Code::LinesEmpty, path)];
    }
    let issues = lines.iter().enumerate();
    issues
        .filter_map(|(index, part)| {
            part_issue(order, lines, part, facts, &format!("{path}/{index}"))
        })
        .collect()
}

fn part_issue(
    order: &Order,
    all: &[ShipmentLine],
    part: &ShipmentLine,
    facts: &Facts<'_>,
    path: &str,
) -> Option<Issue> {
    let line = match order.line(&part.line, &format!("{path}/line")) {
        Ok(line) => line,
        Err(issue) => return Some(issue),
    };
    if part.quantity <= Decimal::ZERO {
        return Some(Issue::new(Code::QuantityNotPositive, format!("{path}/quantity")));
    }
    // The same line may stand twice in a shipment (two parcels); together they must fit.
    if together(all, &part.line).is_none_or(|together| together > line.open_to_ship()) {
        let issue = Issue::new(Code::QuantityExceedsOpen, format!("{path}/quantity"));
        return Some(issue.with("line", part.line.as_str()).with("open", line.open_to_ship()));
    }
    split_issue(line, part.quantity, line.open_to_ship(), facts, format!("{path}/quantity"))
}

fn together(all: &[ShipmentLine], line: &str) -> Option<Decimal> {
    let mut own = all.iter().filter(|part| part.line == line);
    own.try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part.quantity))
}

/// Whether two lists hold the same goods, however they are split.
fn same_goods(one: &[ShipmentLine], other: &[ShipmentLine]) -> bool {
    let lines = one.iter().chain(other);
    lines.map(|part| &part.line).all(|line| together(one, line) == together(other, line))
}
