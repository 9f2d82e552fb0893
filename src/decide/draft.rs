//! Keeping what somebody has filled in so far.

use super::Facts;
use crate::{
    command::SaveDraft,
    context::Context,
    issue::{Code, Issue, Refusal},
    limits::MAX_LINES,
    order::{Event, Role},
    pricing::quote,
};

/// A draft need not be complete; it is kept with its price if it has one.
pub(super) fn save(save: &SaveDraft, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if save.draft.lines.len() > MAX_LINES {
        let issue = Issue::new(Code::LinesTooMany, "/args/draft/lines");
        return Err(issue.with("maximum", MAX_LINES).with("count", save.draft.lines.len()).into());
    }
    let context = Context {
        now_ms: facts.now_ms,
        may_adjust: facts.actor.role != Role::Customer,
        ..facts.context.cloned().unwrap_or_default()
    };
    let quote = quote(&save.draft, facts.rules, &context).ok();
    Ok(vec![Event::Drafted {
        draft: Box::new(save.draft.clone()),
        currency: facts.rules.ruleset().currency,
        quote: quote.map(|quote| Box::new(quote.kept())),
    }])
}
