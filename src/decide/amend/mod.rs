//! Edits of a placed order: worked out once, for the preview and for the decision.

mod conflict;
mod discounts;
mod evaluate;
mod freeze;
mod preview;
mod price;
mod reduce;
mod stage;

pub use preview::{
    AmendmentPreview, DiscountDifference, LineDifference, LineState, ShareDifference,
};

use serde::{Deserialize, Serialize};

use super::{Facts, Seen, general_obstacles, hidden, is_blank, within, within_text_limit};
use crate::{
    amendment::{Amended, Amendment, AmendmentEffect, Change, ChangeKind, Consent},
    command::{AcceptAmendment, CommandKind, DeclineAmendment},
    draft::Draft,
    issue::{Code, Issue, Refusal},
    json::{FromJson, ToJson},
    limits::MAX_CODE_BYTES,
    order::{AmendmentState, Event, EventRecord, Order, OrderAmendment, Role},
    ruleset::{AmendmentPolicy, PaymentTerms},
    validation,
};
use stage::Staged;

/// An edit that was worked out: as it would be stored, the order with it, and what differs.
struct Worked {
    amended: Amended,
    preview: AmendmentPreview,
    /// That something of it comes later.
    short: Option<Event>,
}

/// Works an edit out and makes nothing: the same that the decision on it would do.
///
/// # Errors
///
/// Every reason why the edit is not possible. That the customer has not agreed is none: the answer says whether they must.
pub fn preview_amendment(
    order: &Order,
    amendment: &Amendment,
    facts: &Facts<'_>,
) -> Result<AmendmentPreview, Refusal> {
    previewed(order, amendment, facts, CommandKind::Amend)
}

/// Works out what an edit would come to that both sides agree to: one that is to be proposed, or that waits for a yes.
///
/// # Errors
///
/// Every reason why nobody could agree to it. Rights are none of them: a proposal asks for what its side may not do alone.
pub fn preview_proposal(
    order: &Order,
    amendment: &Amendment,
    facts: &Facts<'_>,
) -> Result<AmendmentPreview, Refusal> {
    previewed(order, amendment, facts, CommandKind::ProposeAmendment)
}

fn previewed(
    order: &Order,
    amendment: &Amendment,
    facts: &Facts<'_>,
    kind: CommandKind,
) -> Result<AmendmentPreview, Refusal> {
    if let Some(hidden) = hidden(order, facts) {
        return Err(hidden.into());
    }
    Refusal::unless_empty(general_obstacles(order, kind, facts))?;
    let as_shop = kind == CommandKind::ProposeAmendment;
    let mut preview = work_out(order, amendment, facts, as_shop, facts.seen)?.preview;
    let blocked = preview.blocks_shipping && preview.difference_minor > crate::money::Amount::ZERO;
    if blocked {
        let issue = Issue::new(Code::PaymentMissing, "").with("missingMinor", preview.due_minor);
        preview.issues.push(issue.with("currency", order.currency));
    }
    Ok(preview)
}

/// A change with whether it is possible now, and if not, every reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AllowedChange {
    /// The change.
    pub change: ChangeKind,
    /// Whether it is possible.
    pub allowed: bool,
    /// Why it is not.
    pub reasons: Vec<Issue>,
}

/// Every change with the reasons that stand against it, whatever it says.
pub fn allowed_changes(order: &Order, facts: &Facts<'_>) -> Vec<AllowedChange> {
    let whole = match hidden(order, facts) {
        Some(hidden) => vec![hidden],
        None => general_obstacles(order, CommandKind::Amend, facts),
    };
    let answer = |change: &ChangeKind| {
        let mut reasons = whole.clone();
        if reasons.is_empty() {
            reasons = stage::obstacles(order, *change, facts, false);
        }
        AllowedChange { change: *change, allowed: reasons.is_empty(), reasons }
    };
    ChangeKind::ALL.iter().map(answer).collect()
}

pub(super) fn amend(
    order: &Order,
    amendment: &Amendment,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let worked = work_out(order, amendment, facts, false, facts.seen)?;
    if worked.is_nothing(order) {
        return Ok(Vec::new());
    }
    if worked.preview.needs_consent && !is_consent(amendment.consent.as_ref()) {
        return Err(consent_missing(order, &worked.preview));
    }
    Ok(worked.into_events())
}

pub(super) fn propose(
    order: &Order,
    amendment: &Amendment,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let worked = work_out(order, amendment, facts, true, facts.seen)?;
    if worked.is_nothing(order) {
        return Err(Issue::new(Code::AmendmentEmpty, "/args/changes").into());
    }
    let total_minor = worked.preview.total_after_minor;
    let amendment = Box::new(Amendment { consent: None, ..amendment.clone() });
    Ok(vec![Event::AmendmentProposed { amendment, total_minor }])
}

/// The other side says yes to what was told: never to a higher total, and never over another edit of the same field.
pub(super) fn accept(
    order: &Order,
    accept: &AcceptAmendment,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let proposal = proposed(order, &accept.amendment)?;
    let from_customer = proposal.by.role == Role::Customer;
    let by_customer = facts.actor.role == Role::Customer;
    if from_customer && by_customer {
        let role = facts.actor.role.as_str();
        return Err(Issue::new(Code::RoleForbids, "").with("role", role).into());
    }
    let seen = Seen { revision: proposal.revision, own_commands: &[] };
    let mut worked = work_out(order, &proposal.amendment, facts, true, Some(seen))?;
    if worked.is_nothing(order) {
        return decline(
            order,
            &DeclineAmendment { amendment: accept.amendment.clone(), reason: None },
        );
    }
    let (shown, now) = (proposal.total_minor, worked.preview.total_after_minor);
    if now > shown {
        return Err(Issue::new(Code::PriceChanged, "/args/amendment")
            .with("shownMinor", shown)
            .with("nowMinor", now)
            .with("currency", order.currency)
            .into());
    }
    let given = if from_customer || by_customer {
        let customer = if from_customer { &proposal.by } else { facts.actor };
        Some(Consent { by: customer.user.clone(), how: "online".to_owned() })
    } else {
        accept.consent.clone()
    };
    if worked.preview.needs_consent && !is_consent(given.as_ref()) {
        return Err(consent_missing(order, &worked.preview));
    }
    worked.amended.amendment.consent = given;
    Ok(worked.into_events())
}

pub(super) fn decline(order: &Order, decline: &DeclineAmendment) -> Result<Vec<Event>, Refusal> {
    proposed(order, &decline.amendment)?;
    let reason = decline.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    within_text_limit(reason.unwrap_or_default(), "/args/reason")?;
    let (amendment, reason) = (decline.amendment.clone(), reason.map(str::to_owned));
    Ok(vec![Event::AmendmentDeclined { amendment, reason }])
}

fn proposed<'o>(order: &'o Order, id: &str) -> Result<&'o OrderAmendment, Issue> {
    let mut waiting =
        order.amendments.iter().filter(|known| known.state == AmendmentState::Proposed);
    let found = waiting.find(|known| known.amendment.id == id);
    found.ok_or_else(|| Issue::new(Code::AmendmentUnknown, "/args/amendment"))
}

fn is_consent(consent: Option<&Consent>) -> bool {
    consent.is_some_and(|consent| !is_blank(&consent.by) && !is_blank(&consent.how))
}

fn consent_missing(order: &Order, preview: &AmendmentPreview) -> Refusal {
    Issue::new(Code::ConsentMissing, "/args/consent")
        .with("beforeMinor", preview.total_before_minor)
        .with("afterMinor", preview.total_after_minor)
        .with("currency", order.currency)
        .into()
}

impl Worked {
    fn into_events(self) -> Vec<Event> {
        let amended = Event::Amended { amended: Box::new(self.amended) };
        core::iter::once(amended).chain(self.short).collect()
    }

    /// Whether the order is as the edit wants it already, such as after the same edit by somebody else.
    fn is_nothing(&self, order: &Order) -> bool {
        let AmendmentEffect { credit, addition, quote, .. } = &self.amended.effect;
        let mut draft = order.draft.as_ref().clone();
        draft.details = order.details.clone();
        let before = draft.details.clone();
        self.amended.amendment.changes.iter().for_each(|change| change.apply_to(&mut draft));
        credit.is_none() && addition.is_none() && quote.is_none() && draft.details == before
    }
}

/// Works an edit out. With `as_shop` both sides agree, and it needs nobody's rights.
fn work_out(
    order: &Order,
    amendment: &Amendment,
    facts: &Facts<'_>,
    as_shop: bool,
    seen: Option<Seen<'_>>,
) -> Result<Worked, Refusal> {
    form(order, amendment)?;
    let staged = Staged::new(order, amendment, facts, as_shop)?;
    Refusal::unless_empty(conflict::conflicts(&staged, seen, facts))?;
    let mut issues = reason_issues(amendment);
    issues.extend(details_issues(&staged, facts));
    Refusal::unless_empty(issues)?;
    let rules = facts.rules.ruleset().workflow.amendments;
    let policy = amendment.policy.unwrap_or(rules.policy);
    let new_lines = amendment.new_lines.unwrap_or(rules.new_lines);
    let nothing = staged.is_nothing();
    let changes = staged.changes.clone();
    let terms = payment_terms(&staged, facts)?;
    let stored = |effect: AmendmentEffect, policy| Amended {
        amendment: Amendment {
            changes: changes.clone(),
            policy: Some(policy),
            new_lines: Some(new_lines),
            ..amendment.clone()
        },
        effect: AmendmentEffect { payment_terms: terms, ..effect },
    };
    let evaluated = || {
        let effect = evaluate::evaluate(&staged, facts)?;
        finish(order, stored(effect, AmendmentPolicy::ReEvaluate), facts)
    };
    let other = match policy {
        _ if nothing => None,
        AmendmentPolicy::Freeze => None,
        AmendmentPolicy::ReEvaluate => return evaluated(),
        // What cannot be priced anew is not worse as it is.
        AmendmentPolicy::NeverWorse => evaluated().ok(),
    };
    let mut staged = staged;
    let frozen = freeze::freeze(&mut staged, &amendment.id, new_lines, facts)
        .and_then(|effect| finish(order, stored(effect, AmendmentPolicy::Freeze), facts));
    match (frozen, other) {
        (Ok(frozen), Some(other))
            if other.preview.total_after_minor < frozen.preview.total_after_minor =>
        {
            Ok(other)
        }
        (Err(_), Some(other)) => Ok(other),
        (frozen, _) => frozen,
    }
}

/// The order with the edit, and what differs.
fn finish(order: &Order, mut amended: Amended, facts: &Facts<'_>) -> Result<Worked, Refusal> {
    let record = EventRecord {
        at_ms: facts.now_ms,
        asked_ms: None,
        by: facts.actor.clone(),
        command: None,
        event: Event::Amended { amended: Box::new(amended.clone()) },
    };
    let mut after = order.clone();
    after.apply(&record)?;
    // What leaves nothing is a cancellation, which gives the shipping back as well.
    if order.has_goods() && !after.has_goods() {
        return Err(Issue::new(Code::LinesEmpty, "/args/changes").into());
    }
    let short = super::stock::suffices_for(order, &after, "/args/changes", facts)?;
    amended.effect.total_minor = after.due()?;
    let rises = amended.effect.total_minor > order.due()?;
    let same_goods = order.lines.len() == after.lines.len()
        && order.lines.iter().zip(&after.lines).all(|(before, after)| {
            before.id == after.id && before.to_deliver() == after.to_deliver()
        });
    let needs_consent = facts.actor.role != Role::Customer && (rises || !same_goods);
    let preview = preview::difference(order, &after, &amended, needs_consent)?;
    Ok(Worked { amended, preview, short })
}

fn form(order: &Order, amendment: &Amendment) -> Result<(), Refusal> {
    let id = amendment.id.as_str();
    if is_blank(id) {
        return Err(Issue::new(Code::Required, "/args/id").into());
    }
    within(id, MAX_CODE_BYTES, "/args/id")?;
    within_text_limit(amendment.reason.as_deref().unwrap_or_default(), "/args/reason")?;
    if let Some(consent) = &amendment.consent {
        within_text_limit(&consent.by, "/args/consent/by")?;
        within_text_limit(&consent.how, "/args/consent/how")?;
    }
    let mut known = order.amendments.iter().filter(|it| it.state != AmendmentState::Proposed);
    let is_known = known.any(|it| it.amendment.id == id);
    if is_known || order.credits.iter().any(|credit| credit.id == id) {
        return Err(Issue::new(Code::AmendmentRepeated, "/args/id").into());
    }
    Ok(())
}

/// Whoever sets a price or discount by hand says why.
fn reason_issues(amendment: &Amendment) -> Vec<Issue> {
    let by_hand = |change: &Change| {
        matches!(change.kind(), Some(ChangeKind::UnitPrice | ChangeKind::Discount))
    };
    let missing =
        amendment.reason.as_deref().is_none_or(is_blank) && amendment.changes.iter().any(by_hand);
    missing.then(|| Issue::new(Code::Required, "/args/reason")).into_iter().collect()
}

/// What is wrong with addresses, contact and note that are new, at the changes that bring them.
fn details_issues(staged: &Staged<'_>, facts: &Facts<'_>) -> Vec<Issue> {
    let Draft { details, .. } = &staged.draft;
    if *details == staged.order.details {
        return Vec::new();
    }
    let context = price::context(staged.order, facts);
    let draft = price::draft_now(staged, facts.rules);
    let all = validation::validate(&draft, facts.rules, &context);
    let mut issues = Vec::new();
    for (index, change) in staged.changes.iter().enumerate() {
        let (from, to) = match change {
            Change::SetShippingAddress { .. } => ("/details/shippingAddress", "/address"),
            Change::SetBillingAddress { .. } => ("/details/billingAddress", "/address"),
            Change::SetContact { .. } => ("/details/customer", "/contact"),
            Change::SetShippingMethod { .. } => ("/details/shippingMethod", "/method"),
            Change::SetPaymentMethod { .. } => ("/details/paymentMethod", "/method"),
            Change::SetNote { .. } => ("/details/note", "/note"),
            _ => continue,
        };
        let own = all.iter().filter_map(|issue| {
            let rest = issue.path.strip_prefix(from)?;
            let path = format!("/args/changes/{index}{to}{rest}");
            Some(Issue { path, ..issue.clone() })
        });
        issues.extend(own);
    }
    issues
}

fn payment_terms(staged: &Staged<'_>, facts: &Facts<'_>) -> Result<Option<PaymentTerms>, Issue> {
    let wanted = &staged.draft.details.payment_method;
    if *wanted == staged.order.details.payment_method {
        return Ok(None);
    }
    let id = wanted.as_deref().unwrap_or_default();
    let unknown = || Issue::new(Code::PaymentMethodUnknown, "/args/changes").with("method", id);
    facts.rules.payment_method(id).map(|method| Some(method.terms)).ok_or_else(unknown)
}
