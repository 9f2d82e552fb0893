//! The signals of fraud: for admins to see and to set.

use axum::extract::State;
use orderkit::review::ReviewRules;

use super::{
    caller::Caller,
    document::{Answer, Raw},
};
use crate::{app::App, error::Error};

/// An order is held by nothing until a shop says by what.
fn nothing() -> ReviewRules {
    ReviewRules { hold_at: 1, signals: Vec::new() }
}

pub(super) async fn current(
    State(app): State<App>,
    caller: Caller,
) -> Result<Answer<ReviewRules>, Error> {
    caller.admins_only()?;
    let rules = app.store.read().await?.review_rules(&caller.tenant).await?;
    Ok(Answer(rules.unwrap_or_else(nothing)))
}

pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Raw(body): Raw,
) -> Result<Answer<ReviewRules>, Error> {
    caller.admins_only()?;
    let rules = ReviewRules::from_json(&body)?;
    let mut transaction = app.store.write(&caller.tenant).await?;
    let Caller { tenant, actor, .. } = &caller;
    transaction.put_review_rules(tenant, &rules, &actor.user, app.now_ms()).await?;
    transaction.commit().await?;
    Ok(Answer(rules))
}
