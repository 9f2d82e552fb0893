//! What is done about which units of a return.

use crate::{
    decide::{Facts, quantity::split_issue},
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    order::Order,
    returns::{GoodsFate, LineOutcome, Outcome, Return, ReturnKind, ReturnLine, ReturnStatus, sum},
};

const PATH: &str = "/args/outcomes";

/// The outcomes that are named, or those that follow from what came back.
///
/// What goes to the customer again is repaired or refused; what stays with the shop is credited.
pub(super) fn of(
    (order, returned): (&Order, &Return),
    named: Option<&[LineOutcome]>,
    facts: &Facts<'_>,
) -> Result<Vec<LineOutcome>, Refusal> {
    let with_goods = returned.status != ReturnStatus::Approved;
    let Some(named) = named else {
        let all: Vec<LineOutcome> =
            returned.lines.iter().flat_map(|line| usual(returned, line, with_goods)).collect();
        return if all.is_empty() {
            Err(Issue::new(Code::NothingOpen, PATH).into())
        } else {
            Ok(all)
        };
    };
    let mut issues = Vec::new();
    for (index, part) in named.iter().enumerate() {
        let path = format!("{PATH}/{index}/quantity");
        let Some(line) = returned.lines.iter().find(|line| line.line == part.line) else {
            let issue = Issue::new(Code::LineUnknown, format!("{PATH}/{index}/line"));
            issues.push(issue.with("line", part.line.as_str()));
            continue;
        };
        if part.quantity <= Decimal::ZERO {
            issues.push(Issue::new(Code::QuantityNotPositive, path));
        } else if let Some(ordered) = order.lines.iter().find(|it| it.id == part.line) {
            issues.extend(split_issue(ordered, part.quantity, line.quantity, facts, path));
        }
    }
    for line in &returned.lines {
        issues.extend(line_issue(line, named, with_goods));
    }
    if named.is_empty() {
        issues.push(Issue::new(Code::LinesEmpty, PATH));
    }
    Refusal::unless_empty(issues)?;
    Ok(named.to_vec())
}

fn usual(returned: &Return, line: &ReturnLine, with_goods: bool) -> Vec<LineOutcome> {
    let credited = match returned.kind {
        ReturnKind::Exchange => Outcome::Exchange,
        _ => Outcome::Refund,
    };
    let (kept, back) = quantities(line, with_goods);
    [(credited, kept), (Outcome::RejectAndSendBack, back)]
        .into_iter()
        .filter(|(_, quantity)| *quantity > Decimal::ZERO)
        .map(|(outcome, quantity)| LineOutcome { line: line.line.clone(), quantity, outcome })
        .collect()
}

/// How many units the shop keeps, and how many go to the customer again. Without goods all stay where they are and count as kept.
fn quantities(line: &ReturnLine, with_goods: bool) -> (Decimal, Decimal) {
    if !with_goods {
        return (line.quantity, Decimal::ZERO);
    }
    let back = line.inspected(Some(GoodsFate::SendBack)).unwrap_or_default();
    let all = line.inspected(None).unwrap_or_default();
    (all.checked_sub(back).unwrap_or_default(), back)
}

/// All that was inspected has an outcome that goes with where the goods are. Without goods less than was asked for may be given.
fn line_issue(line: &ReturnLine, named: &[LineOutcome], with_goods: bool) -> Option<Issue> {
    let own = || named.iter().filter(|part| part.line == line.line);
    let total = |sends_back: bool| {
        let meant = own().filter(|part| part.outcome.sends_back() == sends_back);
        sum(meant.map(|part| part.quantity))
    };
    let (kept, back) = quantities(line, with_goods);
    let fits = match (total(false), total(true)) {
        (Some(credited), Some(sent)) if with_goods => credited == kept && sent == back,
        (Some(credited), Some(sent)) => credited <= kept && sent.is_zero(),
        _ => false,
    };
    (!fits).then(|| {
        let issue = Issue::new(Code::OutcomeImpossible, PATH).with("line", line.line.as_str());
        issue.with("found", format!("{kept} + {back}"))
    })
}
