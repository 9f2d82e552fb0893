//! Whether goods can come back.

use super::{Facts, PATH, is_blank, within, within_text_limit};
use crate::{
    command::{RequestReturn, RequestedLine},
    decide::quantity::{count_issue, split_issue},
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    limits::{MAX_NOTE_BYTES, MAX_RULES},
    order::{Order, OrderLine, Role},
    returns::{Return, ReturnKind, ReturnLine, ReturnReason, ReturnStatus, Wanted},
    status::line_window_ends_ms,
};

/// Pictures and the like of one line: what a person can look through.
const MAX_EVIDENCE: usize = 20;

/// The return that is asked for, or why it is not possible.
pub(super) fn accepted(
    order: &Order,
    command: &RequestReturn,
    facts: &Facts<'_>,
) -> Result<Return, Refusal> {
    let id = command.return_id.trim();
    let mut issues = Vec::new();
    if is_blank(id) {
        issues.push(Issue::new(Code::Required, PATH));
    }
    let taken = order.returns.iter().any(|it| it.id == id);
    if taken || order.credits.iter().any(|it| it.id == id) {
        issues.push(Issue::new(Code::ReturnRepeated, PATH));
    }
    if command.lines.is_empty() {
        issues.push(Issue::new(Code::LinesEmpty, "/args/lines"));
    }
    for (index, part) in command.lines.iter().enumerate() {
        issues.extend(line_issue(order, command, index, part, facts));
    }
    for (index, wanted) in command.wanted.iter().enumerate() {
        issues.extend(wanted_issue(order, command, index, wanted, facts));
    }
    Refusal::unless_empty(issues)?;
    within_text_limit(id, PATH)?;
    let note = command.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    within(note.unwrap_or_default(), MAX_NOTE_BYTES, "/args/note")?;
    let line = |part: &RequestedLine| ReturnLine {
        line: part.line.clone(),
        quantity: part.quantity,
        reason: part.reason,
        evidence: part.evidence.clone(),
        received: Decimal::ZERO,
        inspections: Vec::new(),
        outcomes: Vec::new(),
    };
    Ok(Return {
        id: id.to_owned(),
        kind: command.kind,
        status: ReturnStatus::Requested,
        lines: command.lines.iter().map(line).collect(),
        wanted: command.wanted.clone(),
        note: note.map(str::to_owned),
        requested_ms: facts.now_ms,
        moved_ms: facts.now_ms,
        reason: None,
        carrier: None,
        tracking: None,
        carrier_claim: None,
        refunds: Vec::new(),
        store_credit_minor: crate::money::Amount::ZERO,
    })
}

fn line_issue(
    order: &Order,
    command: &RequestReturn,
    index: usize,
    part: &RequestedLine,
    facts: &Facts<'_>,
) -> Option<Issue> {
    let field = |name: &str| format!("/args/lines/{index}/{name}");
    let line = match order.line(&part.line, &field("line")) {
        Ok(line) => line,
        Err(issue) => return Some(issue),
    };
    if command.lines.iter().take(index).any(|earlier| earlier.line == part.line) {
        let issue = Issue::new(Code::LineIdRepeated, field("line"));
        return Some(issue.with("id", part.line.as_str()));
    }
    if part.quantity <= Decimal::ZERO {
        return Some(Issue::new(Code::QuantityNotPositive, field("quantity")));
    }
    if part.quantity > line.open_to_return() {
        let issue = Issue::new(Code::QuantityExceedsOpen, field("quantity"));
        return Some(issue.with("line", line.id.as_str()).with("open", line.open_to_return()));
    }
    let open = line.open_to_return();
    if let Some(issue) = split_issue(line, part.quantity, open, facts, field("quantity")) {
        return Some(issue);
    }
    if part.evidence.len() > MAX_EVIDENCE {
        let issue = Issue::new(Code::TextTooLong, field("evidence"));
        return Some(issue.with("maximum", MAX_EVIDENCE));
    }
    for (at, text) in part.evidence.iter().enumerate() {
        let refused = within_text_limit(text, &format!("{}/{at}", field("evidence")));
        if let Err(refusal) = refused {
            return refusal.issues.into_iter().next();
        }
    }
    policy_issue(order, line, command.kind, part, facts)
        .map(|issue| Issue { path: field("reason"), ..issue })
}

/// The shop's terms, and proof.
fn policy_issue(
    order: &Order,
    line: &OrderLine,
    kind: ReturnKind,
    part: &RequestedLine,
    facts: &Facts<'_>,
) -> Option<Issue> {
    if let Some(issue) = terms_issue(order, line, kind, part.reason, facts) {
        return Some(issue);
    }
    // The shop's own people have seen or heard for themselves.
    let must_prove = facts.actor.role == Role::Customer
        && facts.rules.ruleset().returns.evidence_for.contains(&part.reason)
        && part.evidence.iter().all(|text| is_blank(text));
    must_prove.then(|| Issue::new(Code::EvidenceMissing, "").with("reason", part.reason.as_str()))
}

/// The window, and goods that are not taken back.
pub(super) fn terms_issue(
    order: &Order,
    line: &OrderLine,
    kind: ReturnKind,
    reason: ReturnReason,
    facts: &Facts<'_>,
) -> Option<Issue> {
    let ruleset = facts.rules.ruleset();
    let is_claim = kind == ReturnKind::Claim && reason != ReturnReason::NoLongerWanted;
    if let Some(ends_ms) = line_window_ends_ms(order, line, ruleset, is_claim)
        && facts.now_ms >= ends_ms
    {
        let at = ruleset.time_zone.text(ends_ms);
        let issue = Issue::new(Code::ReturnTooLate, "").with("line", line.id.as_str());
        return Some(issue.with("at", at).with("atMs", ends_ms));
    }
    let product = facts.rules.product(&line.sku);
    let is_final = reason.is_buyers() && product.is_some_and(|product| product.is_final_sale);
    is_final.then(|| Issue::new(Code::ReturnFinalSale, "").with("sku", line.sku.as_str()))
}

fn wanted_issue(
    order: &Order,
    command: &RequestReturn,
    index: usize,
    wanted: &Wanted,
    facts: &Facts<'_>,
) -> Option<Issue> {
    let field = |name: &str| format!("/args/wanted/{index}/{name}");
    if index >= MAX_RULES || !command.lines.iter().any(|part| part.line == wanted.line) {
        let issue = Issue::new(Code::LineUnknown, field("line"));
        return Some(issue.with("line", wanted.line.as_str()));
    }
    goods_issue(order, wanted, &field, facts)
}

/// What is wrong with goods that are wanted, whatever they take the place of.
pub(super) fn goods_issue(
    order: &Order,
    wanted: &Wanted,
    field: &dyn Fn(&str) -> String,
    facts: &Facts<'_>,
) -> Option<Issue> {
    if wanted.quantity <= Decimal::ZERO {
        return Some(Issue::new(Code::QuantityNotPositive, field("quantity")));
    }
    let replaced = order.lines.iter().find(|line| line.id == wanted.line);
    let counted = wanted.sku.as_deref().or(replaced.map(|line| line.sku.as_str()));
    let product = counted.and_then(|sku| facts.rules.product(sku));
    if let Some(issue) = count_issue(wanted.quantity, product, field("quantity")) {
        return Some(issue);
    }
    let sku = wanted.sku.as_deref()?;
    facts.rules.product(sku).is_none().then(|| {
        let issue = Issue::new(Code::SkuUnknown, field("sku"));
        issue.with("sku", sku)
    })
}
